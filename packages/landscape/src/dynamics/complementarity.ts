import { requireFiniteEntries, requireInteger, requirePositive } from '@hyperribbon/contract';
import { eigh } from '@hyperribbon/lanczos';
import { solveDense } from './solveDense.js';
import { fromCoordinates, negativeOf, symmetricSize, toCoordinates } from './symmetricCoordinates.js';

/** A semidefinite linear complementarity problem in coordinates of symmetric matrices. */
export interface ComplementarityProblem {
  /** order of the matrices, integer ≥ 0 */
  readonly k: number;
  /** A (k, k), symmetric */
  readonly A: Float64Array;
  /**
   * matrix (m, m), m = k(k + 1)/2, of the map X ↦ B[X] in the coordinates of `toCoordinates`, where ⟨X, Y⟩ is the dot product. B must be monotone,
   * ⟨X, B[X]⟩ ≥ 0 for all symmetric X; it need not be symmetric
   */
  readonly B: Float64Array;
}

/** How well X solves the problem, and why the search ended. */
export interface ComplementaritySolution {
  /** X (k, k), symmetric, positive semidefinite */
  readonly X: Float64Array;
  /** A + B[X] (k, k) */
  readonly slack: Float64Array;
  /**
   * ‖X̂ − (X̂ − Ŝ)₊‖, Frobenius, of X̂ = X ‖B‖/‖A‖ and Ŝ = (A + B[X])/‖A‖, with ( )₊ the nearest positive semidefinite matrix: 0 exactly for solutions
   */
  readonly residual: number;
  readonly converged: boolean;
  readonly reason: 'nothing-violated' | 'closed-form' | 'interior-point' | 'no-solution-found';
  readonly iterations: number;
}

const mostIterations = 80;

/**
 * X ⪰ 0 with A + B[X] ⪰ 0 and ⟨X, A + B[X]⟩ = 0: for symmetric B the minimiser of ½⟨X, B[X]⟩ + ⟨A, X⟩ over X ⪰ 0.
 *
 * A ⪰ 0 has X = 0; k = 1 has X = max(0, −A/B). Otherwise by interior points: Newton steps on X S + S X = 2μ I, S = A + B[X] [alizadeh1998], from
 * X = S = I in numbers of size 1, with μ lowered to a tenth of what a predictor step would leave, 95 % of the way to the boundary.
 *
 * @param tol of the residual, > 0, default 1e-9
 * @throws ArgumentError for sizes that do not fit and entries that are not finite
 * @example
 * const { X } = complementarity({ k: 1, A: Float64Array.of(-2), B: Float64Array.of(4) });
 * X[0]; // 0.5
 *
 * Cost: some 10 to 20 iterations of m³/3 + O(k⁵) multiplications
 */
export function complementarity(
  { k, A, B }: ComplementarityProblem,
  { tol = 1e-9 }: { readonly tol?: number } = {},
): ComplementaritySolution {
  requireInteger('complementarity', 'k', k, 0);
  const m = symmetricSize(k);
  requireFiniteEntries('complementarity', 'A', A, [k, k]);
  requireFiniteEntries('complementarity', 'B', B, [m, m]);
  requirePositive('complementarity', 'tol', tol);
  const a = toCoordinates(A, k);
  if (k === 0 || eigh(A, k).values[k - 1] >= 0)
    return solution(k, a, B, new Float64Array(m), 'nothing-violated', 0, tol);
  const scales = { a: norm(a), b: norm(B) };
  if (k === 1) {
    const x = B[0] > 0 ? -A[0] / B[0] : Infinity;
    return Number.isFinite(x)
      ? solution(k, a, B, Float64Array.of(x), 'closed-form', 0, tol)
      : solution(k, a, B, new Float64Array(1), 'no-solution-found', 0, tol);
  }
  if (scales.b === 0) return solution(k, a, B, new Float64Array(m), 'no-solution-found', 0, tol);
  const { x, iterations } = interiorPoint(
    k,
    a.map((value) => value / scales.a),
    B.map((value) => value / scales.b),
    tol / 10,
  );
  const scaled = x.map((value) => value * (scales.a / scales.b));
  const found = solution(k, a, B, scaled, 'interior-point', iterations, tol);
  return found.converged ? found : { ...found, reason: 'no-solution-found' };
}

function solution(
  k: number,
  a: Float64Array,
  B: Float64Array,
  x: Float64Array,
  reason: ComplementaritySolution['reason'],
  iterations: number,
  tol: number,
): ComplementaritySolution {
  const slack = plusProduct(a, B, x);
  const [normA, normB] = [norm(a), norm(B)];
  const residual =
    normA === 0
      ? 0
      : naturalResidual(
          k,
          x.map((value) => value * (normB / normA)),
          slack.map((value) => value / normA),
        );
  const converged = residual <= tol;
  return { X: fromCoordinates(x, k), slack: fromCoordinates(slack, k), residual, converged, reason, iterations };
}

