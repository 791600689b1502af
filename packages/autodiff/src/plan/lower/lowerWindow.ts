import type { PrimitiveName, Window } from '../../program.js';
import { sizeOf } from '../../specs.js';
import type { Emitter } from './emitter.js';
import { gatherTable } from './gatherTable.js';
import { elementBytes, type Place } from '../instruction.js';
import { emitPatches } from './emitPatches.js';
import { isDense } from './lowerConvolution.js';
import { lowerDepthwise } from './lowerDepthwise.js';
import { materialize } from './materialize.js';
import type { Node } from './node.js';
import type { Target } from './target.js';

/** Primitives with the geometry of a convolution or of pooling: one kernel call where the window's neighbours are neighbours in the image. */
export function lowerWindow(e: Emitter, op: PrimitiveName, inputs: readonly Node[], w: Window, target: Target): Place {
  const places = inputs.map((x) => materialize(e, x));
  const { dtype } = inputs[0]!;
  if (op === 'depthwise' || op === 'depthwiseInput' || op === 'depthwiseWeights')
    return lowerDepthwise(e, op, places as [Place, Place], w, target);
  const [place] = places as [Place];
  const out = e.temporary(sizeOf(target.shape), target.dtype);
  if (op === 'im2col' || op === 'col2im') {
    if (!isDense(w)) byTable(e, op, place, w, out, target);
    else emitPatches(e, op, dtype, w, place, out);
  } else {
    const size = [w.batch, w.height, w.width, w.channels, w.kh, w.kw, w.strideH, w.strideW];
    const flops = w.batch * w.oh * w.ow * w.kh * w.kw * w.channels;
    e.call(op as 'averagePool' | 'averageUnpool' | 'argmaxPool', dtype, [...size, place, out], { flops });
  }
  return out;
}

/** A window with gaps: numbers move one by one, by a table of one image's patches that serves the whole batch. */
function byTable(e: Emitter, op: 'im2col' | 'col2im', x: Place, w: Window, out: Place, { shape, dtype }: Target): void {
  const table = e.constant(dilatedTable(w));
  const n = w.oh * w.ow * w.kh * w.kw * w.channels;
  const [image, patches] = [w.height * w.width * w.channels, n].map((count) => count * elementBytes(dtype)) as [
    number,
    number,
  ];
  const repeat = (from: number, to: number): object =>
    w.batch === 1 ? {} : { repeat: { count: w.batch, strides: [0, from, 0, to] } };
  if (op === 'im2col') {
    e.call('gather', dtype, [n, x, table, out], repeat(image, patches));
    return;
  }
  e.flat('fill', dtype, [sizeOf(shape), 0, out]);
  e.call('scatterAdd', dtype, [n, x, table, out], { accumulates: true, flops: n * w.batch, ...repeat(patches, image) });
}

/** For each number of an image's patches its place in the image, −1 in the padding. */
function dilatedTable(w: Window): Int32Array {
  const { height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, oh, ow } = w;
  const { dilationH = 1, dilationW = 1 } = w;
  const rows = gatherTable([oh, kh], [strideH, dilationH], -padTop);
  const columns = gatherTable([ow, kw], [strideW, dilationW], -padLeft);
  const table = new Int32Array(oh * ow * kh * kw * channels);
  let next = 0;
  for (let i = 0; i < oh; i++)
    for (let j = 0; j < ow; j++)
      for (let a = 0; a < kh; a++)
        for (let b = 0; b < kw; b++) {
          const [y, x] = [rows[i * kh + a]!, columns[j * kw + b]!];
          const inside = y >= 0 && y < height && x >= 0 && x < width;
          for (let c = 0; c < channels; c++) table[next++] = inside ? (y * width + x) * channels + c : -1;
        }
  return table;
}
