import { floatArray } from '@hyperribbon/contract';
import type { GuardedOperator } from '@hyperribbon/linop';
import { eigh } from '../../dense/eigh.js';
import type { EigenOptions } from '../../dense/eigen.js';
import { kernelsOf, ritzPairs, selectColumns, type Ritz } from '../../factorization/ritz.js';
import type { SavedFilter } from '../checkpoint.js';
import { filteredProducts, filterFor, filterInverse, filterSlope, filterValue } from './chebyshev.js';
import type { EigenReport } from '../eigenReport.js';
import { enclosuresOf } from '../enclosures.js';
import { orthogonalityLoss } from '../orthogonality.js';
import type { SolverReason } from '@hyperribbon/contract/reasons';
import { reasonOf, searchPart, valuesPart } from '../reportParts.js';
import { EigenSolver } from '../solver.js';
import { endIndices, endsBeyond, wantedEnds } from '../which.js';

/** T at the least wanted value: e^GROWTH */
const GROWTH = 2.5;
/** restarts after which a search that converges slowly is looked at */
const PATIENCE = 6;

/** A search that went over to a polynomial of the operator. */
export interface FilteredSearch extends SavedFilter {
  readonly saved: SavedFilter;
  readonly solver: EigenSolver;
  /** products with the operator itself */
  readonly inner: GuardedOperator;
  /** residuals and errors of values that count as converged, in numbers of A */
  readonly limit: number;
}

/** Whether a search is so slow that a polynomial of the operator pays, or another one than it has. */
export function isSlow(solver: EigenSolver, current: FilteredSearch | null): boolean {
  const { f, options } = solver;
  const { restarts } = solver.state;
  const since = restarts - (current?.since ?? 0);
  if (solver.chain !== null || since < PATIENCE || since % PATIENCE !== 0) return false;
  // plain cases only; and T(A) must be able to tell what tol asks for
  if (solver.base > 0 || f.state.exponent !== 0) return false;
  if (options.noise !== undefined || options.tol < 1e3 * f.eps) return false;
  const left = solver.matvecsLeft;
  if (current !== null) return left === null || left > PATIENCE * options.basisSize * current.filter.degree;
  // a first polynomial needs Ritz values that have settled; once most pairs converged the rest is a wait for copies, which T(A) shortens little
  if (since < (2 * solver.state.wantedConverged > options.k ? 20 : 3) * PATIENCE) return false;
  return left === null ? since >= 6 * PATIENCE : left > 25 * options.basisSize;
}

/**
 * The polynomial for the spectrum as the basis shows it, and what a search with it goes by: it damps all between the Ritz values kept beyond the
 * wanted ones, or below them where one end is wanted. Those are still far from their eigenvalues at first, so a filtered search that stays slow
 * is filtered anew, more steeply. Where T of the outermost value would drown the wanted ones in its rounding the degree is lower; null where
 * nothing is left to gain.
 */
export function chooseFilter(solver: EigenSolver, current: FilteredSearch | null): SavedFilter | null {
  const { f, options } = solver;
  const { restarts: since } = solver.state;
  const { k, basisSize, which } = options;
  const ritz = ritzPairs(f, solver.base).values;
  const values =
    current === null ? ritz : ritz.map((y) => filterInverse(current.filter, which === 'LA' && y < 1 ? 1 : y));
  const m = values.length;
  const edge = current === null ? (options.edge ?? null) : current.edge;
  const { top, bottom } = edge === null ? wantedEnds(values, k, which) : endsBeyond(values, edge);
  const extra = Math.max(2, Math.floor((basisSize - top - bottom) / 4));
  const range = values[0] - (bottom > 0 ? values[m - 1] : (current?.filter.low ?? solver.state.lowest));
  let low = current?.filter.low ?? solver.state.lowest - 0.03 * range;
  let high = values[Math.min(m - 1, top + extra)];
  if (which === 'LM') {
    const outer = wantedEnds(values, Math.min(m - 1, k + extra), which);
    high = Math.max(Math.abs(values[outer.top]), Math.abs(values[m - 1 - outer.bottom]));
    low = -high;
  } else if (bottom > 0) {
    high = values[Math.min(m - 1, top + Math.ceil(extra / 2))];
    low = values[Math.max(0, m - 1 - bottom - Math.floor(extra / 2))];
  }
  // the wanted value nearest to [low, high], as one above it
  const least = Math.min(
    edge ?? (top > 0 ? values[top - 1] : Infinity),
    bottom > 0 ? low + high - values[m - bottom] : Infinity,
  );
  if (!(least - high > 1e-12 * range) || !(high > low)) return null;
  const norm = Math.max(current?.norm ?? f.norm, Math.abs(values[0]), bottom > 0 ? Math.abs(values[m - 1]) : 0);
  const tol = current?.tol ?? options.tol;
  const outermost = bottom > 0 ? Math.max(values[0], low + high - values[m - 1]) : values[0];
  let filter = filterFor(low, high, least, GROWTH, current?.filter.sign ?? f.sign);
  const drowns = (): boolean =>
    !(filter.degree * f.eps * filterValue(filter, outermost) <= 0.1 * tol * norm * filterSlope(filter, least));
  // odd, about 0.8 times it, and less: that of 5 is 5
  const lower = (degree: number): number => Math.min(degree - 2, 2 * Math.floor(0.4 * degree) + 1);
  while (filter.degree > 3 && drowns()) filter = { ...filter, degree: lower(filter.degree) };
  const growth = filterValue(filter, least) - 1;
  if (drowns() || growth < 0.5) return null;
  if (current !== null && filter.degree < 1.5 * current.filter.degree) return null;
  // a residual r of T(A) stands for at most r (λ − low)/(T(λ) − 1) of A: components far from the wanted ones count most
  const scale = ((outermost - low) * filterValue(filter, outermost)) / growth;
  return { filter, norm, tol, since, scale, edge };
}

