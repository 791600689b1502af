import { floatArray } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { StepSetting } from '../descent/boundStepOptions.js';
import { directionsInMemory } from './directionsInMemory.js';

/** Draws of a step, their noise and their coordinates along the directions, in memory that kernels share. */
export interface SubspaceDraws {
  /** `draws` arrays of standard normal numbers (size,), to be written before {@link draw} */
  readonly noise: readonly FloatArray[];
  /** weights of each draw, which their gradients may replace */
  readonly rows: readonly FloatArray[];
  /** a further row (size,), for what is projected together with the gradients */
  readonly displacement: FloatArray;
  /** rows ← m + s_c r + Uᵀ (s − s_c) ∘ U r */
  draw(mean: FloatArray, std: Float64Array): void;
  /** Coordinates along the directions of all rows, gradients by now, and of the displacement if asked. */
  project(displacement: boolean): void;
  /**
   * Slopes by the deviations along the directions, and what they leave of `across`: ∂/∂ln s_i = s_i z_i (U g)_i, mean over the draws.
   *
   * @param across mean of g·r
   * @param out (k + 1,) the first k are written
   */
  slopesAlong(across: number, std: Float64Array, out: FloatArray): number;
  /** Copies the coordinates (k,) of the displacement, projected together with the rows. */
  coordinatesOf(out: Float64Array): void;
  /** displacement ← displacement − Uᵀ c */
  subtractAlong(coordinates: Float64Array): void;
}

/**
 * @param p number of weights
 * @param directions (k, p), orthonormal
 */
export function subspaceDraws(
  p: number,
  directions: FloatArray,
  { draws, dtype, deterministic }: Required<Pick<StepSetting, 'draws' | 'dtype' | 'deterministic'>>,
): SubspaceDraws {
  const k = directions.length / p;
  const all = draws + 1;
  const room = { numbers: all * p, doubles: 2 * k * all };
  const { workspace, table, basis, width, view } = directionsInMemory(directions, dtype, deterministic, room);
  const block = workspace.allocate(all * p * width);
  const rows = Array.from({ length: draws }, (_, i) => view(block + i * p * width, p));
  const last = block + draws * p * width;
  const drawn = workspace.allocate(k * all * 8);
  const z = workspace.float64View(drawn, k * draws);
  const projected = workspace.allocate(k * all * 8);
  const c = workspace.float64View(projected, k * all);
  const noise = Array.from({ length: draws }, () => floatArray(dtype, p));
  let used = draws;
  return {
    noise,
    rows,
    displacement: view(last, p),
    draw(mean, std) {
      for (let d = 0; d < draws; d++) rows[d].set(noise[d]);
      table.projectionCoefficients(k, draws, p, basis, p, block, p, drawn);
      const rest = std[k];
      for (let d = 0; d < draws; d++) {
        const [w, r] = [rows[d], noise[d]];
        for (let j = 0; j < p; j++) w[j] = mean[j] + rest * r[j]; // hot
      }
      for (let i = 0; i < k; i++) for (let d = 0; d < draws; d++) c[i * draws + d] = (rest - std[i]) * z[i * draws + d];
      table.subtractProjection(k, draws, p, basis, p, block, p, projected);
    },
    project(displacement) {
      used = displacement ? all : draws;
      table.projectionCoefficients(k, used, p, basis, p, block, p, projected);
    },
    slopesAlong(across, std, out) {
      let rest = across;
      for (let i = 0; i < k; i++) {
        let along = 0;
        for (let d = 0; d < draws; d++) along += (z[i * draws + d] * c[i * used + d]) / draws;
        rest -= along;
        out[i] = along * std[i];
      }
      return rest;
    },
    coordinatesOf(out) {
      for (let i = 0; i < k; i++) out[i] = c[i * used + draws];
    },
    subtractAlong(coordinates) {
      c.set(coordinates);
      table.subtractProjection(k, 1, p, basis, p, last, p, projected);
    },
  };
}
