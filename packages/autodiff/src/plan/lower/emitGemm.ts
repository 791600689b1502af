import type { ElementType } from '../../program.js';
import type { Emitter } from './emitter.js';
import { elementBytes, type Place } from '../instruction.js';
import { emitConvolution } from './lowerConvolution.js';
import type { GemmTerm, Node, PendingGemm } from './node.js';
import type { ProductEnd } from './productEnd.js';

/**
 * Emits C ← act(Σ alpha op(A) op(B) + base + bias) as one gemm per term, each adding to the one before.
 *
 * @param placeOf where an operand lies, computed first if it was only promised
 * @param onto memory whose old contents are added; default: new memory
 */
export function emitGemm(
  e: Emitter,
  pending: PendingGemm,
  dtype: ElementType,
  placeOf: (node: Node) => Place,
  onto?: Place,
): Place {
  if (pending.place !== undefined) return pending.place;
  const { batch, m, n, terms, bias, activation } = pending;
  let out = onto;
  let beta = onto === undefined ? 0 : 1;
  if (pending.base !== undefined) {
    const base = placeOf(pending.base);
    if (out === undefined && e.owns(base)) out = base;
    else if (out === undefined) out = e.fresh('copy', dtype, batch * m * n, base);
    else e.flat('axpy', dtype, [batch * m * n, 1, base, out], true);
    beta = 1;
  }
  out ??= e.temporary(batch * m * n, dtype);
  for (const [i, term] of terms.entries()) {
    const last = i === terms.length - 1;
    const biasPlace = last && bias !== undefined ? placeOf(bias) : 0;
    const after: ProductEnd = { beta, c: out, bias: biasPlace, activation: last ? activation : 0 };
    if (!emitConvolution(e, pending, term, placeOf, dtype, after)) {
      const places = [placeOf(term.a.node), placeOf(term.b.node)] as const;
      emitTerm(e, pending, term, places, dtype, after);
    }
    beta = 1;
  }
  pending.place = out;
  return out;
}

function emitTerm(
  e: Emitter,
  { batch, m, n }: PendingGemm,
  { k, alpha, a, b }: GemmTerm,
  [placeA, placeB]: readonly [Place, Place],
  dtype: ElementType,
  { beta, c, bias, activation }: ProductEnd,
): void {
  const bytes = elementBytes(dtype);
  const flops = 2 * batch * m * n * k;
  const accumulates = beta !== 0;
  const plain = batch === 1 && bias === 0 && activation === 0;
  if (plain && (n === 1 || m === 1)) {
    // a vector on the left is one on the right of the transposed matrix
    const [matrix, vector, length] = n === 1 ? [placeA, placeB, m] : [placeB, placeA, n];
    const upright = n === 1 ? !a.transposed : b.transposed;
    const [rows, columns] = upright ? [length, k] : [k, length];
    const args = [rows, columns, alpha, matrix, columns, vector, beta, c];
    e.call(upright ? 'gemv' : 'gemvTransposed', dtype, args, { accumulates, flops });
    return;
  }
  const lda = a.transposed ? m : k;
  const ldb = b.transposed ? k : n;
  const shape = [a.transposed, b.transposed, m, n, k];
  const args = [...shape, alpha, placeA, lda, placeB, ldb, beta, c, n, bias, activation];
  const strides = [0, 0, 0, 0, 0, 0, a.stride * bytes, 0, b.stride * bytes, 0, 0, m * n * bytes, 0, 0, 0];
  const repeat = batch === 1 ? {} : { repeat: { count: batch, strides } };
  e.call('gemm', dtype, args, { out: 11, accumulates, flops, ...repeat });
}
