import { zerosLike } from '../primitives/emit.js';
import type { Program } from '../program.js';
import { range } from '../specs.js';
import { collect } from '../trace/collect.js';
import { type InnerTrace, innerTrace } from '../trace/innerTrace.js';
import { freshInputs } from '../trace/replay.js';
import { type Tensor, input, isTensor } from '../trace/tensor.js';
import type { TensorTree } from '../trace/trace.js';
import { flattenLike, unflatten } from '../trace/tree.js';
import { checkLike, floatInputs, tangentSpec, type WithRespectTo } from './jvp.js';
import { linearAt } from './linearize.js';
import { transposeReplay } from './transposeProgram.js';

/**
 * Reverse mode, as the transpose of the linearised function [radul2023]: `vjp(f)(primals, cotangent)` is `[f(primals), f′(primals)ᵀ · cotangent]`.
 *
 * @returns a function of an array with one tree per argument of f and a tree like f's result; its second result is an
 * array like the first argument (zeros at int32 leaves)
 * Cost: about 3–4 evaluations of f, whatever the number of arguments.
 * @example evaluateFunction(vjp(square), [[[1, 2]], [1, 1]]); // [[1, 4], [[2, 4]]]
 */
export function vjp<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
): (primals: Args, cotangent: Result) => [Result, Args] {
  return (primals, cotangent) => {
    const { value, structure, pullback, spans } = pullbackOf('vjp', f as never, primals as never);
    const cotangents = flattenLike('vjp', structure, cotangent as TensorTree, isTensor);
    checkLike('vjp: cotangent', cotangents, value);
    const back = pullback(
      cotangents,
      spans.map((_, i) => i),
    );
    return [unflatten(structure, value) as Result, back as unknown as Args];
  };
}

/**
 * Program for values and transposed derivatives: (inputs, cotangents of the outputs) → (outputs, cotangents of `wrt`).
 * @example vjpProgram(trace(sin, [float64(2)]).program).outputs.length; // 2
 */
export function vjpProgram(program: Program, { wrt = floatInputs(program) }: WithRespectTo = {}): Program {
  const inputs = freshInputs(program);
  const map = linearAt(program, inputs, wrt);
  const cotangents = map.outputs.map((y) => input(tangentSpec(y), inputs[0]?.clock ?? { now: 0 }));
  const back = transposeReplay(
    map.program,
    [...wrt.map(() => undefined), ...map.captured],
    cotangents.map((t, i) => (map.outputs[i].dtype === 'int32' ? undefined : t)),
  );
  const results = wrt.map((position, i) => back[i] ?? zerosLike(inputs[position]));
  return collect([...inputs, ...cotangents], [...map.outputs, ...results], false).program;
}

export interface Pullback extends Pick<InnerTrace, 'spans'> {
  readonly value: readonly Tensor[];
  readonly structure: InnerTrace['result'];
  /** cotangent trees of the arguments with these positions */
  readonly pullback: (cotangents: readonly (Tensor | undefined)[], positions: readonly number[]) => TensorTree[];
}

/** f at a point together with its transposed derivative; only the arguments in `wrt` (default all) are differentiated. */
export function pullbackOf(
  name: string,
  f: (...args: never[]) => TensorTree,
  args: readonly TensorTree[],
  wrt: readonly number[] = args.map((_, i) => i),
): Pullback {
  const inner = innerTrace(name, f, args);
  const leavesOf = (i: number): number[] => range(inner.spans[i].count, inner.spans[i].first);
  const leaves = wrt.flatMap(leavesOf);
  const differentiable = leaves.filter((i) => inner.values[i].dtype !== 'int32');
  const map = linearAt(inner.program, inner.values, differentiable);
  const pullback = (cotangents: readonly (Tensor | undefined)[], positions: readonly number[]): TensorTree[] => {
    const known = [...differentiable.map(() => undefined), ...map.captured];
    const back = transposeReplay(map.program, known, cotangents);
    const byLeaf = new Map(differentiable.map((leaf, i) => [leaf, back[i]]));
    return positions.map((i) => {
      const own = leavesOf(i).map((leaf) => byLeaf.get(leaf) ?? zerosLike(inner.values[leaf]));
      return unflatten(inner.spans[i].structure, own);
    });
  };
  return { value: map.outputs, structure: inner.result, spans: inner.spans, pullback };
}
