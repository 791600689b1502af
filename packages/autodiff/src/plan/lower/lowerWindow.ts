import type { Window } from '../../program.js';
import { sizeOf } from '../../specs.js';
import type { Emitter } from './emitter.js';
import type { Place } from '../instruction.js';
import { materialize } from './materialize.js';
import type { Node } from './node.js';
import type { Target } from './target.js';

/** Primitives with the geometry of a convolution or of pooling. */
export type WindowPrimitive = 'im2col' | 'col2im' | 'averagePool' | 'averageUnpool' | 'argmaxPool';

/** One kernel call. */
export function lowerWindow(e: Emitter, op: WindowPrimitive, x: Node, w: Window, target: Target): Place {
  const place = materialize(e, x);
  const size = [w.batch, w.height, w.width, w.channels, w.kh, w.kw, w.strideH, w.strideW];
  const n = sizeOf(target.shape);
  const out = e.temporary(n, target.dtype);
  const { dtype } = x;
  if (op === 'im2col' || op === 'col2im') {
    e.call(op, dtype, [...size, w.padTop, w.padLeft, w.oh, w.ow, place, out], { flops: op === 'col2im' ? n : 0 });
  } else {
    e.call(op, dtype, [...size, place, out], { flops: w.batch * w.oh * w.ow * w.kh * w.kw * w.channels });
  }
  return out;
}
