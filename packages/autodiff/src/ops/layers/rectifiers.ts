import * as p from '../../primitives/emit.js';
import { apply } from '../../trace/apply.js';
import type { Tensor } from '../../trace/tensor.js';
import { expand, requireTensor } from '../broadcasting.js';
import { tanh } from '../activations.js';

// Activations of two pieces. At a kink the derivative is PyTorch's: that of the piece on the left.

/** x for x > 0, else slope · x. @param slope default 0.01 @example evaluateFunction(leakyRelu, [[-2, 3]]); // [-0.02, 3] */
export function leakyRelu(x: Tensor, slope: number = 0.01): Tensor {
  return p.select(above('leakyRelu', x), x, p.scale(x, slope));
}

/** x for x > 0, else slope · x with a slope that is learnt, broadcast to x. @example evaluateFunction(prelu, [[-2, 3], [0.5]]); // [-1, 3] */
export function prelu(x: Tensor, slope: Tensor): Tensor {
  const positive = above('prelu', x);
  return p.select(positive, x, p.mul(x, expand('prelu', requireTensor('prelu', slope), x.shape)));
}

/** x for x > 0, else alpha (eˣ − 1) [clevert2016]. @param alpha default 1 @example evaluateFunction(elu, [[-1, 2]]); // [-0.6321..., 2] */
export function elu(x: Tensor, alpha: number = 1): Tensor {
  return exponentialBelow('elu', x, alpha, 1);
}

/** x for x > 0, else alpha (e^(x/alpha) − 1) [barron2017]. @param alpha > 0, default 1 @example evaluateFunction(celu, [[-1, 2]]); // [-0.6321..., 2] */
export function celu(x: Tensor, alpha: number = 1): Tensor {
  return exponentialBelow('celu', x, alpha, alpha);
}

/** γ · elu(x, α), which keeps mean 0 and variance 1 [klambauer2017]. @example evaluateFunction(selu, [[1]]); // [1.0507...] */
export function selu(x: Tensor): Tensor {
  return p.scale(exponentialBelow('selu', x, 1.6732632423543772, 1), 1.0507009873554805);
}

/** x for x > threshold, else 0. @param threshold default 1 @example evaluateFunction(thresholdedRelu, [[0.5, 2]]); // [0, 2] */
export function thresholdedRelu(x: Tensor, threshold: number = 1): Tensor {
  // a product and not a choice, so that NaN stays
  return p.mul(x, p.greater(requireTensor('thresholdedRelu', x), p.full(threshold, x)));
}

/** slope · x + offset, cut to [0, 1]. @param slope default 1/6 (ONNX: 0.2) @param offset default 0.5 @example evaluateFunction(hardSigmoid, [[-4, 0, 1.5]]); // [0, 0.5, 0.75] */
export function hardSigmoid(x: Tensor, slope: number = 1 / 6, offset: number = 0.5): Tensor {
  const line = p.shift(p.scale(requireTensor('hardSigmoid', x), slope), offset);
  return apply('min', [apply('max', [line, p.zerosLike(x)]), p.full(1, x)]);
}

/** x · hardSigmoid(x) [howard2019]. @example evaluateFunction(hardSwish, [[-4, 3, 1.5]]); // [0, 3, 1.125] */
export function hardSwish(x: Tensor): Tensor {
  return p.mul(requireTensor('hardSwish', x), hardSigmoid(x));
}

/** x/(1 + |x|) @example evaluateFunction(softsign, [[-1, 3]]); // [-0.5, 0.75] */
export function softsign(x: Tensor): Tensor {
  return p.div(requireTensor('softsign', x), p.shift(p.unary('abs', x), 1));
}

/** x tanh(ln(1 + eˣ)) [misra2019]. @example evaluateFunction(mish, [[1]]); // [0.8650...] */
export function mish(x: Tensor): Tensor {
  return p.mul(requireTensor('mish', x), tanh(p.unary('softplus', x)));
}

function above(op: string, x: Tensor): Tensor {
  return p.greater(requireTensor(op, x), p.zerosLike(x));
}

/** x for x > 0, else alpha (e^(x/width) − 1); the exponent is 0 where the line holds, so that it never overflows. */
function exponentialBelow(op: string, x: Tensor, alpha: number, width: number): Tensor {
  const positive = above(op, x);
  const below = p.select(positive, p.zerosLike(x), x);
  const exponent = width === 1 ? below : p.scale(below, 1 / width);
  return p.select(positive, x, p.scale(p.unary('expm1', exponent), alpha));
}
