import { sizeOf } from '../../specs.js';
import { emitGemm } from './emitGemm.js';
import type { Emitter } from './emitter.js';
import { elementBytes, subPlace, type Place } from '../instruction.js';
import { materialize } from './materialize.js';
import { type Node, openGemm } from './node.js';

/** Puts a value where the caller reads it: computed there if possible, else copied, or added to what is there. */
export function storeOutput(e: Emitter, node: Node, index: number, accumulate: boolean): void {
  const n = sizeOf(node.shape);
  if (accumulate) {
    addTo(e, node, e.buffer(n * elementBytes(node.dtype), 'output', index));
    return;
  }
  const place = materialize(e, node);
  if (e.owns(place)) {
    e.buffers[place.buffer]!.region = 'output';
    e.buffers[place.buffer]!.index = index;
  } else {
    const out = e.buffer(place.bytes, 'output', index);
    e.flat('copy', node.dtype, [n, place, out]);
  }
}

/** out ← out + value, matrix products adding in place. */
function addTo(e: Emitter, node: Node, out: Place): void {
  const { form, dtype } = node;
  const n = sizeOf(node.shape);
  const open = openGemm(node);
  if (form.kind === 'pieces') {
    for (const { offset, node: part } of form.parts) {
      const bytes = elementBytes(dtype);
      addTo(e, part, subPlace(out, offset * bytes, sizeOf(part.shape) * bytes));
    }
  } else if (open !== undefined) {
    emitGemm(e, open, dtype, (operand) => materialize(e, operand), out);
  } else if (form.kind === 'scaled') {
    e.flat('axpy', dtype, [n, form.alpha, materialize(e, form.source), out], true);
  } else if (form.kind === 'product') {
    const places = [materialize(e, form.x), materialize(e, form.y)];
    e.flat('multiplyAdd', dtype, [n, ...places, out, out], true);
  } else e.flat('axpy', dtype, [n, 1, materialize(e, node), out], true);
}
