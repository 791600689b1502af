import { requireInteger } from '@hyperribbon/contract';
import type { InterpolationReason } from '@hyperribbon/contract/reasons';
import { exp, log } from '@hyperribbon/kernels';
import { cholesky, maxAbs, multiply, solveRows, solveTransposed } from '../dense.js';
import { dotRange, lowerGram } from '../../sums.js';
import { kernelToRichPenalty, normalNet, type DiagonalNet } from './diagonalNet.js';
import { leastPenalty, type NormalProblem } from './leastPenalty.js';
import { jacobiSvd } from '../jacobiSvd.js';
import { columnsOf } from '../flow/losses.js';
import { vectorOf } from '../../vectors.js';

/** Examples that a map is to interpolate. */
export interface InterpolationProblem {
  /** X, (samples, inputs) row-major, one example a row */
  readonly inputs: ArrayLike<number>;
  /** y, (samples,) */
  readonly targets: ArrayLike<number>;
}

/** The limit of the flow, and whether it was found. */
export interface KernelToRichReport {
  /** β_∞, (inputs,) */
  readonly map: Float64Array;
  /** Q(β_∞) */
  readonly penalty: number;
  /** max |X β − y| */
  readonly residual: number;
  readonly converged: boolean;
  readonly reason: InterpolationReason;
  /** Newton steps over all alphas of the continuation */
  readonly iterations: number;
}

/**
 * The limit of gradient flow of a diagonal linear network on ‖Xβ − y‖²: β_∞ = argmin Q(β) subject to X β = y, from the
 * kernel regime (α → ∞, least ℓ2 norm) to the rich one (α → 0, least ℓ1 norm).
 *
 * β_i = (α w_0i)^D h_D((Xᵀν)_i) with X β = y: Q is strictly convex, and a Newton iteration in β itself (see leastPenalty) follows its minimum
 * from large α down to the one asked for. Depths of 10 at α = 1e-10 are right to rounding: against 320 digits, 3e-15 of the largest weight.
 * @param problem data; samples < inputs is the case of interest
 * @param net alpha, depth and shape of the start
 * @throws ArgumentError when shapes do not fit or alpha is not positive
 * Cost: about 5 Newton steps for each factor of 4 in α^D, each 3 rank²·inputs flops.
 * Source: [woodworth2020], D = 2 and D > 2, from memory, checked numerically against gradient flow. The paper's thresholds on α are not
 * confirmed and not used.
 * @example kernelToRich({ inputs: [1, 2, -1, 0, 1, 1], targets: [1, 0.5] }, { alpha: 0.1 }).map // 0.0283, 0.4906, 0.0094
 */
export function kernelToRich(problem: InterpolationProblem, net: DiagonalNet): KernelToRichReport {
  const where = 'kernelToRich';
  const { x, y, samples, columns } = interpolationData(where, problem);
  const { depth, scales } = normalNet(where, net, columns);
  const normal = normalForm(x, y, samples, columns);
  const map = weightedNorm(normal, scales);
  // from where h_D is linear along the whole solution, β/α^D <= 0.1, down by at most 4 at a time: each solution starts the next
  const factor = Math.max(1, 10 * map.reduce((most, b, i) => Math.max(most, Math.abs(b) / scales[i]!), 0));
  const rungs = Math.ceil(log(factor) / log(4));
  let iterations = 0;
  let converged = true;
  for (let rung = rungs; rung >= 0 && converged; rung--) {
    const enlarged = scales.map((s) => s * exp((rung / Math.max(rungs, 1)) * log(factor)));
    const result = leastPenalty(normal, enlarged, depth, map);
    iterations += result.iterations;
    converged = result.converged;
  }
  const predicted = multiply(x, map, samples, columns, 1);
  const residual = maxAbs(predicted.map((p, i) => p - y[i]!));
  const inRange = residual <= 1e-9 * Math.max(maxAbs(y), Number.MIN_VALUE);
  return {
    map,
    penalty: kernelToRichPenalty(map, net),
    residual,
    converged,
    reason: !converged ? 'not-converged' : inRange ? 'interpolates' : 'least-squares',
    iterations,
  };
}

export function interpolationData(
  where: string,
  { inputs, targets }: InterpolationProblem,
): { readonly x: Float64Array; readonly y: Float64Array; readonly samples: number; readonly columns: number } {
  const samples = targets.length;
  requireInteger(where, 'targets.length', samples, 1);
  const columns = columnsOf(where, 'inputs', inputs, samples);
  return { x: Float64Array.from(inputs), y: vectorOf(where, 'targets', targets, samples), samples, columns };
}

/** X β = y on the row space: basis β = S⁻¹ Uᵀ y. */
function normalForm(x: Float64Array, y: Float64Array, samples: number, columns: number): NormalProblem {
  const { values, left, right } = jacobiSvd(x, samples, columns);
  const rank = values.filter((s) => s > 1e-13 * values[0]!).length;
  const wanted = Float64Array.from({ length: rank }, (_, k) => dotRange(left, k * samples, y, 0, samples) / values[k]!);
  return { rank, columns, basis: right.subarray(0, rank * columns), wanted };
}

/** The least Σ β²/scale with B β = wanted: diag(scale) Bᵀ (B diag(scale) Bᵀ)⁻¹ wanted. */
function weightedNorm({ rank, columns, basis, wanted }: NormalProblem, scales: Float64Array): Float64Array {
  const largest = maxAbs(scales);
  const weighted = basis.map((b, p) => b * Math.sqrt(scales[p % columns]! / largest));
  const root = cholesky(lowerGram(weighted, rank, columns), rank);
  // scales so far apart that some are nothing beside others: start from the least norm
  if (root === undefined) return multiply(wanted, basis, 1, rank, columns);
  const dual = solveTransposed(root, rank, solveRows(root, rank, wanted.slice(), 1));
  return multiply(dual, weighted, 1, rank, columns).map((b, i) => b * Math.sqrt(scales[i]! / largest));
}
