import { refuse } from '@hyperribbon/contract';
import * as p from '../primitives/emit.js';
import type { Tensor } from '../trace/tensor.js';
import { requireTensor } from './broadcasting.js';

export type ActivationName = 'linear' | 'relu' | 'tanh' | 'sigmoid' | 'softplus' | 'gelu' | 'geluTanh' | 'silu';

/** max(x, 0), derivative 0 at 0. @example evaluateFunction(relu, [[-1, 2]]); // [0, 2] */
export const relu = (x: Tensor): Tensor => p.unary('relu', requireTensor('relu', x));
/** Hyperbolic tangent; its derivative is computed as sech², accurate in the tails. @example evaluateFunction(tanh, [[0.5]]); // [0.4621...] */
export const tanh = (x: Tensor): Tensor => p.unary('tanh', requireTensor('tanh', x));
/** 1/cosh²x = tanh′(x), accurate in the tails. @example evaluateFunction(sech2, [[0]]); // [1] */
export const sech2 = (x: Tensor): Tensor => p.unary('sech2', requireTensor('sech2', x));
/** 1/(1 + e⁻ˣ) @example evaluateFunction(sigmoid, [[0]]); // [0.5] */
export const sigmoid = (x: Tensor): Tensor => p.unary('sigmoid', requireTensor('sigmoid', x));
/** ln(1 + eˣ) @example evaluateFunction(softplus, [[0]]); // [0.6931...] */
export const softplus = (x: Tensor): Tensor => p.unary('softplus', requireTensor('softplus', x));
/** ln σ(x) = −softplus(−x) @example evaluateFunction(logSigmoid, [[-1000]]); // [-1000] */
export const logSigmoid = (x: Tensor): Tensor => p.unary('logsigmoid', requireTensor('logSigmoid', x));
/** x σ(x), also called swish [hendrycks2016]. @example evaluateFunction(silu, [[1]]); // [0.7310...] */
export const silu = (x: Tensor): Tensor => p.mul(requireTensor('silu', x), p.unary('sigmoid', x));

/**
 * Gaussian error linear unit [hendrycks2016]: x Φ(x), or with `approximate: 'tanh'` the form
 * x/2 (1 + tanh(√(2/π)(x + 0.044715 x³))), computed as x σ(2√(2/π)(x + 0.044715 x³)), which keeps its accuracy for x ≪ 0.
 * @example evaluateFunction(gelu, [[1]]); // [0.8413...]
 */
export function gelu(x: Tensor, { approximate = 'none' }: { approximate?: 'none' | 'tanh' } = {}): Tensor {
  requireTensor('gelu', x);
  if (approximate === 'none') return p.unary('gelu', x);
  const cubic = p.mul(x, p.shift(p.scale(p.unary('square', x), 0.044715), 1));
  return p.mul(x, p.unary('sigmoid', p.scale(cubic, 1.5957691216057308)));
}

const byName: Readonly<Record<ActivationName, (x: Tensor) => Tensor>> = {
  linear: (x) => x,
  relu,
  tanh,
  sigmoid,
  softplus,
  gelu: (x) => gelu(x),
  geluTanh: (x) => gelu(x, { approximate: 'tanh' }),
  silu,
};

/** The activation function of this name. @throws ArgumentError listing the names @example evaluateFunction(activation('relu'), [[-1, 2]]); // [0, 2] */
export function activation(name: ActivationName): (x: Tensor) => Tensor {
  if (!Object.hasOwn(byName, name))
    refuse('activation', `must be one of ${Object.keys(byName).join(', ')}, got ${String(name)}`);
  return byName[name];
}
