import { ArgumentTypeError, refuse } from '@hyperribbon/contract';
import { repeat } from '../primitives/emit.js';
import { vmapRules } from '../primitives/vmapRules.js';
import type { Program } from '../program.js';
import { showShape } from '../specs.js';
import { apply } from '../trace/apply.js';
import { collect } from '../trace/collect.js';
import { innerTrace } from '../trace/innerTrace.js';
import { environment, freshInputs } from '../trace/replay.js';
import { type Tensor, input, isTensor } from '../trace/tensor.js';
import type { TensorTree } from '../trace/trace.js';
import { flatten, unflatten } from '../trace/tree.js';

/** Runs a program on stacked inputs; what depends on no stacked input is computed once. Outputs are all stacked. */
export function vmapReplay(
  program: Program,
  args: readonly Tensor[],
  batched: readonly boolean[],
  size: number,
): Tensor[] {
  const env = environment(program, args) as Tensor[];
  const isBatched: boolean[] = Array.from({ length: program.values.length }, () => false);
  program.inputs.forEach((value, i) => (isBatched[value] = batched[i]));
  for (const { op, inputs: from, output, params } of program.equations) {
    const inputs = from.map((value) => env[value]);
    const flags = from.map((value) => isBatched[value]);
    isBatched[output] = flags.includes(true);
    env[output] = isBatched[output]
      ? vmapRules[op]({ op, params, inputs, batched: flags, size })
      : apply(op, inputs, params);
  }
  return program.outputs.map((value) => (isBatched[value] ? env[value] : repeat(env[value], size)));
}

/**
 * The program for `size` examples at once: inputs at the positions `mapped` (default all) and all outputs get a new first axis.
 * @example vmapProgram(trace(sin, [float64(2)]).program, { size: 5 }).values[0].shape; // [5, 2]
 */
export function vmapProgram(
  program: Program,
  { size, mapped = program.inputs.map((_, i) => i) }: { size: number; mapped?: readonly number[] },
): Program {
  const clock = { now: 0 };
  const batched = program.inputs.map((_, i) => mapped.includes(i));
  const inputs = freshInputs(program, clock).map((x, i) =>
    batched[i] ? input({ shape: [size, ...x.shape], dtype: x.dtype }, clock) : x,
  );
  return collect(inputs, vmapReplay(program, inputs, batched, size), false).program;
}

/**
 * f over many examples at once [bradbury2018]: arguments and results have one more axis, the first, over which f is applied separately.
 *
 * @param f function of tensor trees, written for one example
 * @param mapped which arguments are stacked; the others are shared by all examples. Default: all
 * @throws ArgumentError if the stacked arguments differ in their first length
 * @example
 * const perExample = vmap(grad((w, x) => sum(mul(mul(w, w), x))), [false, true]); // 2 w x for each x
 * evaluateFunction(perExample, [[1, 10], { data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] }]); // [2, 40, 6, 80]
 */
export function vmap<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  mapped?: readonly boolean[],
): (...args: Args) => Result {
  return (...args) => {
    const trees = args as unknown as TensorTree[];
    let size: number | undefined;
    const flags: boolean[] = [];
    const stacks: Tensor[] = [];
    const clock = { now: 0 };
    const examples = trees.map((tree, i) => {
      const { leaves, structure } = flatten<Tensor>('vmap', tree, isTensor);
      const over = mapped?.[i] ?? true;
      stacks.push(...leaves);
      flags.push(...leaves.map(() => over));
      if (!over) return tree;
      size ??= leaves[0]?.shape[0];
      for (const { shape } of leaves) {
        if (shape.length === 0 || shape[0] !== size)
          refuse('vmap', `first axes must agree, got ${leaves.map((x) => showShape(x.shape)).join(', ')}`);
      }
      return unflatten(
        structure,
        leaves.map((x) => input({ shape: x.shape.slice(1), dtype: x.dtype }, clock)),
      );
    });
    if (size === undefined) throw new ArgumentTypeError('vmap: no argument is mapped over');
    const inner = innerTrace('vmap', f as never, examples);
    const captured = inner.values.slice(stacks.length);
    const all = [...flags, ...captured.map(() => false)];
    const results = vmapReplay(inner.program, [...stacks, ...captured], all, size);
    return unflatten(inner.result, results) as Result;
  };
}
