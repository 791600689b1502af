import {
  type Tensor,
  abs,
  add,
  div,
  expm1,
  gelu,
  greater,
  maximum,
  minimum,
  mul,
  relu,
  reshape,
  select,
  sigmoid,
  softplus,
  sub,
  tanh,
  zerosLike,
} from '@hyperribbon/autodiff';
import type { Call, Operator } from '../../values/call.js';
import { aligned, mapped } from '../../values/layout.js';
import { plain, plainTensor } from '../../values/value.js';

const of =
  (f: (x: Tensor, call: Call) => Tensor): Operator =>
  (call) =>
    mapped(call.input(0), (x) => f(x, call));

export const Relu: Operator = of(relu);
export const Tanh: Operator = of(tanh);
export const Sigmoid: Operator = of(sigmoid);
export const Softplus: Operator = of(softplus);
/** x/(1 + |x|) */
export const Softsign: Operator = of((x) => div(x, add(abs(x), 1)));
/** x tanh(ln(1 + eˣ)) */
export const Mish: Operator = of((x) => mul(x, tanh(softplus(x))));

/** x Φ(x), or its approximation by tanh */
export const Gelu: Operator = of((x, call) => {
  const approximate = call.text('approximate', 'none');
  if (approximate !== 'none' && approximate !== 'tanh')
    return call.refuse(`approximate must be none or tanh, got ${approximate}`);
  return gelu(x, { approximate });
});

/** x for x > 0, else alpha·x */
export const LeakyRelu: Operator = of((x, call) => select(greater(x, 0), x, mul(x, call.float('alpha', 0.01))));

/** x for x > 0, else alpha·(eˣ − 1) */
export const Elu: Operator = of((x, call) => elu(x, call.float('alpha', 1)));

/** gamma·x for x > 0, else gamma·alpha·(eˣ − 1) */
export const Selu: Operator = of((x, call) =>
  mul(elu(x, call.float('alpha', 1.6732632423543772)), call.float('gamma', 1.0507009873554805)),
);

/** max(0, x) + min(0, alpha·(exp(x/alpha) − 1)) */
export const Celu: Operator = of((x, call) => {
  const alpha = call.float('alpha', 1);
  return add(relu(x), mul(expm1(minimum(mul(x, 1 / alpha), 0)), alpha));
});

/** x for x > alpha, else 0 */
export const ThresholdedRelu: Operator = of((x, call) => select(greater(x, call.float('alpha', 1)), x, zerosLike(x)));

/** max(0, min(1, alpha·x + beta)) */
export const HardSigmoid: Operator = of((x, call) => hardSigmoid(x, call.float('alpha', 0.2), call.float('beta', 0.5)));

/** x · max(0, min(1, x/6 + 1/2)) */
export const HardSwish: Operator = of((x) => mul(x, hardSigmoid(x, 1 / 6, 0.5)));

/** x for x > 0, else slope·x; the slope broadcasts to x */
export const PRelu: Operator = (call) => {
  const [data, given] = [call.input(0), call.input(1)];
  // before opset 7 one number for each channel
  const byChannel = call.opset < 7 && given.shape.length === 1 && given.shape[0] === data.shape[1];
  const spread = byChannel ? [...given.shape, ...data.shape.slice(2).map(() => 1)] : given.shape;
  const { tensors, result } = aligned([data, plain(given.type, reshape(plainTensor(given), spread))]);
  const [x, slope] = tensors;
  return result(select(greater(x, 0), x, mul(x, slope)));
};

/** x − bias for x > lambd, x + bias for x < −lambd, else 0 */
export const Shrink: Operator = of((x, call) => {
  const [bias, edge] = [call.float('bias', 0), call.float('lambd', 0.5)];
  return select(greater(x, edge), sub(x, bias), select(greater(-edge, x), add(x, bias), zerosLike(x)));
});

/** the branch that is not taken must stay finite, or its derivative would be 0·∞ */
function elu(x: Tensor, alpha: number): Tensor {
  return select(greater(x, 0), x, mul(expm1(minimum(x, 0)), alpha));
}

function hardSigmoid(x: Tensor, alpha: number, beta: number): Tensor {
  return maximum(minimum(add(mul(x, alpha), beta), 1), 0);
}
