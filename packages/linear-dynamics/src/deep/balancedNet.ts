import { refuse, requireFinite, requireInteger } from '@hyperribbon/contract';
import { pow } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';
import { balancedPair } from './dense.js';
import type { DeepLinearNet } from './deepLinearNet.js';
import { jacobiSvd, orthonormalize } from './jacobiSvd.js';
import { vectorOf } from '../vectors.js';

/** Widths and frames of a balanced network. */
export interface BalancedNetOptions {
  /** h_0, ..., h_N; every hidden width must be at least the rank of the map */
  readonly widths: readonly number[];
  /** seed of the hidden orthonormal frames (default 0) */
  readonly seed?: number;
}

/**
 * Exactly balanced factors of a given map W = U S Vᵀ: W_j = R_{j+1} S^{1/N} R_jᵀ with R_1 = V, R_{N+1} = U and random
 * orthonormal frames between, so that W_{j+1}ᵀ W_{j+1} = W_j W_jᵀ.
 *
 * @param map W, (h_N, h_0) row-major
 * @returns a network with endToEnd(net) = W and balanceMatrices(net) = 0, both to rounding
 * @throws ArgumentError when a hidden width is smaller than the rank of W
 * Cost: one singular value decomposition. Source: [arora2018], construction from memory, checked numerically.
 * @example balancedNet([4], { widths: [1, 1, 1] }).weights[0] // Float64Array [2] or [-2]
 */
export function balancedNet(map: ArrayLike<number>, options: BalancedNetOptions): DeepLinearNet {
  const { widths, seed = 0 } = options;
  const depth = widths.length - 1;
  requireInteger('balancedNet', 'widths.length - 1', depth, 1);
  const { values, frames, rank } = framesOf('balancedNet', map, widths, seed);
  return factors(widths, frames, rank, () => Array.from(values, (s) => pow(s, 1 / depth)));
}

/** Widths, λ and frame of a λ-balanced network. */
export interface LambdaBalancedNetOptions {
  /** inputs, hidden, outputs; hidden <= min(inputs, outputs), and = rank unless lambda = 0 */
  readonly widths: readonly [number, number, number];
  /** λ in W_2ᵀ W_2 − W_1 W_1ᵀ = λ I: large |λ| is lazy, 0 is rich */
  readonly lambda: number;
  /** seed of the hidden frame (default 0) */
  readonly seed?: number;
}

/**
 * λ-balanced two-layer factors of a given map with singular values s: W_2 has √((√(λ² + 4 s²) + λ)/2), W_1 has
 * √((√(λ² + 4 s²) − λ)/2), so that W_2 W_1 = W and W_2ᵀ W_2 − W_1 W_1ᵀ = λ I.
 *
 * @param map W, (outputs, inputs) row-major
 * @throws ArgumentError when lambda ≠ 0 and hidden > min(inputs, outputs): λ I then has no such factors
 * Cost: one singular value decomposition. Source: [domine2024]; structure from memory of the paper, checked numerically.
 * @example lambdaBalancedNet([0.25], { widths: [1, 1, 1], lambda: 0 }).weights // both 0.5 in size
 */
export function lambdaBalancedNet(map: ArrayLike<number>, options: LambdaBalancedNetOptions): DeepLinearNet {
  const { widths, lambda, seed = 0 } = options;
  requireFinite('lambdaBalancedNet', 'lambda', lambda);
  const least = Math.min(widths[0], widths[2]);
  if (lambda !== 0 && widths[1] > least) {
    refuse(
      'lambdaBalancedNet',
      `hidden width must be <= min(inputs, outputs) = ${least} when lambda is not 0, got ${widths[1]}`,
    );
  }
  const { values, frames, rank } = framesOf('lambdaBalancedNet', map, widths, seed);
  return factors(widths, frames, rank, (layer) =>
    Array.from(values, (s) => Math.sqrt(balancedPair(s * s, lambda)[layer === 1 ? 0 : 1])),
  );
}

interface Frames {
  readonly values: Float64Array;
  /** rows of the j-th are orthonormal: (rank, h_j) */
  readonly frames: readonly Float64Array[];
  readonly rank: number;
}

function framesOf(where: string, map: ArrayLike<number>, widths: readonly number[], seed: number): Frames {
  widths.forEach((h, j) => requireInteger(where, `widths[${j}]`, h, 1));
  const [inputs, outputs] = [widths[0]!, widths[widths.length - 1]!];
  const target = vectorOf(where, 'map', map, [outputs, inputs]);
  const { values, left, right } = jacobiSvd(target, outputs, inputs);
  const rank = Math.min(...widths);
  if (rank < values.length && values[rank]! > 0) {
    refuse(
      where,
      `hidden widths must be at least the rank of map, got [${String(widths)}]; widen the layer of ${rank} units`,
    );
  }
  const frames = widths.map((h, j) => {
    if (j === 0) return right;
    if (j === widths.length - 1) return left;
    const rows = stream({ seed, purpose: 'balanced-net', index: j }).normal(new Float64Array(rank * h));
    for (let i = 0; i < rank; i++) orthonormalize(rows, i, h);
    return rows;
  });
  return { values: values.subarray(0, rank), frames, rank };
}

/** W_j = Σ_i scale_i (row i of the next frame)ᵀ (row i of this frame) */
function factors(
  widths: readonly number[],
  frames: readonly Float64Array[],
  rank: number,
  scales: (layer: number) => readonly number[],
): DeepLinearNet {
  const weights = widths.slice(1).map((rows, layer) => {
    const columns = widths[layer]!;
    const [to, from, scale] = [frames[layer + 1]!, frames[layer]!, scales(layer)];
    const w = new Float64Array(rows * columns);
    for (let k = 0; k < rank; k++) {
      for (let i = 0; i < rows; i++) {
        const left = scale[k]! * to[k * rows + i]!;
        for (let j = 0; j < columns; j++) w[i * columns + j]! += left * from[k * columns + j]!;
      }
    }
    return w;
  });
  return { widths: [...widths], weights };
}
