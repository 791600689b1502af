import type { Window } from '../../program.js';
import { sizeOf } from '../../specs.js';
import type { Place } from '../instruction.js';
import type { Emitter } from './emitter.js';
import type { Target } from './target.js';

/** A convolution that keeps channels apart, or a transpose of it: one kernel call. */
export function lowerDepthwise(
  e: Emitter,
  op: 'depthwise' | 'depthwiseInput' | 'depthwiseWeights',
  [x, y]: readonly [Place, Place],
  w: Window,
  { shape, dtype }: Target,
): Place {
  const out = e.temporary(sizeOf(shape), dtype);
  const image = [w.batch, w.height, w.width, w.channels, w.kh, w.kw, w.strideH, w.strideW];
  const sizes = [...image, w.padTop, w.padLeft, w.dilationH ?? 1, w.dilationW ?? 1, w.oh, w.ow];
  const flops = 2 * w.batch * w.oh * w.ow * w.kh * w.kw * w.channels;
  e.call(op, dtype, [...sizes, x, y, out], { flops });
  return out;
}
