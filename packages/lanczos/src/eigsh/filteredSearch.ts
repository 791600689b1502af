import { floatArray, type GuardedOperator } from '@hyperribbon/linop';
import { eigh } from '../dense/eigh.js';
import type { EigenOptions } from '../dense/tridiagonalEigen.js';
import { kernelsOf, ritzPairs, selectColumns } from '../factorization/ritz.js';
import type { SavedFilter } from './checkpoint.js';
import {
  filteredProducts,
  filterFor,
  filterInverse,
  filterSlope,
  filterValue,
  type ChebyshevFilter,
} from './chebyshev.js';
import type { EigenReport } from './eigenReport.js';
import { enclosuresOf } from './enclosures.js';
import { orthogonalityLoss } from './orthogonality.js';
import { reasonText, type Reason } from './reasons.js';
import { EigenSolver } from './solver.js';
import { endIndices } from './which.js';

/** T at the least wanted value: e^GROWTH */
const GROWTH = 2.5;
/** restarts after which a search that converges slowly is looked at */
const PATIENCE = 6;

/** A search that went over to a polynomial of the operator. */
export interface FilteredSearch extends SavedFilter {
  readonly solver: EigenSolver;
  /** products with the operator itself */
  readonly inner: GuardedOperator;
  /** residuals and errors of values that count as converged, in numbers of A */
  readonly limit: number;
}

/** Whether a search for one end is so slow that a polynomial of the operator pays, or another one than it has. */
export function isSlow(solver: EigenSolver, current: FilteredSearch | null): boolean {
  const { f, options, restarts } = solver;
  const since = restarts - (current?.since ?? 0);
  if (solver.chain !== null || since < PATIENCE || since % PATIENCE !== 0) return false;
  // plain cases only; and T(A) must be able to tell what tol asks for
  if (options.which !== 'LA' || options.edge !== undefined || solver.base > 0 || f.exponent !== 0) return false;
  if (options.noise !== undefined || options.tol < 1e3 * f.eps) return false;
  const left = solver.matvecsLeft;
  if (current !== null) return left === null || left > PATIENCE * options.basisSize * current.filter.degree;
  // a first polynomial needs Ritz values that have settled
  if (since < 3 * PATIENCE) return false;
  return left === null ? since >= 6 * PATIENCE : left > 25 * options.basisSize;
}

/**
 * The polynomial for the spectrum as the basis shows it: it damps all below the Ritz values kept beyond the wanted ones. Those are still far
 * below their eigenvalues at first, so a filtered search that stays slow is filtered anew, more steeply.
 */
export function chooseFilter(solver: EigenSolver, current: FilteredSearch | null): ChebyshevFilter | null {
  const { f, options } = solver;
  const ritz = ritzPairs(f, solver.base).values;
  const values =
    current === null ? ritz : ritz.map((y) => (y > 1 ? filterInverse(current.filter, y) : current.filter.high));
  const m = values.length;
  const { k, basisSize } = options;
  const at = Math.min(m - 1, k + Math.max(2, Math.floor((basisSize - k) / 4)));
  const range = values[0] - (current?.filter.low ?? solver.lowest);
  const low = current?.filter.low ?? solver.lowest - 0.03 * range;
  const high = values[at];
  if (at < k || !(values[k - 1] - high > 1e-12 * range) || !(high > low)) return null;
  const filter = filterFor(low, high, values[k - 1], GROWTH, current?.filter.sign ?? f.sign);
  return current !== null && filter.degree < 1.5 * current.filter.degree ? null : filter;
}

/** Goes over from A, or an earlier T(A), to T(A) in the memory of the search, starting from the sum of its leading Ritz vectors. */
export function startFiltered(
  plain: EigenSolver,
  filter: ChebyshevFilter,
  current: FilteredSearch | null,
): FilteredSearch {
  const { f, options, base } = plain;
  const ritz = ritzPairs(f, base);
  const m = ritz.values.length;
  const count = Math.min(m, Math.max(options.k, Math.floor(m / 2)));
  const columns = selectColumns(ritz, endIndices(m, count, 0));
  const sum = new Float64Array(m);
  for (let j = 0; j < m; j++) for (let q = 0; q < count; q++) sum[j] += columns[j * count + q];
  const start = f.combine(sum, 1, floatArray(f.guard.op.dtype, f.n), base);
  const norm =
    current === null ? f.norm : Math.max(current.norm, filterInverse(current.filter, Math.max(1, ritz.values[0])));
  const search = makeFiltered(
    plain,
    { filter, norm, tol: current?.tol ?? options.tol, since: plain.restarts },
    current?.inner ?? f.guard,
  );
  search.solver.restarts = plain.restarts;
  f.append(start);
  return search;
}

/** The same without a start vector: a state is to be restored into it. */
export function makeFiltered(plain: EigenSolver, saved: SavedFilter, inner: GuardedOperator): FilteredSearch {
  const { f, options } = plain;
  const { filter, norm, tol, since } = saved;
  const limit = tol * norm;
  const top = filterValue(filter, Math.max(norm, filter.high));
  f.replace(filteredProducts(inner, filter));
  const solver = new EigenSolver(f, {
    ...options,
    // a residual r of T(A) stands for at most r (λ − low)/T(λ) of A: components far down the spectrum count most. T(λ) is e^2.5/2 or more
    tol: (6 * limit) / ((norm - filter.low) * top),
    width: (value) => limit * filterSlope(filter, filterInverse(filter, Math.max(1.0001, value))),
  });
  return { filter, norm, tol, since, solver, inner, limit };
}

