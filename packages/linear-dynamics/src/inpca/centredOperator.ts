import type { FloatArray, KernelOptions } from '@hyperribbon/kernels';
import { createLinearWorkspace } from '@hyperribbon/kernels/linear';
import type { LinearOperator } from '@hyperribbon/linop';
import type { SquaredDistances } from './centring.js';

/** rows of D that are copied to the workspace at a time: they stay in cache (2^25: 1.5 times as much time at 9,000 models) */
const BAND_BYTES = 2 ** 21;

/**
 * diag(s) W diag(s) as an operator that never forms W: y = −½ s (J D Jᵀ)(s x) with J = I − 1 ωᵀ, over bands of rows of D.
 *
 * D in float32 meets x in two float32 parts whose sum is x to 48 bits, so the product has float64 accuracy for the D that is
 * stored. Cost: 2 models² flops (float32: 4), one pass over D; about 2 MiB beside D.
 * @param root (models,) s
 * @param weights (models,) ω, sum 1
 * @param signal checked in every product
 */
export function centredOperator(
  { values, models }: SquaredDistances,
  root: Float64Array,
  weights: Float64Array,
  options: KernelOptions = {},
): LinearOperator {
  const narrow = values.BYTES_PER_ELEMENT === 4;
  const bytes = narrow ? 4 : 8;
  const parts = narrow ? 2 : 1;
  const rows = Math.min(models, Math.max(1, Math.floor(BAND_BYTES / (bytes * models))));
  const space = createLinearWorkspace({ bytes: bytes * models * (rows + parts) + 8 * rows * parts + 512, ...options });
  const [band, x, c] = [bytes * rows * models, bytes * parts * models, 8 * rows * parts].map((size) =>
    space.allocate(size),
  ) as [number, number, number];
  const view = (pointer: number, length: number): FloatArray =>
    narrow ? space.float32View(pointer, length) : space.float64View(pointer, length);
  const bandView = view(band, rows * models);
  const xView = view(x, parts * models);
  const sums = space.float64View(c, rows * parts);
  const table = narrow ? space.float32 : space.float64;
  return {
    size: models,
    dtype: 'float64',
    apply(v, out) {
      let mean = 0;
      for (let i = 0; i < models; i++) mean += root[i]! * v[i]!;
      for (let i = 0; i < models; i++) {
        const centred = root[i]! * v[i]! - weights[i]! * mean;
        xView[i] = centred;
        if (narrow) xView[models + i] = centred - xView[i]!;
      }
      let average = 0;
      for (let first = 0; first < models; first += rows) {
        const count = Math.min(rows, models - first);
        bandView.set(values.subarray(first * models, (first + count) * models));
        table.projectionCoefficients(count, parts, models, band, models, x, models, c);
        for (let i = 0; i < count; i++) {
          const y = narrow ? sums[2 * i]! + sums[2 * i + 1]! : sums[i]!;
          out[first + i] = y;
          average += weights[first + i]! * y;
        }
      }
      for (let i = 0; i < models; i++) out[i] = -0.5 * root[i]! * (out[i]! - average);
    },
  };
}
