import { add, mul, reshape, select, sub } from '@hyperribbon/autodiff';
import { less } from '@hyperribbon/autodiff/array';
import { type Operator, axisOf } from '../../values/call.js';
import { plain } from '../../values/value.js';
import { part } from '../../values/strided.js';
import { unitVectors } from './unitVectors.js';

/** The second of two values where the entry's place along a new axis is the position, else the first */
export const OneHot: Operator = (call) => {
  const index = call.tensor(0);
  const depth = call.number(1, 'depth');
  const axis = axisOf(call, call.int('axis', -1), index.shape.length + 1);
  const positions = select(less(index, 0), add(index, depth), index);
  const unit = unitVectors(positions, depth, axis, call.dtype);
  const values = call.tensor(2);
  const [off, on] = [0, 1].map((i) => reshape(part(values, 0, i, 1), []));
  return plain(call.input(2).type, add(mul(unit, sub(on, off)), off));
};
