import { ArgumentTypeError } from '@hyperribbon/contract';
import type { Tensor } from '../trace/tensor.js';
import { completeSpecs, type Completion } from '../trace/trace.js';
import { grad } from './grad.js';
import { jvp } from './jvp.js';

/**
 * Hessian-vector product by the first argument: `hvp(f)(x, ...rest, v)` is ∇²ₓf(x, ...rest) · v [pearlmutter1994].
 *
 * @param f function of tensor trees whose result is one scalar tensor
 * @returns a function of f's arguments followed by v, which is nested like the first. Where specs are asked for, those of
 * f's own arguments are enough: v has the spec of the first
 * Cost: about twice a gradient. To apply the Hessian at one point many times, linearise the gradient instead.
 * @example evaluateFunction(hvp((x) => sum(mul(square(x), x))), [[1, 2], [1, 1]]); // [6, 12]: 6 x v
 */
export function hvp<Args extends readonly [unknown, ...unknown[]]>(
  f: (...args: Args) => Tensor,
): (...args: [...Args, Args[0]]) => Args[0] {
  const gradient = grad(f);
  const product = (...args: [...Args, Args[0]]): Args[0] => {
    if (args.length < 2)
      throw new ArgumentTypeError(`hvp: expected the function's arguments and a vector, got ${args.length}`);
    const [x, ...rest] = args.slice(0, -1) as unknown as Args;
    const v = args[args.length - 1];
    const along = (point: unknown): unknown => gradient(...([point, ...rest] as unknown as Args));
    return jvp(along)([x], [v])[1];
  };
  const complete: Completion = (specs) => (specs.length <= f.length ? [...specs, specs[0]] : specs);
  Object.defineProperty(product, 'length', { value: f.length + 1 });
  return Object.assign(product, { [completeSpecs]: complete });
}
