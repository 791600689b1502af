import type { Equation } from '../../program.js';
import { sizeOf, stridesOf } from '../../specs.js';
import type { Emitter } from './emitter.js';
import { elementBytes, subPlace, type Place } from '../instruction.js';
import { materialize } from './materialize.js';
import type { Node, Piece } from './node.js';
import { nodeFor, type Target } from './target.js';
import { boxRuns } from './boxRuns.js';
import { gatherTable } from './gatherTable.js';
import { turnAxes } from './turnAxes.js';

/** Copies of fewer elements than this per row go through a table of indices, all in one call. */
const shortRow = 16;

/** The same elements in another shape: an alias. */
export function lowerReshape(e: Emitter, x: Node, target: Target): Node {
  const exclusive = x.exclusive && target.exclusive;
  const { form } = x;
  if (form.kind === 'constant' || form.kind === 'pieces') return nodeFor(target, form, exclusive);
  if (form.kind === 'gemm') return nodeFor(target, form, exclusive);
  if (form.kind === 'scaled') {
    const source = lowerReshape(e, form.source, { ...target, exclusive });
    return nodeFor(target, { kind: 'scaled', source, alpha: form.alpha }, exclusive);
  }
  if (form.kind === 'broadcast' && sizeOf(form.source.shape) === 1) {
    const source = lowerReshape(e, form.source, { ...target, shape: [], exclusive: false });
    return nodeFor(target, { kind: 'broadcast', source, axes: [] }, exclusive);
  }
  return nodeFor(target, { kind: 'stored', place: materialize(e, x) }, exclusive);
}

/** Repeats x along the axes it does not have: a promise. */
export function lowerBroadcast(e: Emitter, x: Node, axes: readonly number[], target: Target): Node {
  const { form } = x;
  if (form.kind === 'constant') return nodeFor(target, form);
  if (form.kind === 'broadcast') {
    const composed = form.axes.map((axis) => axes[axis]!);
    return nodeFor(target, { kind: 'broadcast', source: form.source, axes: composed });
  }
  const source = nodeFor({ ...target, shape: x.shape, exclusive: false }, { kind: 'stored', place: materialize(e, x) });
  return nodeFor(target, { kind: 'broadcast', source, axes });
}

/** Output axis i is input axis permutation[i]. */
export function lowerTranspose(e: Emitter, x: Node, permutation: readonly number[], target: Target): Node {
  const { form } = x;
  if (form.kind === 'constant') return nodeFor(target, form);
  const rank = permutation.length;
  const real = permutation.filter((axis) => x.shape[axis] !== 1);
  if (real.every((axis, i) => i === 0 || axis > real[i - 1]!)) return lowerReshape(e, x, target);
  const lastTwo = permutation.every((axis, i) => axis === (i < rank - 2 ? i : i === rank - 2 ? rank - 1 : rank - 2));
  if (lastTwo && form.kind === 'transposed') return nodeFor(target, form.source.form, false);
  if (lastTwo) return nodeFor(target, { kind: 'transposed', source: x });
  const place = materialize(e, x);
  const turned = turnAxes(e, place, x.dtype, x.shape, permutation);
  if (turned !== undefined) return nodeFor(target, { kind: 'stored', place: turned });
  const strides = stridesOf(x.shape);
  const table = gatherTable(
    target.shape,
    permutation.map((axis) => strides[axis]!),
  );
  return gathered(e, place, table, target);
}

/** A box of x: an alias where it is one run of memory. */
export function lowerSlice(e: Emitter, x: Node, params: Equation['params'], target: Target): Node {
  const { start } = params as { start: readonly number[] };
  if (x.form.kind === 'constant') return nodeFor(target, x.form);
  const place = materialize(e, x);
  const bytes = elementBytes(x.dtype);
  const strides = stridesOf(x.shape);
  const offset = start.reduce((sum, first, axis) => sum + first * strides[axis]!, 0);
  const { run, step } = boxRuns(target.shape, x.shape);
  const count = sizeOf(target.shape);
  if (count === 0 || run === count) {
    return nodeFor(target, { kind: 'stored', place: subPlace(place, offset * bytes, count * bytes) }, false);
  }
  if (step === undefined || run < shortRow) {
    return gathered(e, place, gatherTable(target.shape, strides, offset), target);
  }
  const out = e.temporary(count, x.dtype);
  const from = subPlace(place, offset * bytes, place.bytes - offset * bytes);
  e.copyRows(x.dtype, count / run, run, from, step * bytes, out, run * bytes);
  return nodeFor(target, { kind: 'stored', place: out });
}

