import { type Tensor, add, constant, convert, mul, reshape, select } from '@hyperribbon/autodiff';
import { less, take, takeAlong } from '@hyperribbon/autodiff/array';
import { type Call, type Operator, axisOf } from '../../values/call.js';
import { showShape, sizeOf, stridesOf } from '../../values/shapes.js';
import { part, picked } from '../../values/strided.js';
import { plain } from '../../values/value.js';

/** Entries along an axis by their positions: an embedding is a Gather of its table */
export const Gather: Operator = (call) => {
  const [x, { type }] = [call.tensor(0), call.input(0)];
  const axis = axisOf(call, call.int('axis', 0), x.shape.length);
  const known = call.known(1);
  if (known === undefined) return plain(type, take(x, positions(call, 1, x.shape[axis]), axis));
  const places = [...known.data].map((at) => (at < 0 ? at + x.shape[axis] : at));
  const bad = places.find((at) => !(at >= 0 && at < x.shape[axis]));
  if (bad !== undefined) call.refuse(`position ${bad} is beyond an axis of length ${x.shape[axis]}`);
  const shape = x.shape.toSpliced(axis, 1, ...known.shape);
  return plain(type, reshape(picked(x, axis, places), shape));
};

/** One position for each line along an axis */
export const GatherElements: Operator = (call) => {
  const [x, { type }] = [call.tensor(0), call.input(0)];
  const axis = axisOf(call, call.int('axis', 0), x.shape.length);
  const index = positions(call, 1, x.shape[axis]);
  // lines that the index does not have are left out
  const lines = index.shape.reduce((kept, length, i) => (i === axis ? kept : part(kept, i, 0, length)), x);
  return plain(type, takeAlong(lines, index, axis));
};

/** Blocks by the numbers of their first axes: index (…, k) names k axes, behind those that x and index share */
export const GatherND: Operator = (call) => {
  const [x, { type }] = [call.tensor(0), call.input(0)];
  const shared = call.int('batch_dims', 0);
  const index = call.tensor(1);
  const depth = index.shape.at(-1) ?? 0;
  if (depth < 1 || shared < 0 || shared + depth > x.shape.length)
    call.refuse(`index ${showShape(index.shape)} does not name axes of ${showShape(x.shape)}`);
  const named = x.shape.slice(shared, shared + depth);
  const strides = stridesOf(named);
  const outer = index.shape.slice(0, -1);
  const flat = named
    .map((length, i) => mul(wrapped(reshape(part(index, index.shape.length - 1, i, 1), outer), length), strides[i]))
    .reduce((sum: Tensor, term) => add(sum, term));
  const [rows, size] = [sizeOf(x.shape.slice(0, shared)), sizeOf(named)];
  const each = sizeOf(outer) / Math.max(1, rows);
  const first = Float64Array.from({ length: sizeOf(outer) }, (_, i) => Math.floor(i / each) * size);
  const placed =
    shared === 0 ? flat : add(flat, constant(index.dtype === 'float32' ? Float32Array.from(first) : first, outer));
  const blocks = reshape(x, [rows * size, ...x.shape.slice(shared + depth)]);
  return plain(type, take(blocks, convert(placed, 'int32'), 0));
};

/** Positions as int32; negative ones count from the end. */
function positions(call: Call, input: number, length: number): Tensor {
  return convert(wrapped(call.tensor(input), length), 'int32');
}

function wrapped(index: Tensor, length: number): Tensor {
  return select(less(index, 0), add(index, length), index);
}
