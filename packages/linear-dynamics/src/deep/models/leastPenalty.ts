import { cholesky, multiply, solveRows, solveTransposed } from '../dense.js';
import { dotRange, lowerGram } from '../../sums.js';
import { dualPoint } from './diagonalNet.js';

const EPS = 2.220446049250313e-16;
/** a change relative to the size of each weight below which the next Newton step changes nothing */
const SETTLED = 1e-9;
const MOST_STEPS = 100;

/** Interpolation in normal form: β with B β = wanted. */
export interface NormalProblem {
  readonly rank: number;
  readonly columns: number;
  /** B, (rank, columns), orthonormal rows */
  readonly basis: Float64Array;
  readonly wanted: Float64Array;
}

export interface Minimum {
  readonly converged: boolean;
  readonly iterations: number;
}

/**
 * Newton's method for the least penalty Σ scale_i q(β_i/scale_i) among the β with B β = wanted, in β itself: in place, from a β that
 * satisfies it.
 *
 * With z = q' the condition is z = Bᵀν for some ν. For D > 2 and small scales the z of the weights that are not small lie within 1e-80
 * of ±1, where no ν in double precision holds them. So ν is eliminated: the `rank` heaviest independent weights A (in D = dβ/dz) follow
 * from the others I by B, β_A = const − W β_I with W = B_A⁻¹ B_I, and what must vanish is z_I − Wᵀ z_A, which is written in 1 − |z| where
 * the signs of a row of it cancel exactly. In the unknowns β_I/√D_I the equations are I plus a Gram matrix of entries of order 1,
 * whatever the range of D.
 * Derived here. Cost: a step takes 3 rank²·columns flops.
 */
export function leastPenalty(problem: NormalProblem, scales: Float64Array, depth: number, map: Float64Array): Minimum {
  const { columns } = problem;
  for (let iteration = 0; iteration < MOST_STEPS; iteration++) {
    const points = Array.from(map, (b, i) => dualPoint(Math.abs(b) / scales[i]!, depth));
    const heavy = Float64Array.from(points, ({ slope }, i) => Math.sqrt(scales[i]! * slope));
    const split = splitByWeight(problem, heavy);
    const change = newtonStep(split, heavy, stationarity(split, map, points, depth));
    let largest = 0;
    for (let i = 0; i < columns; i++)
      largest = Math.max(largest, Math.abs(change[i]!) / (Math.abs(map[i]!) + scales[i]!));
    if (!(largest < Infinity)) return { converged: false, iterations: iteration };
    const length = Math.min(1, 0.7 / largest);
    for (let i = 0; i < columns; i++) map[i]! += length * change[i]!;
    if (largest <= SETTLED) {
      restore(problem, split, map);
      return { converged: true, iterations: iteration + 1 };
    }
  }
  return { converged: false, iterations: MOST_STEPS };
}

/** The heaviest independent columns of B, and all others in terms of them. */
interface Split {
  readonly chosen: readonly number[];
  readonly rest: readonly number[];
  /** W, (rank, rest) row-major */
  readonly dependence: Float64Array;
  /** B_A⁻¹ x, in place */
  solve(x: Float64Array): Float64Array;
}

