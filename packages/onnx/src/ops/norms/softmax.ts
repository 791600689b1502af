import { type Tensor, logSoftmax, reshape, softmax } from '@hyperribbon/autodiff';
import { argmax } from '@hyperribbon/autodiff/array';
import { type Call, type Operator, axisOf } from '../../values/call.js';
import { sizeOf } from '../../values/shapes.js';
import { plain } from '../../values/value.js';
import { unitVectors } from '../indexing/unitVectors.js';

/** Over one axis since opset 13, the last by default; before, over all axes from `axis` on, the second by default. */
const over =
  (f: (x: Tensor, axis: number, call: Call) => Tensor): Operator =>
  (call) => {
    const [x, { type }] = [call.tensor(0), call.input(0)];
    const old = call.opset < 13;
    const axis = axisOf(call, call.int('axis', old ? 1 : -1), x.shape.length);
    if (!old) return plain(type, f(x, axis, call));
    const rows = reshape(x, [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))]);
    return plain(type, reshape(f(rows, 1, call), x.shape));
  };

export const Softmax: Operator = over(softmax);
export const LogSoftmax: Operator = over(logSoftmax);
/** 1 at the first of the largest entries, else 0 */
export const Hardmax: Operator = over((x, axis) => unitVectors(argmax(x, axis), x.shape[axis], axis, x.dtype));
