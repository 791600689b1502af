import { exp, expm1, log } from '@hyperribbon/kernels';
import { cholesky, identity, multiply, rowGram, solveRows, transpose } from '../dense.js';
import { jacobiSvd } from '../jacobiSvd.js';
import { pivotedOverlap, type PivotedOverlap } from './pivotedOverlap.js';
import type { RiccatiProblem } from './riccatiProblem.js';

/** Q(t) with Q Qᵀ the solution, (n, rank), for a time x = t/τ. */
export interface RiccatiFactor {
  readonly factor: Float64Array;
  readonly rank: number;
}

/** quality of an overlap below which digits are worth the steps */
const POOR = 1e-4;

/** Overlaps Pᵀ Q_0, (n, hidden), rows in order of falling rate. */
export function overlaps({ vectors, start, rates, hidden }: RiccatiProblem): Float64Array {
  return multiply(vectors, start, rates.length, rates.length, hidden);
}

/**
 * The solution at any x in (0, Infinity] by exponentials that never grow.
 *
 * QQᵀ = Y N⁻¹ Yᵀ, with o the chosen rows, r the rest, R = dependence of r on o, A = L × orthonormal the chosen overlaps:
 *   c_i = √(2 f_i/(1 − e^{−2 f_i x})) = e^{f_i x}/√φ_i, p_i = e^{−f_i x} c_i = 1/√φ_i,
 *   Y = P_o diag(c) + P_r [R ∘ e^{(f_r − f_o) x} c],
 *   N = I + (L⁻¹ diag p)ᵀ (L⁻¹ diag p) + VᵀV, V_kj = √φ_k R_kj p_j.
 * With φ = (e^{2fx} − 1)/(2f) every exponent that is left is <= 0, because R couples only to chosen rows of no smaller rate.
 * Inverting a nearly singular A costs digits until the flow has left the saddle beside its start, which takes a time of −ln(quality)
 * over the rate: until twice that, such starts go by semigroup steps, which invert nothing of A.
 * Derived from the formula for invertible overlaps; the choice of rows and any rank of Q_0 are added here.
 */
export function stableSolution(problem: RiccatiProblem): {
  readonly overlap: PivotedOverlap;
  at(x: number): RiccatiFactor;
} {
  const { rates, vectors, hidden } = problem;
  const n = rates.length;
  const first = overlaps(problem);
  const overlap = pivotedOverlap(first, rates, hidden);
  const { chosen, rest, triangle, dependence } = overlap;
  const rank = chosen.length;
  const fastest = Math.max(...rates.map(Math.abs));
  // rows of L⁻¹ as columns: (L⁻ᵀ)
  const inverse = solveRows(triangle, rank, identity(rank), rank);
  return {
    overlap,
    at(x) {
      if (overlap.quality < POOR && fastest * x < -2 * log(overlap.quality)) {
        return {
          factor: multiply(transpose(vectors, n, n), semigroup(rates, first, hidden, x), n, n, hidden),
          rank: hidden,
        };
      }
      const c = chosen.map((i) => growth(rates[i]!, x));
      const p = chosen.map((i) => slowness(rates[i]!, x));
      const coordinates = new Float64Array(n * rank);
      chosen.forEach((i, j) => (coordinates[i * rank + j] = c[j]!));
      const coupling = new Float64Array(rest.length * rank);
      rest.forEach((k, r) => {
        for (let j = 0; j < rank; j++) {
          const R = dependence[r * rank + j]!;
          if (R === 0) continue;
          const [fk, fj] = [rates[k]!, rates[chosen[j]!]!];
          coordinates[k * rank + j] = R * decay(fk - fj, x) * c[j]!;
          coupling[r * rank + j] = R * couplingSize(fk, fj, x);
        }
      });
      const scaled = new Float64Array(rank * rank);
      for (let j = 0; j < rank; j++) {
        // row j of L⁻ᵀ is column j of L⁻¹; e^{−max(f_j, 0) x} completes p
        const weight = p[j]! * decay(-Math.max(rates[chosen[j]!]!, 0), x);
        for (let i = 0; i < rank; i++) scaled[j * rank + i] = inverse[j * rank + i]! * weight;
      }
      // N is the Gram matrix of the rows [1, scaled, coupled]: its factors come from these, since forming it squares the condition
      const width = 2 * rank + rest.length;
      const rows = new Float64Array(rank * width);
      for (let j = 0; j < rank; j++) {
        rows[j * width + j] = 1;
        rows.set(scaled.subarray(j * rank, (j + 1) * rank), j * width + rank);
        for (let r = 0; r < rest.length; r++) rows[j * width + 2 * rank + r] = coupling[r * rank + j]!;
      }
      const { values, left } = jacobiSvd(rows, rank, width);
      // N >= I, so what rounding makes smaller than 1 is 1
      const halves = left.map((z, p) => z / Math.max(values[Math.floor(p / rank)]!, 1));
      const inBasis = multiply(coordinates, transpose(halves, rank, rank), n, rank, rank);
      return { factor: multiply(transpose(vectors, n, n), inBasis, n, n, rank), rank };
    },
  };
}

