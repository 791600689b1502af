import { broadcastGroups } from './broadcastGroups.js';
import { emitGemm } from './emitGemm.js';
import type { Emitter } from './emitter.js';
import { elementBytes, subPlace, type Place } from '../instruction.js';
import { sizeOf } from '../../specs.js';
import { writePatches } from './lowerConvolution.js';
import type { Node, Piece } from './node.js';

/** Where a value lies in memory, row-major; computes it first if it was only promised. */
export function materialize(e: Emitter, node: Node): Place {
  if (node.form.kind === 'stored') return node.form.place;
  const place = compute(e, node);
  node.form = { kind: 'stored', place };
  return place;
}

function compute(e: Emitter, node: Node): Place {
  const { form, dtype } = node;
  const n = sizeOf(node.shape);
  switch (form.kind) {
    case 'stored':
      return form.place;
    case 'gemm':
      return emitGemm(e, form.pending, dtype, (operand) => materialize(e, operand));
    case 'broadcast':
      return repeat(e, node, form.source, form.axes);
    case 'pieces':
      return assemble(e, node, form.parts);
    case 'constant': {
      if (dtype === 'int32') return e.constant(new Int32Array(n).fill(form.value));
      return e.fresh('fill', dtype, n, form.value);
    }
    case 'transposed': {
      const x = materialize(e, form.source);
      const out = e.temporary(n, dtype);
      const [rows, columns] = form.source.shape.slice(-2) as [number, number];
      const bytes = rows * columns * elementBytes(dtype);
      const count = bytes === 0 ? 0 : x.bytes / bytes;
      e.call('transpose', dtype, [rows, columns, x, out], { repeat: { count, strides: [0, 0, bytes, bytes] } });
      return out;
    }
    case 'scaled': {
      const x = materialize(e, form.source);
      return form.alpha === -1
        ? e.fresh('unary.neg', dtype, n, x)
        : e.fresh('binaryScalar.mul', dtype, n, x, form.alpha);
    }
    case 'patches':
      return writePatches(e, form, dtype);
    case 'product':
      return e.fresh('binary.mul', dtype, n, materialize(e, form.x), materialize(e, form.y));
  }
}

/** Repeats along one group of axes after the other, the last first. */
function repeat(e: Emitter, node: Node, source: Node, axes: readonly number[]): Place {
  const { dtype } = node;
  const bytes = elementBytes(dtype);
  let place = materialize(e, source);
  let outer = sizeOf(source.shape);
  let inner = 1;
  if (sizeOf(node.shape) === 0) return e.temporary(0, dtype);
  for (const group of broadcastGroups(node.shape, source.shape, axes).toReversed()) {
    if (group.kept) {
      inner *= group.size;
      outer /= group.size;
      continue;
    }
    const r = group.size;
    const out = e.temporary(outer * r * inner, dtype);
    if (inner === 1 && outer > 1 && dtype !== 'int32') {
      // 1 · y keeps −0 and NaN, which 0 + y would not
      e.flat('fill', dtype, [outer * r, 1, out]);
      e.rows('binaryColumn.mul', dtype, [outer, r, out, place, out]);
    } else {
      const strides = [0, 0, inner * bytes, r * inner * bytes];
      e.call('repeatRows', dtype, [r, inner, place, out], { repeat: { count: outer, strides } });
    }
    place = out;
    inner *= r;
  }
  return place;
}

function assemble(e: Emitter, node: Node, parts: readonly Piece[]): Place {
  const { dtype } = node;
  const bytes = elementBytes(dtype);
  const n = sizeOf(node.shape);
  const out = e.temporary(n, dtype);
  let end = 0;
  for (const { offset, node: part } of [...parts, { offset: n, node: undefined }]) {
    const gap = offset - end;
    if (gap > 0) e.flat('fill', dtype, [gap, 0, subPlace(out, end * bytes, gap * bytes)]);
    if (part === undefined) break;
    const length = sizeOf(part.shape);
    const target = subPlace(out, offset * bytes, length * bytes);
    const x = materialize(e, part);
    // a whole buffer that nothing else has claimed becomes that part of this one
    if (e.owns(x)) e.buffers[x.buffer]!.parent = target;
    else e.flat('copy', dtype, [length, x, target]);
    end = offset + length;
  }
  return out;
}
