import { type Tensor, add, div, maximum, minimum, mul, pow, reshape, sub } from '@hyperribbon/autodiff';
import { fmod, remainder, trunc } from '@hyperribbon/autodiff/array';
import { type Call, type Operator, axisOf, isWhole } from '../../values/call.js';
import { aligned, mapped } from '../../values/layout.js';
import { type Traced, plain, plainTensor } from '../../values/value.js';

const binary =
  (f: (x: Tensor, y: Tensor, call: Call) => Tensor): Operator =>
  (call) => {
    const { tensors, result } = aligned([call.input(0), second(call)]);
    return result(f(tensors[0], tensors[1], call));
  };

export const Add: Operator = binary(add);
export const Sub: Operator = binary(sub);
export const Mul: Operator = binary(mul);

/** x/y; of whole numbers the part before the point */
export const Div: Operator = binary((x, y, call) => {
  const quotient = div(x, y);
  return isWhole(call.input(0).type) ? trunc(quotient) : quotient;
});

/** xʸ */
export const Pow: Operator = (call) => {
  const exponent = call.known(1);
  const x = call.input(0);
  if (exponent?.data.length === 1 && exponent.shape.length <= x.shape.length)
    return mapped(x, (base) => typed(x, pow(base, exponent.data[0])));
  const { tensors, result } = aligned([x, call.input(1)]);
  return result(typed(x, pow(tensors[0], tensors[1])));
};

/** Remainder: with the sign of y, or with fmod = 1 that of x */
export const Mod: Operator = binary((x, y, call) => (call.int('fmod', 0) === 1 ? fmod(x, y) : remainder(x, y)));

const several =
  (f: (x: Tensor, y: Tensor) => Tensor): Operator =>
  (call) => {
    const { tensors, result } = aligned([call.input(0), ...call.inputs.slice(1).map((_, i) => call.input(i + 1))]);
    return result(tensors.reduce(f));
  };

export const Sum: Operator = several(add);
export const Max: Operator = several(maximum);
export const Min: Operator = several(minimum);

/** Mean of the inputs, element by element */
export const Mean: Operator = (call) => mapped(Sum(call) as Traced, (total) => mul(total, 1 / call.inputs.length));

function typed(like: Traced, x: Tensor): Tensor {
  return isWhole(like.type) ? trunc(x) : x;
}

/** The second operand: before opset 7 its axes lie along those of the first from `axis` on. */
function second(call: Call): Traced {
  const [x, y] = [call.input(0), call.input(1)];
  if (call.opset >= 7 || call.attribute('axis') === undefined) return y;
  const axis = axisOf(call, call.int('axis', 0), x.shape.length);
  const behind = Math.max(0, x.shape.length - axis - y.shape.length);
  return plain(y.type, reshape(plainTensor(y), [...y.shape, ...Array.from({ length: behind }, () => 1)]));
}
