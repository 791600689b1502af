import { ArgumentTypeError, refuse } from '@hyperribbon/contract';
import { reshape } from '../primitives/emit.js';
import { slice, stack } from '../ops/shaping.js';
import { showShape } from '../specs.js';
import { type Tensor, isTensor } from '../trace/tensor.js';
import type { TensorTree } from '../trace/trace.js';
import { flatten, flattenLike, unflatten } from '../trace/tree.js';

/**
 * A loop over the first axis that carries something on: `[carry, y] = step(carry, x)` for each x of `xs` in turn.
 *
 * @param step function of the carried tree and one slice of xs; its carry must be nested like the one it was given
 * @param init what the first step is given
 * @param xs tree of tensors with the same first length n
 * @returns the last carry, and the n results y stacked along a new first axis
 * @throws ArgumentError if the first lengths differ or are 0, ArgumentTypeError if a carry changes its nesting
 * Cost: the loop is unrolled when traced: the program is n times the step's, and its plan grows with it.
 * @example evaluateFunction((x) => scan((sum, xi) => [add(sum, xi), mul(sum, xi)], full([], 1), x), [[2, 3]]); // [[6], [2, 9]]
 */
export function scan<Carry extends TensorTree, X extends TensorTree, Y extends TensorTree>(
  step: (carry: Carry, x: X) => readonly [Carry, Y],
  init: Carry,
  xs: X,
): [Carry, Y] {
  const { leaves, structure } = flatten<Tensor>('scan', xs, isTensor);
  const [n] = leaves[0]?.shape ?? [];
  if (n === undefined || n === 0 || leaves.some(({ shape }) => shape[0] !== n))
    refuse('scan', `xs need one first length ≥ 1, got ${leaves.map(({ shape }) => showShape(shape)).join(', ')}`);
  const carried = flatten<Tensor>('scan', init, isTensor).structure;
  let carry = init;
  const results = Array.from({ length: n }, (_, i) => {
    const pair: unknown = step(
      carry,
      unflatten(
        structure,
        leaves.map((x) => entry(x, i)),
      ) as X,
    );
    if (!Array.isArray(pair) || pair.length !== 2)
      throw new ArgumentTypeError('scan: the step must return [carry, result]');
    flattenLike('scan: the carry', carried, pair[0] as TensorTree, isTensor);
    carry = pair[0] as Carry;
    return flatten<Tensor>('scan', pair[1] as Y, isTensor);
  });
  const [first] = results;
  const stacked = first.leaves.map((_, leaf) => stack(results.map((result) => result.leaves[leaf])));
  return [carry, unflatten(first.structure, stacked) as Y];
}

/** x[i] along the first axis. */
function entry(x: Tensor, i: number): Tensor {
  const zeros = x.shape.map(() => 0);
  return reshape(slice(x, zeros.with(0, i), x.shape.with(0, i + 1)), x.shape.slice(1));
}
