import { requireInteger } from '@hyperribbon/contract';
import type { InterpolationReason } from '@hyperribbon/contract/reasons';
import { exp, log } from '@hyperribbon/kernels';
import { cholesky, maxAbs, multiply, solveRows, solveTransposed } from '../dense.js';
import { dotRange, lowerGram, sumOfSquares } from '../../sums.js';
import {
  kernelToRichPenalty,
  normalNet,
  primal,
  primalIntegral,
  primalSlope,
  type DiagonalNet,
} from './diagonalNet.js';
import { jacobiSvd } from '../jacobiSvd.js';
import { columnsOf } from '../flow/losses.js';
import { vectorOf } from '../../vectors.js';

export interface InterpolationProblem {
  /** X, (samples, inputs) row-major, one example a row */
  readonly inputs: ArrayLike<number>;
  /** y, (samples,) */
  readonly targets: ArrayLike<number>;
}

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
 * β_i = (α w_0i)^D h_D((Xᵀν)_i) with X β = y: the dual Σ (α w_0i)^D Ψ_D((Xᵀν)_i) − y·ν is strictly convex on the row space of X
 * and is minimised by a damped Newton iteration, followed from large α down to the one asked for.
 * @param problem data; samples < inputs is the case of interest
 * @param net alpha, depth and shape of the start
 * @throws ArgumentError when shapes do not fit or alpha is not positive
 * Cost: about 5 Newton steps for each of up to 60 alphas, each rank²·inputs flops.
 * Source: [woodworth2020], D = 2 and D > 2, from memory, checked numerically against gradient flow. The paper's thresholds on α are not
 * confirmed and not used.
 * @example kernelToRich({ inputs: [1, 2, -1, 0, 1, 1], targets: [1, 0.5] }, { alpha: 0.1 }).map // 0.0283, 0.4906, 0.0094
 */
export function kernelToRich(problem: InterpolationProblem, net: DiagonalNet): KernelToRichReport {
  const where = 'kernelToRich';
  const { x, y, samples, columns } = interpolationData(where, problem);
  const { depth, scales } = normalNet(where, net, columns);
  const { values, left, right } = jacobiSvd(x, samples, columns);
  const rank = values.filter((s) => s > 1e-13 * values[0]!).length;
  const basis = right.subarray(0, rank * columns);
  // X β = y on the row space: basis β = S⁻¹ Uᵀ y
  const wanted = Float64Array.from({ length: rank }, (_, k) => dotRange(left, k * samples, y, 0, samples) / values[k]!);
  const scale = Math.max(maxAbs(wanted), Number.MIN_VALUE);
  const least = Math.min(...scales);
  // from where h_D is linear along the whole solution: β/α^D <= 0.1
  const factor = Math.max(1, (10 * scale) / least);
  const rungs = Math.ceil(log(factor) / log(4));
  let dualPoint = new Float64Array(rank);
  let iterations = 0;
  let converged = true;
  for (let rung = rungs; rung >= 0; rung--) {
    const enlarged = scales.map((s) => s * exp((rung / Math.max(rungs, 1)) * log(factor)));
    const result = newton(basis, wanted, dualPoint, enlarged, depth, columns);
    dualPoint = result.dualPoint;
    iterations += result.iterations;
    converged = result.converged;
  }
  const map = multiply(dualPoint, basis, 1, rank, columns).map((z, i) => scales[i]! * primal(z, depth));
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

/** Damped Newton on the dual; `basis` has orthonormal rows. */
function newton(
  basis: Float64Array,
  wanted: Float64Array,
  from: Float64Array,
  scales: Float64Array,
  depth: number,
  columns: number,
): { readonly dualPoint: Float64Array<ArrayBuffer>; readonly iterations: number; readonly converged: boolean } {
  const rank = wanted.length;
  const nu = Float64Array.from(from);
  const size = Math.max(Math.sqrt(sumOfSquares(wanted)), Number.MIN_VALUE);
  const objective = (point: Float64Array): number => {
    const z = multiply(point, basis, 1, rank, columns);
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += scales[i]! * primalIntegral(z[i]!, depth);
    return sum - dotRange(wanted, 0, point, 0, rank);
  };
  let before = Infinity;
  for (let iteration = 0; iteration < 200; iteration++) {
    const z = multiply(nu, basis, 1, rank, columns);
    const map = z.map((v, i) => scales[i]! * primal(v, depth));
    const residual = wanted.map((w, k) => w - dotRange(basis, k * columns, map, 0, columns));
    const norm = Math.sqrt(sumOfSquares(residual));
    // quadratic convergence: once below 1e-9 it is done when it no longer halves
    if (norm === 0 || (norm <= 1e-9 * size && norm >= before / 2))
      return { dualPoint: nu, iterations: iteration, converged: true };
    before = norm;
    const weighted = basis.map((b, p) => b * Math.sqrt(scales[p % columns]! * primalSlope(z[p % columns]!, depth)));
    const root = cholesky(lowerGram(weighted, rank, columns), rank);
    if (root === undefined) return { dualPoint: nu, iterations: iteration, converged: false };
    const step = solveTransposed(root, rank, solveRows(root, rank, residual.slice(), 1));
    const slope = dotRange(residual, 0, step, 0, rank);
    const here = objective(nu);
    let length = 1;
    const tried = new Float64Array(rank);
    for (; length > 1e-12; length /= 2) {
      for (let k = 0; k < rank; k++) tried[k] = nu[k]! + length * step[k]!;
      // near the minimum the objective is flat to rounding: take the full step there
      if (norm <= 1e-6 * size || objective(tried) <= here - 1e-4 * length * slope) break;
    }
    nu.set(tried);
  }
  return { dualPoint: nu, iterations: 200, converged: before <= 1e-9 * size };
}
