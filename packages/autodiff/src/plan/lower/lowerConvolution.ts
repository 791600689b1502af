import { convolveInputFits, type WindowSizes } from '@hyperribbon/kernels';
import type { ElementType, Window } from '../../program.js';
import { sizeOf } from '../../specs.js';
import type { Emitter } from './emitter.js';
import { emitPatches } from './emitPatches.js';
import type { Place } from '../instruction.js';
import type { ProductEnd } from './productEnd.js';
import { type Form, type GemmTerm, type Node, openGemm, type PendingGemm } from './node.js';
import { nodeFor, type Target } from './target.js';

type Patches = Extract<Form, { kind: 'patches' }>;

/** Whether neighbours in the window are neighbours in the image. */
export function isDense({ dilationH = 1, dilationW = 1 }: Window): boolean {
  return dilationH === 1 && dilationW === 1;
}

/** Image patches as a promise: a matrix product reads them where they lie in the images, so they are mostly never written. */
export function lowerPatches(place: Place, window: Window, target: Target): Node {
  return nodeFor(target, { kind: 'patches', place, window, padded: undefined });
}

/** Writes the patches, for whoever is no matrix product. */
export function writePatches(e: Emitter, { place, window }: Patches, dtype: ElementType): Place {
  const { batch, oh, ow, kh, kw, channels } = window;
  const out = e.temporary(batch * oh * ow * kh * kw * channels, dtype);
  emitPatches(e, 'im2col', dtype, window, place, out);
  return out;
}

/**
 * A product of a sum as a convolution, if an operand of it is patches: C ← P op(W) goes over the images, C ← Gᵀ P gives the
 * gradient by the weights. False, and nothing done, for products of other kinds.
 *
 * @param placeOf where an operand lies, computed first if it was only promised
 */
export function emitConvolution(
  e: Emitter,
  { batch, m, n }: PendingGemm,
  { k, alpha, a, b }: GemmTerm,
  placeOf: (node: Node) => Place,
  dtype: ElementType,
  { beta, c, bias, activation }: ProductEnd,
): boolean {
  // one row or column is a product with a vector, which sums in float64
  if (batch !== 1 || m === 1 || n === 1) return false;
  const more = { accumulates: beta !== 0, flops: 2 * m * n * k };
  const [left, right] = [a.node.form, b.node.form];
  if (left.kind === 'patches' && right.kind !== 'patches' && a.transposed === 0) {
    const weights = placeOf(b.node);
    const { place, sizes, oh, ow } = padded(e, left, dtype);
    const args = [...sizes, oh, ow, n, b.transposed, alpha, place, weights, beta, c, bias, activation];
    e.call('convolve', dtype, args, { ...more, out: args.length - 3 });
    return true;
  }
  const plain = bias === 0 && activation === 0;
  if (right.kind === 'patches' && left.kind !== 'patches' && b.transposed === 0 && a.transposed === 1 && plain) {
    const cotangent = placeOf(a.node);
    const { place, sizes, oh, ow } = padded(e, right, dtype);
    e.call('convolveWeights', dtype, [...sizes, oh, ow, m, alpha, cotangent, place, beta, c], more);
    return true;
  }
  return false;
}

/**
 * The images whose patches have these cotangents, in one call with the products that make the cotangents: the gradient by the
 * images. Undefined unless they are one product or the sum of two that the kernel has room for.
 */
export function lowerFold(
  e: Emitter,
  x: Node,
  window: Window,
  target: Target,
  placeOf: (node: Node) => Place,
): Node | undefined {
  const { dtype } = target;
  const open = openGemm(x);
  if (open === undefined || open.base !== undefined || open.bias !== undefined || dtype === 'int32') return undefined;
  const { batch, m, n, terms } = open;
  const first = terms[0]!;
  const alike = ({ a, b, k }: GemmTerm): boolean =>
    a.transposed === 0 && k === first.k && b.transposed === first.b.transposed;
  if (batch !== 1 || m === 1 || n === 1 || terms.length > 2 || !terms.every(alike)) return undefined;
  if (!convolveInputFits(first.k, n, terms.length, dtype)) return undefined;
  const operands = terms.map(({ alpha, a, b }) => [alpha, placeOf(a.node), placeOf(b.node)] as const);
  const { padTop, padLeft, oh, ow } = window;
  const out = e.temporary(sizeOf(target.shape), dtype);
  const geometry = [...sizesOf(window), padTop, padLeft, oh, ow, first.k, first.b.transposed];
  const flops = 2 * m * n * first.k * terms.length + m * n;
  e.call('convolveInput', dtype, [...geometry, ...operands[0]!, ...(operands[1] ?? [1, 0, 0]), out], { flops });
  return nodeFor(target, { kind: 'stored', place: out });
}

function sizesOf({ batch, height, width, channels, kh, kw, strideH, strideW }: Window): WindowSizes {
  return [batch, height, width, channels, kh, kw, strideH, strideW];
}

/** The images with their padding written out, where they have one: 1 + 2/14 squared of them, not 9 times as much as 3 × 3 patches. */
function padded(
  e: Emitter,
  patches: Patches,
  dtype: ElementType,
): { readonly place: Place; readonly sizes: WindowSizes; readonly oh: number; readonly ow: number } {
  const { window } = patches;
  const { batch, channels, kh, kw, strideH, strideW, padTop, padLeft, oh, ow } = window;
  const [height, width] = [(oh - 1) * strideH + kh, (ow - 1) * strideW + kw];
  if (padTop === 0 && padLeft === 0 && height <= window.height && width <= window.width) {
    return { place: patches.place, sizes: sizesOf(window), oh, ow };
  }
  if (patches.padded === undefined) {
    // patches of one row and the whole width
    patches.padded = e.temporary(batch * height * width * channels, dtype);
    const rows: WindowSizes = [batch, window.height, window.width, channels, 1, width, 1, 1];
    e.call('im2col', dtype, [...rows, padTop, padLeft, height, 1, patches.place, patches.padded]);
  }
  return { place: patches.padded, sizes: [batch, height, width, channels, kh, kw, strideH, strideW], oh, ow };
}