/** Zeros around x: the transpose of a slice. */
export function lowerPad(e: Emitter, x: Node, params: Equation['params'], target: Target): Node {
  const { low } = params as { low: readonly number[] };
  const bytes = elementBytes(x.dtype);
  const strides = stridesOf(target.shape);
  const offset = low.reduce((sum, zeros, axis) => sum + zeros * strides[axis]!, 0);
  const { run, step } = boxRuns(x.shape, target.shape);
  const count = sizeOf(x.shape);
  if (count === 0) return nodeFor(target, { kind: 'constant', value: 0 });
  if (run === count) return nodeFor(target, { kind: 'pieces', parts: flatParts([{ offset, node: x }]) });
  const place = materialize(e, x);
  if (step === undefined || run < shortRow) {
    const inside = stridesOf(x.shape);
    const table = gatherTable(target.shape, inside, -low.reduce((s, zeros, i) => s + zeros * inside[i]!, 0), {
      low,
      lengths: x.shape,
    });
    return gathered(e, place, table, target);
  }
  const n = sizeOf(target.shape);
  const out = e.temporary(n, x.dtype);
  e.flat('fill', x.dtype, [n, 0, out]);
  const to = subPlace(out, offset * bytes, out.bytes - offset * bytes);
  e.copyRows(x.dtype, count / run, run, place, run * bytes, to, step * bytes);
  return nodeFor(target, { kind: 'stored', place: out });
}

/** Inputs side by side along an axis; along the first one the parts are computed in place. */
export function lowerConcatenate(e: Emitter, inputs: readonly Node[], axis: number, target: Target): Node {
  const outer = sizeOf(target.shape.slice(0, axis));
  if (outer === 1) {
    let offset = 0;
    const parts: Piece[] = [];
    for (const node of inputs) {
      if (sizeOf(node.shape) > 0) parts.push({ offset, node });
      offset += sizeOf(node.shape);
    }
    return nodeFor(target, { kind: 'pieces', parts: flatParts(parts) });
  }
  const bytes = elementBytes(target.dtype);
  const row = sizeOf(target.shape.slice(axis)) * bytes;
  const out = e.temporary(sizeOf(target.shape), target.dtype);
  let offset = 0;
  for (const node of inputs) {
    const width = sizeOf(node.shape.slice(axis));
    if (width * outer === 0) continue;
    const place = materialize(e, node);
    const to = subPlace(out, offset, out.bytes - offset);
    e.copyRows(target.dtype, outer, width, place, width * bytes, to, row);
    offset += width * bytes;
  }
  return nodeFor(target, { kind: 'stored', place: out });
}

/** Pieces inside pieces, if only this value uses them and they leave no gaps, become pieces. */
function flatParts(parts: readonly Piece[]): Piece[] {
  return parts.flatMap(({ offset, node }) => {
    if (node.form.kind !== 'pieces' || !node.exclusive) return [{ offset, node }];
    const inner = node.form.parts;
    const filled = inner.reduce((sum, part) => sum + sizeOf(part.node.shape), 0);
    if (filled < sizeOf(node.shape)) return [{ offset, node }];
    return inner.map((part) => ({ offset: offset + part.offset, node: part.node }));
  });
}

function gathered(e: Emitter, x: Place, table: Int32Array, target: Target): Node {
  const out = e.temporary(table.length, target.dtype);
  e.call('gather', target.dtype, [table.length, x, e.constant(table), out]);
  return nodeFor(target, { kind: 'stored', place: out });
}