/**
 * The report of a filtered search: Rayleigh-Ritz with A itself on the vectors found, at k further products, which also give the residuals.
 * After an abort no product is made: values are those of T taken back, residuals estimates.
 */
export async function filteredReport(search: FilteredSearch, forced: Reason | null): Promise<EigenReport> {
  const { solver, filter, norm, inner, limit } = search;
  const { f, options } = solver;
  const { n } = f;
  const ritz = solver.finalRitz();
  const count = Math.min(options.k, ritz.values.length);
  const raw = floatArray(f.guard.op.dtype, count * n);
  if (count > 0) f.combine(selectColumns(ritz, endIndices(ritz.values.length, count, 0)), count, raw);
  const pairs = forced === null ? await rayleighRitz(inner, raw, count, kernelsOf(f)) : takenBack(search, raw, count);
  const floor = solver.floor;
  const residualNorms = pairs.residualNorms.map((r) => Math.max(r, 4 * f.eps * norm));
  const allowed = Math.max(limit, floor * norm);
  const good = count === options.k && residualNorms.every((r) => r <= allowed);
  const verified = solver.done === 'verified' && good && forced === null;
  const atFloor = allowed > limit;
  const reason: Reason =
    forced ??
    (solver.done === 'not-symmetric'
      ? 'not-symmetric'
      : verified
        ? atFloor
          ? 'noise-floor'
          : 'converged'
        : good
          ? 'unverified'
          : 'max-matvecs');
  const resolution = Math.max(10 * f.eps, atFloor ? floor : 0) * norm;
  const { values, vectors } = pairs;
  const rounding = 10 * f.eps * norm;
  return {
    values,
    vectors,
    residualNorms,
    converged: verified,
    reason,
    message: reasonText[reason],
    matvecs: inner.calls,
    restarts: solver.restarts,
    orthogonality: orthogonalityLoss(vectors, count, n),
    norm,
    asymmetry: f.norm > 0 ? f.asymmetry / f.norm : 0,
    enclosures: enclosuresOf(values, residualNorms, verified, 'LA', filter.sign === -1 ? count : 0, allowed, rounding),
    noise: floor,
    resolution,
    belowResolution: Uint8Array.from(values, (v) => (Math.abs(v) < resolution ? 1 : 0)),
    completeness: {
      verified,
      method: 'random-search',
      failureProbability: options.failureProbability,
      searches: solver.verifications,
      matvecs: solver.verificationProducts,
    },
    filter: { degree: filter.degree, low: filter.sign * filter.low, high: filter.sign * filter.high },
    edge: null,
    seed: f.seed,
    kernels: f.workspace.info,
  };
}

type Pairs = Pick<EigenReport, 'values' | 'vectors' | 'residualNorms'>;

/** Ritz pairs of A in the span of orthonormal rows (count, n), with true residuals. Cost: count products, 6 count² n flops. */
async function rayleighRitz(
  inner: GuardedOperator,
  rows: Pairs['vectors'],
  count: number,
  kernels: EigenOptions,
): Promise<Pairs> {
  const { size: n, dtype } = inner.op;
  const images = floatArray(dtype, count * n);
  for (let i = 0; i < count; i++) images.set(await inner.multiply(rows.subarray(i * n, (i + 1) * n)), i * n);
  const projected = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      let s = 0;
      for (let c = 0; c < n; c++) s += rows[i * n + c] * images[j * n + c];
      projected[i * count + j] = s;
    }
  }
  const { values, vectors: rotation } = eigh(projected, count, { ...kernels, vectors: true });
  const vectors = floatArray(dtype, count * n);
  const image = new Float64Array(n);
  const residualNorms = Float64Array.from(values, (value, i) => {
    const vector = vectors.subarray(i * n, (i + 1) * n);
    image.fill(0);
    for (let j = 0; j < count; j++) {
      const s = rotation![i * count + j];
      for (let c = 0; c < n; c++) {
        vector[c] += s * rows[j * n + c];
        image[c] += s * images[j * n + c];
      }
    }
    let squares = 0;
    for (let c = 0; c < n; c++) squares += (image[c] - value * vector[c]) ** 2;
    return Math.sqrt(squares);
  });
  return { values, vectors, residualNorms };
}

/** Ritz pairs of T(A) as pairs of A, values descending: no products. */
function takenBack({ solver, filter, norm }: FilteredSearch, rows: Pairs['vectors'], count: number): Pairs {
  const ritz = solver.finalRitz();
  const { n } = solver.f;
  const order = Array.from({ length: count }, (_, i) => (filter.sign === 1 ? i : count - 1 - i));
  const vectors = rows.slice();
  order.forEach((from, i) => vectors.set(rows.subarray(from * n, (from + 1) * n), i * n));
  return {
    values: Float64Array.from(order, (i) => filter.sign * filterInverse(filter, Math.max(1, ritz.values[i]))),
    vectors,
    residualNorms: Float64Array.from(
      order,
      (i) => (ritz.residualNorms[i] * (norm - filter.low)) / Math.max(1, ritz.values[i]),
    ),
  };
}
