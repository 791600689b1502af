import { eigh } from '@hyperribbon/lanczos';
import { normals } from '@hyperribbon/random';

/** Largest eigenvalues of a symmetric matrix with vectors and residuals. */
export interface FollowedPairs {
  /** descending */
  readonly values: readonly number[];
  /** (size,) each, orthonormal */
  readonly vectors: readonly Float64Array[];
  /** ‖A v − λ v‖: an eigenvalue of A lies that near to each value */
  readonly residualNorms: readonly number[];
  /** all residuals are at most tol times the largest |value| */
  readonly converged: boolean;
  readonly products: number;
}

/** From where the next update starts: plain data. */
export interface FollowerState {
  readonly vectors: readonly Float64Array[];
  readonly updates: number;
}

export interface FollowOptions {
  /** how many pairs, integer ≥ 1; with `above` the least number of them */
  readonly count: number;
  /** follow as many as it takes for the last one to lie below */
  readonly above?: number;
  /** of residuals, relative to the largest |value| */
  readonly tol: number;
  /** most products of an update; default 60 + 20 · count */
  readonly mostProducts?: number;
}

export interface PairsFollower {
  /** @param product out ← A v, both (size,) */
  update(product: (v: Float64Array, out: Float64Array) => void, options: FollowOptions): FollowedPairs;
  state(): FollowerState;
}

/** rows that are kept beside the wanted ones: what is about to become one of them is seen beforehand */
const guards = 2;

/**
 * Follows the largest eigenvalues of a symmetric matrix that changes little from update to update, such as the Hessian along a flow.
 *
 * An update starts from the vectors of the one before, two guards and a fresh random direction, and enlarges that space by residuals (block Davidson
 * without a preconditioner, which spans a block Krylov space [saad2011, section 8.5]) until they are small. Where the matrix changed by d in norm, an update whose
 * tol is above d costs one product for each row.
 *
 * Residuals prove that each value is near an eigenvalue. That none above was missed is not proved: an eigenvector without overlap with what is followed is found by
 * the random directions, one for each update, in a few updates.
 *
 * @param size order of the matrix
 * @param resume what `state` gave
 */
export function followPairs(size: number, seed: number, resume?: FollowerState): PairsFollower {
  let kept: readonly Float64Array[] = resume?.vectors ?? [];
  let updates = resume?.updates ?? 0;
  return {
    update(product, { count: least, above = Infinity, tol, mostProducts = 60 + 20 * least }) {
      const random = normals({ seed, purpose: 'landscape/pairs', index: updates }, new Float64Array(size));
      updates += 1;
      const basis = growingBasis(size, product);
      for (const row of kept) basis.add(row);
      basis.add(random);
      let count = Math.min(least, size);
      for (;;) {
        const ritz = basis.pairs(Math.min(count + guards, basis.rows()));
        const { values, residuals, residualNorms } = ritz;
        const small = tol * Math.abs(values[0]);
        if (values.length >= count && count < size && values[count - 1] > above) {
          count += 1;
          continue;
        }
        const wanted = Math.min(count, values.length);
        const converged = values.length >= count && residualNorms.slice(0, wanted).every((norm) => norm <= small);
        const spent = basis.products() >= mostProducts || !residualNorms.every((norm) => norm < Infinity);
        if (!converged && !spent) {
          if (basis.rows() > 3 * (count + guards) + 24) basis.restart(ritz.vectors);
          const before = basis.rows();
          residuals.forEach((row, i) => residualNorms[i] > small && basis.add(row));
          if (basis.rows() > before) continue;
        }
        kept = ritz.vectors;
        return {
          values: values.slice(0, wanted),
          vectors: ritz.vectors.slice(0, wanted),
          residualNorms: residualNorms.slice(0, wanted),
          converged: converged || basis.rows() === size,
          products: basis.products(),
        };
      }
    },
    state: () => ({ vectors: kept, updates }),
  };
}

interface Ritz {
  readonly values: readonly number[];
  readonly vectors: readonly Float64Array[];
  readonly residuals: readonly Float64Array[];
  readonly residualNorms: readonly number[];
}

/** Orthonormal rows Q with their products QA. */
function growingBasis(size: number, product: (v: Float64Array, out: Float64Array) => void) {
  let rows: Float64Array[] = [];
  let images: Float64Array[] = [];
  let products = 0;
  const combine = (of: readonly Float64Array[], weights: Float64Array): Float64Array => {
    const out = new Float64Array(size);
    of.forEach((row, j) => axpy(weights[j], row, out));
    return out;
  };
  const pairs = (most: number): Ritz => {
    const n = rows.length;
    const T = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) T[i * n + j] = (dot(rows[i], images[j]) + dot(rows[j], images[i])) / 2;
    if (!T.every((t) => Number.isFinite(t))) return brokenRitz(rows);
    const { values, vectors } = eigh(T, n, { vectors: true });
    const parts = Array.from({ length: most }, (_, i) => vectors.subarray(i * n, (i + 1) * n));
    const found = parts.map((part) => combine(rows, part));
    const residuals = parts.map((part, i) => {
      const residual = combine(images, part);
      axpy(-values[i], found[i], residual);
      return residual;
    });
    const residualNorms = residuals.map((row) => Math.sqrt(dot(row, row)));
    return { values: Array.from(values.subarray(0, most)), vectors: found, residuals, residualNorms };
  };
  return {
    rows: () => rows.length,
    products: () => products,
    pairs,
    /** Takes what a direction has outside the rows, unless that is nothing but rounding. */
    add(direction: Float64Array): void {
      if (rows.length >= size) return;
      const row = direction.slice();
      const start = Math.sqrt(dot(row, row));
      if (!(start > 0 && start < Infinity)) return;
      for (let i = 0; i < size; i++) row[i] /= start;
      for (let pass = 0; pass < 2; pass++) for (const other of rows) axpy(-dot(other, row), other, row);
      const norm = Math.sqrt(dot(row, row));
      if (norm < 1e-8) return;
      for (let i = 0; i < size; i++) row[i] /= norm;
      const image = new Float64Array(size);
      product(row, image);
      products += 1;
      rows.push(row);
      images.push(image);
    },
    /** Goes on with some rows that lie in the space, whose products are known. */
    restart(vectors: readonly Float64Array[]): void {
      const weights = vectors.map((vector) => Float64Array.from(rows, (row) => dot(row, vector)));
      images = weights.map((part) => combine(images, part));
      rows = vectors.slice();
    },
  };
}

/** Products are not finite: nothing is known. */
function brokenRitz(rows: readonly Float64Array[]): Ritz {
  return { values: [NaN], vectors: rows.slice(0, 1), residuals: [], residualNorms: [NaN] };
}

export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i]; // hot
  return sum;
}

/** y ← y + a x */
export function axpy(a: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < x.length; i++) y[i] += a * x[i]; // hot
}
