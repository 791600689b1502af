import type { Window } from '../../program.js';
import { sizeOf } from '../../specs.js';
import type { Emitter } from './emitter.js';
import { emitPatches } from './emitPatches.js';
import { elementBytes, subPlace, type Place } from '../instruction.js';
import type { Target } from './target.js';

type Depthwise = 'depthwise' | 'depthwiseInput' | 'depthwiseWeights';

/** A convolution that keeps channels apart, or a transpose of it: entry by entry of the window, each on the whole image moved by so much. */
export function lowerDepthwise(
  e: Emitter,
  op: Depthwise,
  [x, y]: readonly [Place, Place],
  w: Window,
  target: Target,
): Place {
  const { dtype, shape } = target;
  const out = e.temporary(sizeOf(shape), dtype);
  const width = w.channels * elementBytes(dtype);
  const pixels = w.batch * w.oh * w.ow;
  const numbers = pixels * w.channels;
  const add = (n: number, part: Place): void => e.flat('axpy', dtype, [n, 1, part, out], true);
  for (let entry = 0; entry < w.kh * w.kw; entry++) {
    const moved = entryWindow(w, entry);
    const product = op === 'depthwise' && entry === 0 ? out : e.temporary(numbers, dtype);
    if (op === 'depthwiseInput') {
      e.rows('binaryRow.mul', dtype, [pixels, w.channels, x, subPlace(y, entry * width, width), product], [3]);
      const image = entry === 0 ? out : e.temporary(sizeOf(shape), dtype);
      emitPatches(e, 'col2im', dtype, moved, product, image);
      if (entry > 0) add(sizeOf(shape), image);
      continue;
    }
    const seen = sameImage(moved) ? x : e.temporary(numbers, dtype);
    if (seen !== x) emitPatches(e, 'im2col', dtype, moved, x, seen);
    if (op === 'depthwise') {
      e.rows('binaryRow.mul', dtype, [pixels, w.channels, seen, subPlace(y, entry * width, width), product], [3]);
      if (entry > 0) add(numbers, product);
    } else {
      e.flat('binary.mul', dtype, [numbers, seen, y, product]);
      const to = subPlace(out, entry * width, width);
      e.call('sumColumns', dtype, [pixels, w.channels, product, to], { flops: numbers });
    }
  }
  return out;
}

/** The window of one pixel that entry (a, b) of the window is. */
function entryWindow(w: Window, entry: number): Window {
  const [a, b] = [Math.floor(entry / w.kw), entry % w.kw];
  const padTop = w.padTop - a * (w.dilationH ?? 1);
  const padLeft = w.padLeft - b * (w.dilationW ?? 1);
  const { batch, height, width, channels, strideH, strideW, oh, ow } = w;
  return { batch, height, width, channels, kh: 1, kw: 1, strideH, strideW, padTop, padLeft, oh, ow };
}

function sameImage(w: Window): boolean {
  return (
    w.strideH === 1 && w.strideW === 1 && w.padTop === 0 && w.padLeft === 0 && w.oh === w.height && w.ow === w.width
  );
}