/** e^{d x}, d <= 0, also at x = Infinity */
export function decay(d: number, x: number): number {
  return d === 0 ? 1 : exp(d * x);
}

/** c = e^{fx}/√φ = √(2f/(1 − e^{−2fx})) */
function growth(f: number, x: number): number {
  if (f === 0) return Math.sqrt(1 / x);
  if (f < 0 && x === Infinity) return 0;
  return Math.sqrt((2 * f) / -expm1(-2 * f * x));
}

/** e^{max(f, 0) x}/√φ = √(2|f|/(1 − e^{−2|f|x})) */
function slowness(f: number, x: number): number {
  return f === 0 ? Math.sqrt(1 / x) : Math.sqrt((2 * Math.abs(f)) / -expm1(-2 * Math.abs(f) * x));
}

/** √φ_k/√φ_j for f_k <= f_j */
function couplingSize(fk: number, fj: number, x: number): number {
  if (fk === 0 && fj === 0) return 1;
  const exponent = decay(Math.max(fk, 0) - Math.max(fj, 0), x);
  return exponent === 0 ? 0 : (exponent * slowness(fj, x)) / slowness(fk, x);
}

/** Q ← e^{Fh} Q L⁻ᵀ, L Lᵀ = I + Qᵀ Φ_h Q: the exact flow over a step h, in eigen-coordinates; NaN where e^{2fh} overflows. */
export function semigroupStep(rates: Float64Array, q: Float64Array, columns: number, h: number): Float64Array {
  const n = rates.length;
  const weighted = q.map((v, p) => v * Math.sqrt(phi(rates[Math.floor(p / columns)]!, h)));
  const middle = rowGram(transpose(weighted, n, columns), columns, n);
  for (let i = 0; i < columns; i++) middle[i * (columns + 1)]! += 1;
  const moved = q.map((v, p) => v * exp(rates[Math.floor(p / columns)]! * h));
  const root = cholesky(middle, columns);
  return root === undefined ? moved.fill(NaN) : solveRows(root, columns, moved, n);
}

/** Semigroup steps of at most one e-folding each. */
export function semigroup(rates: Float64Array, q: Float64Array, columns: number, x: number): Float64Array {
  const steps = Math.max(1, Math.ceil(x * Math.max(...rates.map(Math.abs))));
  let state = q;
  for (let i = 0; i < steps; i++) state = semigroupStep(rates, state, columns, x / steps);
  return state;
}

/** (e^{2fx} − 1)/(2f), x for f = 0 */
function phi(f: number, x: number): number {
  return f === 0 ? x : expm1(2 * f * x) / (2 * f);
}
