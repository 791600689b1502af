import { add, mul } from '@hyperribbon/autodiff';
import { type Operator, axisOf } from '../../values/call.js';
import { range } from '../../values/shapes.js';
import { plain } from '../../values/value.js';
import { normalize } from './normalize.js';

/** Normalises over the axes from `axis` on, then scales and shifts; mean and 1/√(variance + epsilon) are further outputs */
export const LayerNormalization: Operator = (call) => {
  const [x, { type }] = [call.tensor(0), call.input(0)];
  const axis = axisOf(call, call.int('axis', -1), x.shape.length);
  const { normal, mean, inverse } = normalize(x, range(x.shape.length - axis, axis), call.float('epsilon', 1e-5));
  const scaled = mul(normal, call.tensor(1));
  const y = call.has(2) ? add(scaled, call.tensor(2)) : scaled;
  return [plain(type, y), plain(type, mean), plain(type, inverse)];
};
