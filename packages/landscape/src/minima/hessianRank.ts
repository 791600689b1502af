import type { FloatArray } from '@hyperribbon/kernels';
import { svd } from '@hyperribbon/lanczos/svd';
import { exampleGradients } from '@hyperribbon/curvature';
import { type AnyExamples, examplesAt, type Network, networkProgram } from '@hyperribbon/nn';
import { type AffineExamples, type AffineLoss, times } from './affineExamples.js';
import { centredClasses } from './logisticNewton.js';
import type { MinimumRank } from './minimumTypes.js';
import { tapRows } from './tapRows.js';

/**
 * Rank of the Hessian of a loss at weights near which a rectifier network is affine on the examples, and at which the gradient by its affine map is zero.
 *
 * There H = J_qᵀ (∇² of the loss by the map q) J_q, whose middle is positive definite along [x 1] and differences of outputs (all outputs for the squared
 * error); so rank H is that of J_q, seen through ρ examples whose rows [x 1] are independent: their outputs tell q. No Hessian is formed.
 *
 * What it should be: r ρ + (κ − r) ρ_h with κ = k − 1 for cross-entropy, k for the squared error, r the rank of the affine map (its differences of outputs
 * for cross-entropy) and ρ_h that of [h 1], h what enters the last layer. Directions of outputs that the map uses move with all inputs, through earlier
 * layers; others only with h. For cross-entropy with r = k − 1 that is (k − 1) ρ.
 *
 * Cost: k gradients of ρ examples, (κ ρ, size) numbers and their singular values
 */
export function hessianRank(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  found: AffineExamples,
  loss: AffineLoss,
  outputs: Float64Array,
): MinimumRank {
  const { outputs: k, rank: rho } = found;
  const mixing = loss === 'softmax-cross-entropy' ? centredClasses(k) : identity(k);
  const kappa = mixing.length / k;
  const few = examplesAt(examples, independentRows(found));
  const mixed = new Float64Array(kappa * rho * network.size);
  for (let c = 0; c < k; c++) {
    const { matrix } = exampleGradients(network, params, few, { of: c, dtype: 'float64' });
    for (let a = 0; a < kappa; a++) {
      const weight = mixing[c * kappa + a];
      const to = a * matrix.length;
      if (weight !== 0) for (let i = 0; i < matrix.length; i++) mixed[to + i] += weight * matrix[i];
    }
  }
  const rows = svd(mixed, kappa * rho, network.size).values;
  const cut = rankOf(rows, Math.max(kappa * rho, network.size));
  const slopes = rankOfMap(outputs, examples.count, k, mixing, kappa);
  const head = rankOfHead(network, params, examples);
  return {
    found: cut.rank,
    predicted: slopes * rho + (kappa - slopes) * head,
    formula: formulaOf(loss, kappa, slopes, head, rho),
    evidence:
      `outputs of ${rho} independent examples by ${network.size} weights: singular values ${cut.kept.toExponential(1)} of the largest kept, ` +
      `${cut.dropped.toExponential(1)} left out`,
    standing: 'derived',
  };
}

function formulaOf(loss: AffineLoss, kappa: number, slopes: number, head: number, rho: number): string {
  const k = loss === 'softmax-cross-entropy' ? 'k − 1' : 'k';
  const numbers = `${slopes} · ${rho} + ${kappa - slopes} · ${head}`;
  if (loss === 'softmax-cross-entropy' && slopes === kappa) return `(k − 1) ρ = ${kappa} · ${rho}`;
  if (loss === 'squared-error' && slopes === kappa - 1 && head === kappa)
    return `(k − 1) ρ + k = ${slopes} · ${rho} + ${kappa}`;
  return `r ρ + (${k} − r) ρ_h = ${numbers}`;
}

interface Cut {
  readonly rank: number;
  readonly kept: number;
  readonly dropped: number;
}

/** Singular values above rounding of the largest: those of products of a network carry a few units of it. */
function rankOf(values: Float64Array, size: number): Cut {
  const most = values[0] ?? 0;
  if (most === 0) return { rank: 0, kept: 0, dropped: 0 };
  const floor = 8 * size * Number.EPSILON * most;
  const rank = values.reduce((found, value) => found + (value > floor ? 1 : 0), 0);
  return { rank, kept: values[rank - 1] / most, dropped: rank < values.length ? values[rank] / most : 0 };
}

/** Rank of the affine map that the outputs show: of their differences from the mean over examples, and over outputs for cross-entropy. */
function rankOfMap(z: Float64Array, count: number, k: number, mixing: Float64Array, kappa: number): number {
  const mixed = times(z, mixing, count, k, kappa);
  const size = Math.sqrt(mixed.reduce((sum, x) => sum + x * x, 0));
  for (let a = 0; a < kappa; a++) {
    let mean = 0;
    for (let i = 0; i < count; i++) mean += mixed[i * kappa + a] / count;
    for (let i = 0; i < count; i++) mixed[i * kappa + a] -= mean;
  }
  const { values } = svd(mixed, count, kappa);
  const floor = 64 * Math.max(count, kappa) * Number.EPSILON * size;
  return values.reduce((found, value) => found + (value > floor ? 1 : 0), 0);
}

function rankOfHead(network: Network, params: FloatArray, examples: AnyExamples): number {
  const layer = networkProgram(network, 1).maps.length - 1;
  const h = tapRows(network, params, examples, layer, 'input');
  const width = h.length / examples.count;
  const table = new Float64Array(examples.count * (width + 1)).fill(1);
  for (let i = 0; i < examples.count; i++) table.set(h.subarray(i * width, (i + 1) * width), i * (width + 1));
  return rankOf(svd(table, examples.count, width + 1).values, Math.max(examples.count, width + 1)).rank;
}

/** ρ examples whose rows of Z are independent: the longest of what is left after those before, by Gram–Schmidt. */
function independentRows({ rows, count, rank }: AffineExamples): number[] {
  const left = rows.slice();
  const chosen: number[] = [];
  for (let step = 0; step < rank; step++) {
    let [best, most] = [0, -1];
    for (let i = 0; i < count; i++) {
      let square = 0;
      for (let b = i * rank, end = b + rank; b < end; b++) square += left[b] * left[b];
      if (square > most) [best, most] = [i, square];
    }
    chosen.push(best);
    const unit = left.slice(best * rank, (best + 1) * rank).map((x) => x / Math.sqrt(most));
    for (let i = 0; i < count; i++) {
      let along = 0;
      for (let b = 0; b < rank; b++) along += left[i * rank + b] * unit[b];
      for (let b = 0; b < rank; b++) left[i * rank + b] -= along * unit[b];
    }
  }
  return chosen;
}

function identity(k: number): Float64Array {
  const out = new Float64Array(k * k);
  for (let c = 0; c < k; c++) out[c * k + c] = 1;
  return out;
}
