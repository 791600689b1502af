import { abs, add, div, mean, sqrt, square, sub, sum } from '@hyperribbon/autodiff';
import { type Operator, axisOf } from '../../values/call.js';
import { plain } from '../../values/value.js';

/** (x − mean)/(standard deviation + 1e-9) over some axes, by default all but the channels of images */
export const MeanVarianceNormalization: Operator = (call) => {
  const [x, { type }] = [call.tensor(0), call.input(0)];
  const axes = (call.ints('axes') ?? [0, 2, 3]).map((axis) => axisOf(call, axis, x.shape.length));
  const centred = sub(x, mean(x, axes, { keepDims: true }));
  const deviation = sqrt(mean(square(centred), axes, { keepDims: true }));
  return plain(type, div(centred, add(deviation, 1e-9)));
};

/** x over its 1- or 2-norm along an axis */
export const LpNormalization: Operator = (call) => {
  const [x, { type }] = [call.tensor(0), call.input(0)];
  const axis = axisOf(call, call.int('axis', -1), x.shape.length);
  const order = call.int('p', 2);
  if (order !== 1 && order !== 2) call.refuse(`p must be 1 or 2, got ${order}`);
  const norm = order === 1 ? sum(abs(x), axis, { keepDims: true }) : sqrt(sum(square(x), axis, { keepDims: true }));
  return plain(type, div(x, norm));
};
