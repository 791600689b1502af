import { ArgumentTypeError } from '@hyperribbon/contract';
import { full, reshape, transpose, zerosLike } from '../primitives/emit.js';
import type { Spec } from '../program.js';
import { range, sizeOf } from '../specs.js';
import { apply } from '../trace/apply.js';
import { collect } from '../trace/collect.js';
import { type InnerTrace, innerTrace } from '../trace/innerTrace.js';
import { type Tensor, constant, input } from '../trace/tensor.js';
import type { TensorFunction, TensorTree } from '../trace/trace.js';
import { unflatten } from '../trace/tree.js';
import { withArity } from './grad.js';
import { tangentSpec } from './jvp.js';
import { linearAt } from './linearize.js';
import { transposeReplay } from './transposeProgram.js';
import { vmapReplay } from './vmap.js';

/**
 * Jacobian by the first argument, column by column (forward mode): for narrow inputs.
 *
 * @param f function of tensor trees
 * @returns a function of f's arguments. For tensors x and y = f(x) its result has shape (...y.shape, ...x.shape); for
 * trees it is nested like the result and in each leaf like the first argument
 * Cost: one tangent evaluation per element of x, all at once: memory grows with that number.
 * @example evaluateFunction(jacfwd(square), [[1, 2]]); // [2, 0, 0, 4]
 */
export const jacfwd: Jacobian = /* @__PURE__ */ jacobianBy('jacfwd', (inner) => {
  const columns = leavesOfFirst(inner).map((leaf) => jacobianColumns(inner, leaf));
  return inner.program.outputs.map((_, row) => columns.map((column) => column[row]));
});

/**
 * Jacobian by the first argument, row by row (reverse mode): for narrow results; see {@link jacfwd}.
 * @example evaluateFunction(jacrev(square), [[1, 2]]); // [2, 0, 0, 4]
 */
export const jacrev: Jacobian = /* @__PURE__ */ jacobianBy('jacrev', (inner) =>
  inner.program.outputs.map((_, row) => jacobianRows(inner, row)),
);

/** Of a function of tensors a tensor, of one of trees a tree. */
interface Jacobian {
  <Args extends readonly [Tensor, ...unknown[]]>(f: (...args: Args) => Tensor): (...args: Args) => Tensor;
  <Args extends readonly unknown[]>(f: (...args: Args) => TensorTree): (...args: Args) => TensorTree;
}

/** @param blocks [i][j]: derivative of result leaf i by leaf j of the first argument */
function jacobianBy(name: string, blocks: (inner: InnerTrace) => readonly (readonly Tensor[])[]): Jacobian {
  const transform = (f: TensorFunction): TensorFunction =>
    withArity(f, (...args) => {
      const inner = innerTrace(name, f, args);
      const trees = blocks(inner).map((row) => unflatten(inner.spans[0].structure, row));
      return unflatten<TensorTree>(inner.result, trees) as TensorTree;
    });
  return transform as unknown as Jacobian;
}

function jacobianColumns(inner: InnerTrace, leaf: number): Tensor[] {
  const x = inner.values[leaf];
  const differentiable = x.dtype !== 'int32';
  const map = linearAt(inner.program, inner.values, differentiable ? [leaf] : []);
  if (!differentiable) return map.outputs.map((y) => zerosLike(block(y, x)));
  const n = sizeOf(x.shape);
  const stacks = vmapReplay(map.program, [identity(x), ...map.captured], [true, ...map.captured.map(() => false)], n);
  return stacks.map((stack, i) => {
    const rank = stack.shape.length;
    return reshape(transpose(stack, [...range(rank - 1, 1), 0]), block(map.outputs[i], x).shape);
  });
}

function jacobianRows(inner: InnerTrace, row: number): Tensor[] {
  const leaves = leavesOfFirst(inner);
  const wrt = leaves.filter((leaf) => inner.values[leaf].dtype !== 'int32');
  const map = linearAt(inner.program, inner.values, wrt);
  const y = map.outputs[row];
  const cotangent = input(y, { now: 0 });
  const back = transposeReplay(
    map.program,
    [...wrt.map(() => undefined), ...map.captured],
    map.outputs.map((_, i) => (i === row && y.dtype !== 'int32' ? cotangent : undefined)),
  );
  const reached = wrt.flatMap((leaf, i) => (back[i] === undefined ? [] : [{ leaf, x: back[i] }]));
  const pulled = collect(
    [cotangent],
    reached.map(({ x }) => x),
    true,
  );
  const flags = [true, ...pulled.captured.map(() => false)];
  const stacks =
    reached.length === 0 ? [] : vmapReplay(pulled.program, [identity(y), ...pulled.captured], flags, sizeOf(y.shape));
  return leaves.map((leaf) => {
    const x = inner.values[leaf];
    const found = reached.findIndex((r) => r.leaf === leaf);
    return found < 0 ? zerosLike(block(y, x)) : reshape(stacks[found], block(y, x).shape);
  });
}

function leavesOfFirst(inner: InnerTrace): number[] {
  if (inner.spans.length === 0)
    throw new ArgumentTypeError('jacobian: the function needs an argument to differentiate by');
  return range(inner.spans[0].count, inner.spans[0].first);
}

function block(y: Tensor, x: Tensor): Spec {
  return { ...tangentSpec(y), shape: [...y.shape, ...x.shape] };
}

/** The unit vectors of x's space, stacked: (n, ...shape). */
function identity(x: Tensor): Tensor {
  const n = sizeOf(x.shape);
  const ones = full(1, { shape: [n], dtype: x.dtype });
  const rows = apply('scatterRows', [ones, constant(Int32Array.from({ length: n }, (_, i) => i))], { columns: n });
  return reshape(rows, [n, ...x.shape]);
}
