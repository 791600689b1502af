import { ArgumentTypeError, requireInteger } from '@hyperribbon/contract';
import { full } from '../primitives/emit.js';
import { isFloat, showShape } from '../specs.js';
import { type Tensor, isTensor } from '../trace/tensor.js';
import type { TensorFunction, TensorTree } from '../trace/trace.js';
import { pullbackOf } from './vjp.js';

export interface GradOptions<Argnums = number | readonly number[]> {
  /** which arguments to differentiate by, counted from 0: one position, or several for an array of gradients; default 0 */
  readonly argnums?: Argnums;
}

/** The argument at one position, or an array of those at several. */
export type ArgumentsAt<Args extends readonly unknown[], Argnums> = Argnums extends number
  ? Args[Argnums]
  : { readonly [K in keyof Argnums]: Args[Argnums[K] & number] };

/**
 * Gradient of a scalar function by its first argument, or by those that `argnums` names.
 *
 * @param f function of tensor trees whose result is one scalar tensor
 * @returns a function of f's arguments whose result is nested like the argument (zeros at int32 leaves)
 * @throws ArgumentTypeError if f's result is not a float scalar, ArgumentError for a position that f has no argument at
 * Cost: about 3–4 evaluations of f.
 * @example
 * evaluateFunction(grad((x) => sum(square(x))), [[1, 2, 3]]); // [2, 4, 6]
 * evaluateFunction(grad((x, y) => sum(mul(x, y)), { argnums: [1, 0] }), [[1, 2], [3, 4]]); // [[1, 2], [3, 4]]
 */
export function grad<Args extends readonly unknown[]>(f: (...args: Args) => Tensor): (...args: Args) => Args[0];
export function grad<Args extends readonly unknown[], const Argnums extends number | readonly number[]>(
  f: (...args: Args) => Tensor,
  options: GradOptions<Argnums>,
): (...args: Args) => ArgumentsAt<Args, Argnums>;
export function grad(f: TensorFunction, options: GradOptions = {}): (...args: TensorTree[]) => TensorTree {
  return withArity(f, (...args: TensorTree[]) => gradientAt(f, args, options)[1]);
}

/**
 * `[f(...args), gradient]` in one pass; see {@link grad}.
 * @example evaluateFunction(valueAndGrad((x) => sum(square(x))), [[1, 2]]); // [[5], [2, 4]]
 */
export function valueAndGrad<Args extends readonly unknown[]>(
  f: (...args: Args) => Tensor,
): (...args: Args) => [Tensor, Args[0]];
export function valueAndGrad<Args extends readonly unknown[], const Argnums extends number | readonly number[]>(
  f: (...args: Args) => Tensor,
  options: GradOptions<Argnums>,
): (...args: Args) => [Tensor, ArgumentsAt<Args, Argnums>];
export function valueAndGrad(f: TensorFunction, options: GradOptions = {}): (...args: TensorTree[]) => TensorTree {
  return withArity(f, (...args: TensorTree[]) => gradientAt(f, args, options));
}

function gradientAt(
  f: TensorFunction,
  args: readonly TensorTree[],
  { argnums = 0 }: GradOptions,
): [Tensor, TensorTree] {
  const positions = typeof argnums === 'number' ? [argnums] : argnums;
  for (const position of positions) requireInteger('grad', 'argnums', position, 0, args.length - 1);
  const { value, pullback } = pullbackOf('grad', f, args, positions);
  const [y] = value;
  if (value.length !== 1 || !isTensor(y) || y.shape.length > 0 || !isFloat(y.dtype))
    throw new ArgumentTypeError(
      `grad: the function must return one float scalar, got ${value.map((v) => `${v.dtype} ${showShape(v.shape)}`).join(', ')}`,
    );
  const gradients = pullback([full(1, y)], positions);
  return [y, typeof argnums === 'number' ? gradients[0] : gradients];
}

/** `g` with the length (number of declared parameters) of `f`: hvp counts them. */
export function withArity<G extends (...args: never[]) => unknown>(f: { readonly length: number }, g: G): G {
  return Object.defineProperty(g, 'length', { value: f.length });
}
