import { type Tensor, convert, neg, reshape, sub } from '@hyperribbon/autodiff';
import { argmax, argmin, cumulativeSum, topK } from '@hyperribbon/autodiff/array';
import { type Operator, axisOf } from '../../values/call.js';
import { padded1, part, reversed } from '../../values/strided.js';
import { plain } from '../../values/value.js';

const place =
  (find: (x: Tensor, axis: number) => Tensor): Operator =>
  (call) => {
    const x = call.tensor(0);
    const axis = axisOf(call, call.int('axis', 0), x.shape.length);
    const last = call.int('select_last_index', 0) === 1;
    const found = convert(find(last ? reversed(x, axis) : x, axis), call.dtype);
    const positions = last ? sub(x.shape[axis] - 1, found) : found;
    const keep = call.int('keepdims', 1) === 1;
    return plain('int64', keep ? reshape(positions, x.shape.with(axis, 1)) : positions);
  };

/** Position of the largest entry along an axis; no derivative passes */
export const ArgMax: Operator = place(argmax);
/** Position of the smallest */
export const ArgMin: Operator = place(argmin);

/** Sums of the first entries along an axis, from the end with reverse = 1, without the own entry with exclusive = 1 */
export const CumSum: Operator = (call) => {
  const [x, { type }] = [call.tensor(0), call.input(0)];
  const axis = axisOf(call, call.number(1, 'axis'), x.shape.length);
  const back = call.int('reverse', 0) === 1;
  const line = back ? reversed(x, axis) : x;
  const shifted = call.int('exclusive', 0) === 1 ? padded1(part(line, axis, 0, x.shape[axis] - 1), axis, 1, 0) : line;
  const sums = cumulativeSum(shifted, axis);
  return plain(type, back ? reversed(sums, axis) : sums);
};

/** The k largest (or smallest) entries along an axis and their positions */
export const TopK: Operator = (call) => {
  const [x, { type }] = [call.tensor(0), call.input(0)];
  const axis = axisOf(call, call.int('axis', -1), x.shape.length);
  const k = call.has(1) ? call.number(1, 'k') : call.int('k', 1);
  const small = call.int('largest', 1) === 0;
  const { values, positions } = topK(small ? neg(x) : x, k, axis);
  return [plain(type, small ? neg(values) : values), plain('int64', convert(positions, call.dtype))];
};
