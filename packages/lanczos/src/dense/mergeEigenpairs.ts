import { type LinearWorkspace, productIn } from '@hyperribbon/kernels/linear';
import { secularRoot } from './secular.js';
import { rotateRows } from './tridiagonalQl.js';

const EPS = 2 ** -52;

/** Eigenpairs of the diagonal blocks of a tridiagonal matrix, row i of value i, and room to join them. */
export interface Eigenpairs {
  readonly space: LinearWorkspace;
  readonly n: number;
  readonly values: Float64Array;
  /** (n, n), and where they lie in the workspace */
  readonly rows: Float64Array;
  readonly pointer: number;
  /** pointers, 8 n² bytes each */
  readonly gathered: number;
  readonly factors: number;
}

/** Two neighbouring blocks: rows low..middle−1 and middle..high−1. */
export interface Blocks {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/**
 * Joins the eigenpairs of two blocks across an off-diagonal entry: T = diag(T₁, T₂) + rho z zᵀ in their eigenbasis, whose eigenvalues are the
 * roots of a secular equation [cuppen1981], with the stable eigenvector formula of [gu1994].
 * Cost: 4 size³/3 flops in matrix products at most, less by what deflates.
 */
export function mergeEigenpairs(pairs: Eigenpairs, blocks: Blocks, coupling: number): void {
  const { values } = pairs;
  const { low } = blocks;
  const rho = 2 * Math.abs(coupling);
  const z = couplingVector(pairs, blocks, coupling < 0 ? -1 : 1);
  const { kept, deflated, kind } = deflate(pairs, blocks, rho, z);
  const k = kept.length;
  if (k === 0) return;
  const { roots, delta, poles, weights } = solveSecular(pairs, low, rho, z, kept);
  const groups = groupByKind(kept, kind);
  eigenvectorRows(k, poles, delta, weights, groups.place);
  combineRows(pairs, blocks, kept, deflated, groups);
  const rest = deflated.map((i) => values[low + i]);
  values.set(roots, low);
  values.set(rest, low + k);
}

/** z: last entries of the left vectors, first entries of the right ones, of unit length. */
function couplingVector({ n, rows }: Eigenpairs, { low, middle, high }: Blocks, sign: 1 | -1): Float64Array {
  const left = middle - low;
  return Float64Array.from({ length: high - low }, (_, i) => {
    const entry = i < left ? rows[(low + i) * n + middle - 1] : sign * rows[(low + i) * n + middle];
    return entry * 0.7071067811865476;
  });
}

interface Deflation {
  /** positions that take part, by ascending value, no two of which are close */
  readonly kept: readonly number[];
  readonly deflated: readonly number[];
  /** by position 1: a row of the left half, 2: of both, 3: of the right one; products skip the zero halves */
  readonly kind: Uint8Array;
}

/** Takes out what hardly couples, and one of each two close values, after a rotation that concentrates z in the other. */
function deflate(
  { n, values, rows }: Eigenpairs,
  { low, middle, high }: Blocks,
  rho: number,
  z: Float64Array,
): Deflation {
  const size = high - low;
  const kind = Uint8Array.from({ length: size }, (_, i) => (i < middle - low ? 1 : 3));
  const order = Int32Array.from({ length: size }, (_, i) => i).sort((a, b) => values[low + a] - values[low + b]);
  let largest = 0;
  for (let i = 0; i < size; i++) largest = Math.max(largest, Math.abs(values[low + i]), rho * Math.abs(z[i]));
  const tiny = 8 * EPS * Math.max(largest, rho);
  const kept: number[] = [];
  const deflated: number[] = [];
  for (const i of order) {
    if (rho * Math.abs(z[i]) <= tiny) {
      deflated.push(i);
      continue;
    }
    const p = kept[kept.length - 1];
    if (p !== undefined) {
      const length = Math.sqrt(z[i] * z[i] + z[p] * z[p]);
      const c = z[i] / length;
      const s = -z[p] / length;
      const distance = values[low + i] - values[low + p];
      if (Math.abs(distance * c * s) <= tiny) {
        rotateRows(rows, (low + p) * n + low, (low + i) * n + low, size, c, -s);
        z[i] = length;
        const dp = values[low + p];
        values[low + p] = dp * c * c + values[low + i] * s * s;
        values[low + i] = dp * s * s + values[low + i] * c * c;
        if (kind[p] !== kind[i]) kind[i] = 2;
        kind[p] = kind[i] === 2 ? 2 : kind[p];
        kept.pop();
        deflated.push(p);
      }
    }
    kept.push(i);
  }
  return { kept, deflated, kind };
}

interface Secular {
  /** (k,) new eigenvalues */
  readonly roots: Float64Array;
  /** (k, k) at `factors`: row j holds dᵢ − λⱼ */
  readonly delta: Float64Array;
  /** (k,) d and z of those that take part */
  readonly poles: Float64Array;
  readonly weights: Float64Array;
}

function solveSecular(
  { space, values, factors }: Eigenpairs,
  low: number,
  rho: number,
  z: Float64Array,
  kept: readonly number[],
): Secular {
  const k = kept.length;
  const poles = Float64Array.from(kept, (i) => values[low + i]);
  const weights = Float64Array.from(kept, (i) => z[i]);
  const squares = weights.map((x) => x * x);
  const mass = squares.reduce((s, x) => s + x, 0);
  for (let i = 0; i < k; i++) squares[i] /= mass;
  const delta = space.float64View(factors, k * k);
  const roots = new Float64Array(k);
  for (let j = 0; j < k; j++) {
    roots[j] = secularRoot(k, j, poles, squares, rho * mass, delta.subarray(j * k, (j + 1) * k));
  }
  return { roots, delta, poles, weights };
}

interface Groups {
  /** how many rows of each kind */
  readonly one: number;
  readonly two: number;
  readonly three: number;
  /** (k,) column of the factors that belongs to each row that takes part, grouped by kind */
  readonly place: Int32Array;
}

function groupByKind(kept: readonly number[], kind: Uint8Array): Groups {
  const counts = [0, 0, 0, 0];
  for (const i of kept) counts[kind[i]]++;
  const [, one, two, three] = counts;
  const next = [0, 0, one, one + two];
  return { one, two, three, place: Int32Array.from(kept, (i) => next[kind[i]]++) };
}

/** Rows ← factors times those that take part, half by half; the deflated ones go behind them. */
function combineRows(
  { space, n, pointer, gathered, factors }: Eigenpairs,
  { low, middle, high }: Blocks,
  kept: readonly number[],
  deflated: readonly number[],
  { one, two, three, place }: Groups,
): void {
  const table = space.float64;
  const size = high - low;
  const left = middle - low;
  const right = high - middle;
  const k = kept.length;
  const block = pointer + 8 * (low * n + low);
  const second = gathered + 8 * (one + two) * left;
  for (let q = 0; q < k; q++) {
    const row = block + 8 * kept[q] * n;
    if (place[q] < one + two) table.copy(left, row, gathered + 8 * place[q] * left);
    if (place[q] >= one) table.copy(right, row + 8 * left, second + 8 * (place[q] - one) * right);
  }
  const rest = second + 8 * (two + three) * right;
  deflated.forEach((i, q) => table.copy(size, block + 8 * i * n, rest + 8 * q * size));
  productIn(table, { m: k, n: left, k: one + two, a: factors, lda: k, b: gathered, c: block, ldc: n });
  const [a, c] = [factors + 8 * one, block + 8 * left];
  productIn(table, { m: k, n: right, k: two + three, a, lda: k, b: second, c, ldc: n });
  deflated.forEach((_, q) => table.copy(size, rest + 8 * q * size, block + 8 * (k + q) * n));
}

/**
 * delta (k, k), row j holding dᵢ − λⱼ, becomes the eigenvectors ẑᵢ/(dᵢ − λⱼ), normalised, column i moved to place[i].
 * ẑ is recomputed from the roots [gu1994, (3.3)], which makes the vectors orthogonal to working precision whatever the gaps.
 */
function eigenvectorRows(k: number, d: Float64Array, delta: Float64Array, z: Float64Array, place: Int32Array): void {
  // factors δᵢⱼ/(dᵢ − dⱼ), δᵢᵢ for i = j; two at a time, for one division
  const zhat = new Float64Array(k);
  for (let i = 0; i < k; i++) zhat[i] = k % 2 === 0 ? 1 : delta[i] / (d[i] - d[0] || 1);
  for (let j = k % 2; j < k; j += 2) {
    const [d0, d1] = [d[j], d[j + 1]];
    for (let i = 0, p = j * k, q = p + k; i < k; i++, p++, q++) {
      zhat[i] *= (delta[p] * delta[q]) / ((d[i] - d0 || 1) * (d[i] - d1 || 1));
    }
  }
  for (let i = 0; i < k; i++) zhat[i] = Math.sqrt(Math.abs(zhat[i])) * (z[i] < 0 ? -1 : 1);
  const line = new Float64Array(k);
  for (let j = 0; j < k; j++) {
    const row = j * k;
    let squares = 0;
    let i = k % 2;
    if (i === 1) {
      const u = zhat[0] / delta[row];
      squares = u * u;
      line[place[0]] = u;
    }
    for (; i < k; i += 2) {
      const [x, y] = [delta[row + i], delta[row + i + 1]];
      const r = 1 / (x * y);
      const u = zhat[i] * (r * y);
      const v = zhat[i + 1] * (r * x);
      squares += u * u + v * v;
      line[place[i]] = u;
      line[place[i + 1]] = v;
    }
    const scale = 1 / Math.sqrt(squares);
    for (let i = 0; i < k; i++) delta[row + i] = line[i] * scale;
  }
}
