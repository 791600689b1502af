import type { ElementType, Window } from '../../program.js';
import type { Place } from '../instruction.js';
import type { Emitter } from './emitter.js';

/** One call of im2col or col2im, without dilation. */
export function emitPatches(
  e: Emitter,
  op: 'im2col' | 'col2im',
  dtype: ElementType,
  w: Window,
  x: Place,
  out: Place,
): void {
  const size = [w.batch, w.height, w.width, w.channels, w.kh, w.kw, w.strideH, w.strideW];
  const flops = op === 'col2im' ? w.batch * w.height * w.width * w.channels : 0;
  e.call(op, dtype, [...size, w.padTop, w.padLeft, w.oh, w.ow, x, out], { flops });
}
