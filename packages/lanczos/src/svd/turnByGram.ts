import { createLinearWorkspace, type KernelOptions, type LinearKernels, productIn } from '@hyperribbon/kernels/linear';
import { eigh } from '../dense/eigh.js';
import { cosineTolerance, rowNorms } from './jacobi.js';
import { smallTurn, SUM } from './smallTurn.js';

/** below this order plain rotations are as fast */
const SMALLEST = 32;
/** rows of lengths further apart than this are left alone: what makes their small singular values accurate is their grading */
const SPREAD = 64;
/** S with row sums up to this: S² is below rounding */
const SQUARE = 2 ** -27;
/** rows of a product at a time: the upper half of w wᵀ is skipped in such stripes */
const STRIPE = 96;

interface Turn {
  /** (k, k) */
  readonly turn: Float64Array;
  /** whether all cosines are within the tolerance of {@link jacobiRows}: it has nothing to do but to sort */
  readonly orthogonal: boolean;
}

/**
 * Turns the rows of w (k, m) so that they are nearly orthogonal: by the eigenvectors of w wᵀ, then by small rotations at once ({@link smallTurn}).
 * Squaring spoils what belongs to small singular values: those rows are turned again, by their own Gram matrix. One-sided Jacobi then
 * finds little or nothing to rotate, in place of six sweeps or more [drmac2008].
 *
 * The turn is orthogonal to rounding, so no singular value moves by more than a few eps ‖w‖; rows of very different lengths, whose
 * small singular values are known better than that, are left as they are.
 * @returns null when the rows were left alone
 * Cost: 10 k² m flops and a dense eigenproblem of order k, at the speed of the kernels, where nothing is turned again; k (m + 3 k +
 * max(m, k)) numbers.
 */
export function turnByGram(
  k: number,
  m: number,
  w: Float64Array,
  kernels: KernelOptions = { deterministic: true },
): Turn | null {
  if (k < SMALLEST) return null;
  const lengths = rowNorms(k, m, w);
  if (!(Math.max(...lengths) <= SPREAD * Math.min(...lengths))) return null;
  const space = createLinearWorkspace({ bytes: 8 * k * (m + 3 * k + Math.max(m, k)) + 1024, ...kernels });
  const t = space.float64;
  const rows = space.allocate(8 * k * m);
  const turn = space.allocate(8 * k * k);
  const gram = space.allocate(8 * k * k);
  const factor = space.allocate(8 * k * k);
  const scratch = space.allocate(8 * k * Math.max(m, k));
  const w2 = space.float64View(rows, k * m);
  const Q = space.float64View(turn, k * k);
  const G = space.float64View(gram, k * k);
  const S = space.float64View(factor, k * k);
  // rows of x from `first` on ← factor times themselves
  const apply = (x: number, length: number, first: number): void => {
    const count = k - first;
    const at = x + 8 * first * length;
    productIn(t, { m: count, n: length, k: count, a: factor, b: at, c: scratch });
    t.copy(count * length, scratch, at);
  };
  w2.set(w);
  let orthogonal = false;
  for (let first = -1, next = 0; next > first && k - next >= SMALLEST; ) {
    first = next;
    const count = k - first;
    lowerGram(t, count, m, rows + 8 * first * m, gram);
    const { vectors } = eigh(G.slice(0, count * count), count, { vectors: true, ...kernels });
    S.set(vectors);
    apply(rows, m, first);
    if (first > 0) apply(turn, k, first);
    else Q.set(vectors);
    for (let round = 0; round < 3; round++) {
      const norms = rowNorms(k, m, w2);
      t.copy(k * m, rows, scratch);
      norms.forEach((norm, i) => t.scale(m, norm > 0 ? 1 / norm : 0, scratch + 8 * i * m));
      lowerGram(t, k, m, scratch, gram);
      const { sum, unresolved } = smallTurn(k, norms, G, cosineTolerance(m), S);
      next = unresolved;
      orthogonal = sum === 0 && unresolved === k;
      if (sum === 0 || sum > SUM) break;
      if (sum > SQUARE) powers(t, k, { S, factor, scratch, gram });
      addIdentity(k, S);
      apply(rows, m, 0);
      apply(turn, k, 0);
    }
  }
  w.set(w2);
  return { turn: unstretched(k, m, Q.slice(), w), orthogonal };
}

/** S ← exp S − I to the fourth order: S (I + S/2 (I + S/3 (I + S/4))), S (k, k) at `factor`. */
function powers(
  t: LinearKernels,
  k: number,
  { S, factor, scratch, gram }: { S: Float64Array; factor: number; scratch: number; gram: number },
): void {
  t.copy(k * k, factor, scratch);
  t.scale(k * k, 1 / 4, factor);
  for (let order = 3; order > 0; order--) {
    addIdentity(k, S);
    productIn(t, { m: k, n: k, k, alpha: 1 / order, a: scratch, b: factor, c: gram });
    t.copy(k * k, gram, factor);
  }
}

/** Rows of the turn with length one, and those of w = turn · w₀ to match: reflectors and rotations of 64 rows leave one longer by 50 eps, and the largest singular value with it. */
function unstretched(k: number, m: number, turn: Float64Array, w: Float64Array): Float64Array {
  rowNorms(k, k, turn).forEach((norm, i) => {
    for (let j = i * k; j < (i + 1) * k; j++) turn[j] /= norm;
    for (let j = i * m; j < (i + 1) * m; j++) w[j] /= norm;
  });
  return turn;
}

/** gram (k, k) ← rows rowsᵀ, on and below the diagonal. */
function lowerGram(t: LinearKernels, k: number, m: number, rows: number, gram: number): void {
  for (let start = 0; start < k; start += STRIPE) {
    const end = Math.min(k, start + STRIPE);
    productIn(t, {
      m: end - start,
      n: end,
      k: m,
      a: rows + 8 * start * m,
      b: rows,
      transposeB: true,
      c: gram + 8 * start * k,
      ldc: k,
    });
  }
}

function addIdentity(k: number, a: Float64Array): void {
  for (let i = 0; i < k; i++) a[i * k + i] += 1;
}