/** Goes over from A, or an earlier T(A), to T(A) in the memory of the search, starting from the sum of its outermost Ritz vectors. */
export function startFiltered(plain: EigenSolver, next: SavedFilter, current: FilteredSearch | null): FilteredSearch {
  const { f, options, base } = plain;
  const ritz = ritzPairs(f, base);
  const m = ritz.values.length;
  const chosen = plain.outermost(
    ritz.values,
    plain.ends(ritz.values),
    Math.min(m, Math.max(options.k, Math.floor(m / 2))),
  );
  const count = chosen.length;
  const columns = selectColumns(ritz, chosen);
  const sum = new Float64Array(m);
  for (let j = 0; j < m; j++) for (let q = 0; q < count; q++) sum[j] += columns[j * count + q];
  const start = f.combine(sum, 1, floatArray(f.guard.op.dtype, f.n), base);
  const search = makeFiltered(plain, next, current?.inner ?? f.guard);
  search.solver.state.restarts = plain.state.restarts;
  f.append(start);
  return search;
}

/** The same without a start vector: a state is to be restored into it. */
export function makeFiltered(plain: EigenSolver, saved: SavedFilter, inner: GuardedOperator): FilteredSearch {
  const { f, options } = plain;
  const { filter, norm, tol, scale, edge } = saved;
  const limit = tol * norm;
  f.replace(filteredProducts(inner, filter));
  const solver = new EigenSolver(f, {
    ...options,
    tol: limit / scale,
    edge: edge === null ? undefined : filterValue(filter, edge),
    width: (value) => limit * filterSlope(filter, filterInverse(filter, Math.max(1.0001, Math.abs(value)))),
  });
  return { ...saved, saved, solver, inner, limit };
}

/**
 * The report of a filtered search: Rayleigh-Ritz with A itself on the vectors found, at k further products, which also give the residuals.
 * After an abort no product is made: values are those of T taken back, residuals estimates.
 */
export async function filteredReport(search: FilteredSearch, forced: SolverReason | null): Promise<EigenReport> {
  const { solver, filter, norm, inner, limit } = search;
  const { f, options } = solver;
  const { n } = f;
  const ritz = solver.finalRitz();
  const { top, bottom } = solver.ends(ritz.values);
  const count = Math.min(options.k, top + bottom);
  const raw = floatArray(f.guard.op.dtype, count * n);
  const chosen = endIndices(ritz.values.length, Math.min(top, count), bottom);
  if (count > 0) f.combine(selectColumns(ritz, chosen), count, raw);
  const pairs =
    forced === null ? await rayleighRitz(inner, raw, count, kernelsOf(f)) : takenBack(search, raw, ritz, chosen);
  const floor = solver.floor;
  const residualNorms = pairs.residualNorms.map((r) => Math.max(r, 4 * f.eps * norm));
  const allowed = Math.max(limit, floor * norm);
  const complete = search.edge !== null ? solver.done !== 'more-than-k' : count === options.k;
  const good = complete && residualNorms.every((r) => r <= allowed);
  const verified = solver.done === 'verified' && good && forced === null;
  const atFloor = allowed > limit;
  const reason = forced ?? reasonOf(solver, good, verified, atFloor);
  const resolution = Math.max(10 * f.eps, atFloor ? floor : 0) * norm;
  const { values, vectors } = pairs;
  const rounding = 10 * f.eps * norm;
  return {
    ...valuesPart(values, resolution, reason),
    ...searchPart(solver, verified),
    vectors,
    residualNorms,
    converged: verified,
    matvecs: inner.matvecs,
    orthogonality: orthogonalityLoss(vectors, count, n),
    norm,
    enclosures: enclosuresOf(
      values,
      residualNorms,
      verified,
      options.which,
      filter.sign === -1 ? count : bottom,
      allowed,
      rounding,
    ),
    filter: { degree: filter.degree, low: filter.sign * filter.low, high: filter.sign * filter.high },
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

/** Chosen Ritz pairs of T(A), with their vectors as rows, as pairs of A, values descending: no products. */
function takenBack(
  { solver, filter, norm }: FilteredSearch,
  rows: Pairs['vectors'],
  ritz: Ritz,
  chosen: readonly number[],
): Pairs {
  const { n } = solver.f;
  const order = filter.sign === 1 ? [...chosen.keys()] : [...chosen.keys()].toReversed();
  const vectors = rows.slice();
  order.forEach((from, i) => vectors.set(rows.subarray(from * n, (from + 1) * n), i * n));
  const span = norm + Math.max(-filter.low, filter.high);
  return {
    values: Float64Array.from(order, (i) => filter.sign * filterInverse(filter, ritz.values[chosen[i]])),
    vectors,
    residualNorms: Float64Array.from(
      order,
      (i) => (ritz.residualNorms[chosen[i]] * span) / Math.max(1, Math.abs(ritz.values[chosen[i]])),
    ),
  };
}