/** Orthogonalises columns of B greedily, longest weighted remainder first. */
function splitByWeight({ rank, columns, basis }: NormalProblem, weights: Float64Array): Split {
  const left = Float64Array.from(
    { length: columns * rank },
    (_, p) => basis[(p % rank) * columns + Math.floor(p / rank)]!,
  );
  const coefficients = new Float64Array(columns * rank);
  const directions: Float64Array[] = [];
  const chosen: number[] = [];
  const length = (i: number): number => Math.sqrt(dotRange(left, i * rank, left, i * rank, rank));
  const whole = Float64Array.from({ length: columns }, (_, i) => length(i));
  for (let k = 0; k < rank; k++) {
    let [best, longest] = [-1, 0];
    for (let i = 0; i < columns; i++) {
      const remainder = chosen.includes(i) ? 0 : length(i);
      // what is left below this is rounding of the elimination
      if (remainder > 1e-13 * whole[i]! && !(weights[i]! * remainder <= longest))
        [best, longest] = [i, weights[i]! * remainder];
    }
    if (best < 0) break;
    chosen.push(best);
    const size = length(best);
    const direction = left.slice(best * rank, (best + 1) * rank).map((x) => x / size);
    directions.push(direction);
    for (let pass = 0; pass < 2; pass++) {
      for (let i = 0; i < columns; i++) {
        const c = dotRange(left, i * rank, direction, 0, rank);
        coefficients[i * rank + k]! += c;
        for (let j = 0; j < rank; j++) left[i * rank + j]! -= c * direction[j]!;
      }
    }
  }
  const order = chosen.length;
  /** R x = given, R upper triangular: column of a chosen one its coefficients */
  const back = (x: Float64Array): Float64Array => {
    for (let k = order - 1; k >= 0; k--) {
      for (let j = k + 1; j < order; j++) x[k]! -= coefficients[chosen[j]! * rank + k]! * x[j]!;
      x[k]! /= coefficients[chosen[k]! * rank + k]!;
    }
    return x;
  };
  const rest = Array.from({ length: columns }, (_, i) => i).filter((i) => !chosen.includes(i));
  const dependence = new Float64Array(order * rest.length);
  rest.forEach((i, r) => {
    back(coefficients.slice(i * rank, i * rank + order)).forEach((w, k) => (dependence[k * rest.length + r] = w));
  });
  const solve = (x: Float64Array): Float64Array =>
    back(Float64Array.from(directions, (q) => dotRange(q, 0, x, 0, rank)));
  return { chosen, rest, dependence, solve };
}

/** z_I − Wᵀ z_A, (rest,) */
function stationarity(
  { chosen, rest, dependence }: Split,
  map: Float64Array,
  points: readonly { readonly z: number; readonly rest: number }[],
  depth: number,
): Float64Array {
  const sign = (i: number): number => (map[i]! < 0 ? -1 : 1);
  const unit = depth === 2 ? 0 : 1;
  return Float64Array.from(rest, (i, r) => {
    let [direct, ends, inner] = [sign(i) * points[i]!.z, sign(i) * unit, sign(i) * points[i]!.rest];
    let size = 1;
    chosen.forEach((a, k) => {
      const w = dependence[k * rest.length + r]! * sign(a);
      direct -= w * points[a]!.z;
      ends -= w * unit;
      inner -= w * points[a]!.rest;
      size += Math.abs(w);
    });
    // ±1 ∓ Σ w that is rounding is 0: then the sum of what is left of z to ±1 keeps its digits
    return Math.abs(ends) <= 16 * EPS * size * chosen.length ? -inner : direct;
  });
}

/** The change of all weights, (columns,): of I by Newton, of A as B wants it. */
function newtonStep({ chosen, rest, dependence }: Split, heavy: Float64Array, residual: Float64Array): Float64Array {
  const [order, count] = [chosen.length, rest.length];
  const scaled = dependence.map((w, p) => (w * heavy[rest[p % count]!]!) / heavy[chosen[Math.floor(p / count)]!]!);
  // (I + BᵀB)⁻¹ v = v − Bᵀ (I + BBᵀ)⁻¹ B v
  const v = residual.map((g, r) => -g * heavy[rest[r]!]!);
  const change = new Float64Array(heavy.length);
  const gram = lowerGram(scaled, order, count);
  for (let k = 0; k < order; k++) gram[k * (order + 1)]! += 1;
  const root = cholesky(gram, order);
  if (root === undefined) return change.fill(NaN);
  const inner = solveTransposed(root, order, solveRows(root, order, multiply(scaled, v, order, count, 1), 1));
  const corrected = multiply(inner, scaled, 1, order, count);
  rest.forEach((i, r) => (change[i] = (v[r]! - corrected[r]!) * heavy[i]!));
  const moved = Float64Array.from(rest, (i) => change[i]!);
  multiply(dependence, moved, order, count, 1).forEach((d, k) => (change[chosen[k]!] = -d));
  return change;
}

/** Takes the rounding of the steps out of B β = wanted, where it is small beside the weights that can take it. */
function restore({ basis, wanted, rank, columns }: NormalProblem, { chosen, solve }: Split, map: Float64Array): void {
  const reached = multiply(basis, map, rank, columns, 1);
  const missing = solve(wanted.map((w, k) => w - reached[k]!));
  chosen.forEach((i, k) => {
    if (Math.abs(missing[k]!) < 1e-6 * Math.abs(map[i]!)) map[i]! += missing[k]!;
  });
}