/** ‖x − (x − s)₊‖ = ‖s + (x − s)₋‖ with ( )₋ the negative part, of norms added without cancellation. */
function naturalResidual(k: number, x: Float64Array, s: Float64Array): number {
  const below = negativeOf(
    x.map((value, i) => value - s[i]),
    k,
  );
  return norm(s.map((value, i) => value + below[i]));
}

interface Iterate {
  readonly x: Float64Array;
  readonly iterations: number;
}

function interiorPoint(k: number, a: Float64Array, B: Float64Array, tol: number): Iterate {
  const m = a.length;
  const identity = toCoordinates(
    Float64Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? 1 : 0)),
    k,
  );
  let [x, s] = [identity.slice(), identity.slice()];
  let best = { x, residual: Infinity };
  for (let iterations = 0; iterations < mostIterations; iterations++) {
    const gap = plusProduct(a, B, x).map((value, i) => value - s[i]);
    const mu = dot(x, s) / k;
    const residual = naturalResidual(k, x, plusProduct(a, B, x));
    if (residual < best.residual) best = { x, residual };
    if (!(residual > tol) || !(mu < 1e30)) return { x: best.x, iterations };
    // E Δx + F Δs = r with Δs = B Δx + gap
    const [E, F] = [symmetrizer(s, k), symmetrizer(x, k)];
    const matrix = E.slice();
    for (let i = 0; i < m; i++)
      for (let j = 0; j < m; j++) for (let l = 0; l < m; l++) matrix[i * m + j] += F[i * m + l] * B[l * m + j];
    const step = (target: number): readonly [Float64Array, Float64Array] | undefined => {
      const now = times(E, x);
      const fixed = times(F, gap);
      const dx = solveDense(
        matrix,
        identity.map((one, i) => 2 * target * one - now[i] - fixed[i]),
      );
      return dx && [dx, plusProduct(gap, B, dx)];
    };
    const predictor = step(0);
    if (predictor === undefined) return { x: best.x, iterations };
    const reach = Math.min(reachOf(x, predictor[0], k), reachOf(s, predictor[1], k));
    const left =
      dot(
        x.map((v, i) => v + reach * predictor[0][i]),
        s.map((v, i) => v + reach * predictor[1][i]),
      ) / k;
    const share = Math.min(1, Math.max(1e-12, left / mu));
    const corrector = step(mu * Math.max(share * share * share, 1e-3 * share));
    if (corrector === undefined) return { x: best.x, iterations };
    const along = 0.95 * Math.min(reachOf(x, corrector[0], k), reachOf(s, corrector[1], k));
    const length = Math.min(1, along);
    x = x.map((v, i) => v + length * corrector[0][i]);
    s = s.map((v, i) => v + length * corrector[1][i]);
  }
  return { x: best.x, iterations: mostIterations };
}

/** Matrix of M ↦ W M + M W in coordinates. */
function symmetrizer(w: Float64Array, k: number): Float64Array {
  const m = w.length;
  const W = fromCoordinates(w, k);
  const out = new Float64Array(m * m);
  const unit = new Float64Array(m);
  for (let c = 0; c < m; c++) {
    unit.fill(0);
    unit[c] = 1;
    const M = fromCoordinates(unit, k);
    const product = new Float64Array(k * k);
    for (let i = 0; i < k; i++)
      for (let j = 0; j < k; j++)
        for (let l = 0; l < k; l++) product[i * k + j] += W[i * k + l] * M[l * k + j] + M[i * k + l] * W[l * k + j];
    toCoordinates(product, k).forEach((value, r) => (out[r * m + c] = value));
  }
  return out;
}

/** Largest α with x + α d ⪰ 0, for x ≻ 0. */
function reachOf(x: Float64Array, d: Float64Array, k: number): number {
  const { values, vectors } = eigh(fromCoordinates(x, k), k, { vectors: true });
  if (!(values[k - 1] > 0)) return 0;
  const D = fromCoordinates(d, k);
  const scaled = new Float64Array(k * k);
  for (let i = 0; i < k; i++)
    for (let j = 0; j < k; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++)
        for (let q = 0; q < k; q++) sum += vectors[i * k + p] * D[p * k + q] * vectors[j * k + q];
      scaled[i * k + j] = sum / Math.sqrt(values[i]) / Math.sqrt(values[j]);
    }
  const least = eigh(scaled, k).values[k - 1];
  return least < 0 ? -1 / least : Infinity;
}

/** a + B x */
function plusProduct(a: Float64Array, B: Float64Array, x: Float64Array): Float64Array {
  return times(B, x).map((value, i) => value + a[i]);
}

function times(B: Float64Array, x: Float64Array): Float64Array {
  const m = x.length;
  return Float64Array.from({ length: m }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < m; j++) sum += B[i * m + j] * x[j];
    return sum;
  });
}

function dot(x: Float64Array, y: Float64Array): number {
  return x.reduce((sum, value, i) => sum + value * y[i], 0);
}

/** without overflow on the way */
function norm(x: Float64Array): number {
  const most = x.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  if (most === 0) return 0;
  return most * Math.sqrt(x.reduce((sum, value) => sum + (value / most) * (value / most), 0));
}
