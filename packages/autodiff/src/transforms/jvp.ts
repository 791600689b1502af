import { ArgumentTypeError } from '@hyperribbon/contract';
import { zerosLike } from '../primitives/emit.js';
import { jvpRules } from '../primitives/jvpRules.js';
import type { Program } from '../program.js';
import { isFloat, sameShape, showShape } from '../specs.js';
import { apply } from '../trace/apply.js';
import { collect } from '../trace/collect.js';
import { innerTrace } from '../trace/innerTrace.js';
import { environment, freshInputs } from '../trace/replay.js';
import { type Tensor, input, isTensor } from '../trace/tensor.js';
import type { TensorTree } from '../trace/trace.js';
import { flattenLike, unflatten } from '../trace/tree.js';

export interface Dual {
  readonly values: readonly Tensor[];
  /** undefined is a zero that costs nothing */
  readonly tangents: readonly (Tensor | undefined)[];
}

export interface WithRespectTo {
  /** positions of the inputs to differentiate by; default: all float inputs */
  readonly wrt?: readonly number[];
}

/** Runs a program on values and tangents at once; equations that no tangent reaches get no tangent work. */
export function jvpReplay(
  program: Program,
  values: readonly Tensor[],
  tangents: readonly (Tensor | undefined)[],
): Dual {
  const env = environment(program, values) as Tensor[];
  const dot: (Tensor | undefined)[] = Array.from({ length: program.values.length });
  program.inputs.forEach((value, i) => (dot[value] = isFloat(program.values[value].dtype) ? tangents[i] : undefined));
  for (const { op, inputs: from, output, params } of program.equations) {
    const inputs = from.map((value) => env[value]);
    env[output] = apply(op, inputs, params);
    const incoming = from.map((value) => dot[value]);
    if (!isFloat(env[output].dtype) || incoming.every((t) => t === undefined)) continue;
    dot[output] = jvpRules[op]({ op, params, inputs, output: env[output], tangents: incoming });
  }
  return { values: program.outputs.map((value) => env[value]), tangents: program.outputs.map((value) => dot[value]) };
}

/**
 * Program for values and directional derivatives: (inputs, tangents of `wrt`) → (outputs, output tangents).
 * @example jvpProgram(trace(sin, [float64(2)]).program).inputs.length; // 2
 */
export function jvpProgram(program: Program, { wrt = floatInputs(program) }: WithRespectTo = {}): Program {
  const inputs = freshInputs(program);
  const directions = wrt.map((position) => input(inputs[position], inputs[position].clock!));
  const dual = jvpReplay(program, inputs, spreadOver(inputs.length, wrt, directions));
  const tangents = dual.tangents.map((t, i) => t ?? zerosLike(tangentSpec(dual.values[i])));
  return collect([...inputs, ...directions], [...dual.values, ...tangents], false).program;
}

/**
 * Directional derivative (forward mode [griewank2008, ch. 3]): `jvp(f)(primals, tangents)` is `[f(primals), f′(primals) · tangents]`.
 *
 * @param f function of tensor trees
 * @returns a function of two arrays, each with one tree per argument of f; tangents of int32 leaves are ignored
 * Cost: about 2–3 evaluations of f.
 * @example evaluateFunction(jvp(sin), [[[0]], [[1]]]); // [[0], [1]]: the value at 0, and the slope in direction 1
 */
export function jvp<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
): (primals: Args, tangents: Args) => [Result, Result] {
  return (primals, tangents) => {
    const args = primals as unknown as readonly TensorTree[];
    const inner = innerTrace('jvp', f as never, args);
    const directions = inner.spans.flatMap(({ structure }, i) =>
      flattenLike('jvp', structure, (tangents as unknown as readonly TensorTree[])[i], isTensor),
    );
    checkLike('jvp: tangent', directions, inner.values);
    const dual = jvpReplay(inner.program, inner.values, directions);
    const slopes = dual.values.map((y, i) => dual.tangents[i] ?? zerosLike(tangentSpec(y)));
    return [unflatten(inner.result, dual.values) as Result, unflatten(inner.result, slopes) as Result];
  };
}

export function floatInputs(program: Program): number[] {
  return program.inputs.flatMap((value, i) => (isFloat(program.values[value].dtype) ? [i] : []));
}

/** An array of `length` with items[i] at positions[i] and undefined elsewhere. */
export function spreadOver<T>(length: number, positions: readonly number[], items: readonly T[]): (T | undefined)[] {
  const out: (T | undefined)[] = Array.from({ length });
  positions.forEach((position, i) => (out[position] = items[i]));
  return out;
}

/** int32 outputs have a float64 zero as tangent, so that the result keeps its nesting. */
export function tangentSpec(y: Tensor): { shape: readonly number[]; dtype: 'float32' | 'float64' } {
  return { shape: y.shape, dtype: y.dtype === 'int32' ? 'float64' : y.dtype };
}

/** @throws ArgumentTypeError unless each float tensor has the shape and dtype of its model */
export function checkLike(name: string, given: readonly Tensor[], models: readonly Tensor[]): void {
  given.forEach((t, i) => {
    const model = models[i];
    if (isFloat(model.dtype) && (t.dtype !== model.dtype || !sameShape(t.shape, model.shape)))
      throw new ArgumentTypeError(
        `${name} ${i} must be ${model.dtype} ${showShape(model.shape)}, got ${t.dtype} ${showShape(t.shape)}`,
      );
  });
}
