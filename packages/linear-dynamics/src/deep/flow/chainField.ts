import { createLinearWorkspace, productIn } from '@hyperribbon/kernels/linear';
import type { LinearLoss } from './losses.js';

/** Loss of a deep linear network as a function of its flat weights W_1, W_2, ..., row-major. */
export interface ChainField {
  readonly size: number;
  /** out ← dL/dweights */
  gradient(flat: Float64Array, out: Float64Array): void;
  /** the map W_N ... W_1 of the weights that `gradient` saw last; overwritten by its next call */
  readonly map: Float64Array;
}

/**
 * dL/dW_j = (W_N ... W_{j+1})ᵀ G (W_{j−1} ... W_1)ᵀ with G = dL/dW, in kernel memory.
 *
 * Forward products P_j = W_j P_{j−1} and backward R_{j−1} = W_jᵀ R_j, R_N = G, give dL/dW_j = R_j P_{j−1}ᵀ: 6 h_0 Σ h_j h_{j−1}
 * flops, nothing allocated per call.
 */
export function chainField(widths: readonly number[], loss: LinearLoss): ChainField {
  const depth = widths.length - 1;
  const inputs = widths[0]!;
  const offsets = [0];
  for (let j = 0; j < depth; j++) offsets.push(offsets[j]! + widths[j]! * widths[j + 1]!);
  const size = offsets[depth]!;
  const columns = inputs * widths.reduce((a, b) => a + b, 0);
  const space = createLinearWorkspace({
    bytes: 8 * (2 * size + 2 * columns) + 64 * (2 * depth + 4),
    deterministic: true,
  });
  const weights = space.allocate(8 * size);
  const gradients = space.allocate(8 * size);
  const products = widths.slice(1).map((h) => space.allocate(8 * h * inputs));
  const backward = widths.slice(1).map((h) => space.allocate(8 * h * inputs));
  const flatView = space.float64View(weights, size);
  const gradientView = space.float64View(gradients, size);
  const map = space.float64View(products[depth - 1]!, widths[depth]! * inputs);
  const slope = space.float64View(backward[depth - 1]!, widths[depth]! * inputs);
  const first = space.float64View(products[0]!, widths[1]! * inputs);
  const firstGradient = space.float64View(backward[0]!, widths[1]! * inputs);
  const { float64: kernels } = space;

  return {
    size,
    map,
    gradient(flat, out) {
      flatView.set(flat);
      first.set(flatView.subarray(0, widths[1]! * inputs));
      for (let j = 1; j < depth; j++) {
        const [h, k, w] = [widths[j + 1]!, widths[j]!, weights + 8 * offsets[j]!];
        productIn(kernels, { m: h, n: inputs, k, a: w, b: products[j - 1]!, c: products[j]! });
      }
      loss.gradient(map, slope);
      for (let j = depth - 1; j > 0; j--) {
        const [h, k, w] = [widths[j + 1]!, widths[j]!, weights + 8 * offsets[j]!];
        const to = gradients + 8 * offsets[j]!;
        productIn(kernels, { m: h, n: k, k: inputs, a: backward[j]!, b: products[j - 1]!, transposeB: true, c: to });
        productIn(kernels, { m: k, n: inputs, k: h, a: w, transposeA: true, b: backward[j]!, c: backward[j - 1]! });
      }
      gradientView.set(firstGradient);
      out.set(gradientView);
    },
  };
}
