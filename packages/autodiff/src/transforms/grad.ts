import { ArgumentTypeError } from '@hyperribbon/contract';
import { full } from '../primitives/emit.js';
import { isFloat, showShape } from '../specs.js';
import { type Tensor, isTensor } from '../trace/tensor.js';
import type { TensorTree } from '../trace/trace.js';
import { pullbackOf } from './vjp.js';

/**
 * Gradient of a scalar function by its first argument.
 *
 * @param f function of tensor trees whose result is one scalar tensor
 * @returns a function of f's arguments whose result is nested like the first (zeros at int32 leaves)
 * @throws ArgumentTypeError if f's result is not a float scalar
 * Cost: about 3–4 evaluations of f.
 * @example evaluateFunction(grad((x) => sum(square(x))), [[1, 2, 3]]); // [2, 4, 6]
 */
export function grad<Args extends readonly unknown[]>(f: (...args: Args) => Tensor): (...args: Args) => Args[0] {
  const both = valueAndGrad(f);
  return withArity(f, (...args: Args) => both(...args)[1]);
}

/**
 * `[f(...args), gradient by the first argument]` in one pass; see {@link grad}.
 * @example evaluateFunction(valueAndGrad((x) => sum(square(x))), [[1, 2]]); // [[5], [2, 4]]
 */
export function valueAndGrad<Args extends readonly unknown[]>(
  f: (...args: Args) => Tensor,
): (...args: Args) => [Tensor, Args[0]] {
  return withArity(f, (...args: Args) => {
    const { value, pullback } = pullbackOf('grad', f as never, args as never, [0]);
    const [y] = value;
    if (value.length !== 1 || !isTensor(y) || y.shape.length > 0 || !isFloat(y.dtype))
      throw new ArgumentTypeError(
        `grad: the function must return one float scalar, got ${value.map((v) => `${v.dtype} ${showShape(v.shape)}`).join(', ')}`,
      );
    const [gradient] = pullback([full(1, y)], [0]) as TensorTree[];
    return [y, gradient as Args[0]];
  });
}

/** `g` with the length (number of declared parameters) of `f`: hvp counts them. */
export function withArity<G extends (...args: never[]) => unknown>(f: { readonly length: number }, g: G): G {
  return Object.defineProperty(g, 'length', { value: f.length });
}
