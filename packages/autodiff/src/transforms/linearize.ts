import { zerosLike } from '../primitives/emit.js';
import type { Program } from '../program.js';
import { gatherFactors } from '../simplify/gatherFactors.js';
import { simplify } from '../simplify/simplify.js';
import { range } from '../specs.js';
import { collect } from '../trace/collect.js';
import { innerTrace } from '../trace/innerTrace.js';
import { freshInputs, replay } from '../trace/replay.js';
import { type Tensor, input, isTensor } from '../trace/tensor.js';
import type { TensorTree } from '../trace/trace.js';
import { flattenLike, unflatten } from '../trace/tree.js';
import { checkLike, floatInputs, jvpProgram, jvpReplay, spreadOver, tangentSpec, type WithRespectTo } from './jvp.js';

/** Where a residual comes from: an input of the original program (no copy needed) or an output of the primal program. */
export type Residual = { readonly input: number } | { readonly output: number };

export interface Linearized {
  /** original inputs → original outputs, then the computed residuals */
  readonly primal: Program;
  /** residuals, then tangents of `wrt` → tangents of the original outputs; linear in the tangents */
  readonly tangent: Program;
  /** what each of the tangent program's first inputs is, no two alike */
  readonly residuals: readonly Residual[];
  /** positions of the original inputs that the tangents belong to */
  readonly wrt: readonly number[];
}

/**
 * Splits a program into what depends on its inputs only and the linear map of tangents.
 *
 * The tangent program holds nothing that could be computed before the tangent is known, except views (broadcast, reshape)
 * of residuals, which cost no memory traffic of their own. For the gradient program of a function it is the
 * Hessian-vector product.
 * @example linearizeProgram(trace(sin, [float64(2)]).program).residuals; // [[object Object]]
 */
export function linearizeProgram(program: Program, { wrt = floatInputs(program) }: WithRespectTo = {}): Linearized {
  const linear = range(wrt.length, program.inputs.length);
  const joint = simplify(gatherFactors(simplify(jvpProgram(program, { wrt })), linear));
  const tensors = freshInputs(joint);
  const [inputs, directions] = [tensors.slice(0, program.inputs.length), tensors.slice(program.inputs.length)];
  const results = replay(joint, tensors);
  const outputs = results.slice(0, program.outputs.length);
  const { program: tangent, captured } = collect(directions, results.slice(program.outputs.length), true);

  const primalOutputs = [...outputs];
  const places = new Map<Tensor, Residual>();
  outputs.forEach((x, output) => places.has(x) || places.set(x, { output }));
  inputs.forEach((x, input) => places.set(x, { input }));
  const residuals = captured.map((x) => {
    const known = places.get(x);
    if (known !== undefined) return known;
    const place = { output: primalOutputs.push(x) - 1 };
    places.set(x, place);
    return place;
  });
  const primal = collect(inputs, primalOutputs, false).program;
  return { primal, tangent: residualsFirst(tangent, directions.length), residuals, wrt };
}

/** (tangents, residuals) → (residuals, tangents) in the order of inputs. */
function residualsFirst(program: Program, tangents: number): Program {
  return { ...program, inputs: [...program.inputs.slice(tangents), ...program.inputs.slice(0, tangents)] };
}

/**
 * The value of f and its derivative at one point, for functions of tensors [radul2023].
 *
 * @returns a function of f's arguments giving `{ value, apply }`; `apply(...tangents)` is f′ · tangents and may be used many times
 * @example evaluateFunction((x, v) => linearize(square)(x).apply(v), [[1, 2], [1, 1]]); // [2, 4]
 */
export function linearize<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
): (...primals: Args) => { value: Result; apply: (...tangents: Args) => Result } {
  return (...primals) => {
    const inner = innerTrace('linearize', f as never, primals as unknown as TensorTree[]);
    const own = inner.spans.reduce((sum, { count }) => sum + count, 0);
    const map = linearAt(
      inner.program,
      inner.values,
      inner.values.slice(0, own).flatMap((x, i) => (x.dtype === 'int32' ? [] : [i])),
    );
    return {
      value: unflatten(inner.result, map.outputs) as Result,
      apply: (...tangents) => {
        const given = inner.spans.flatMap(({ structure }, i) =>
          flattenLike('linearize', structure, tangents[i] as TensorTree, isTensor),
        );
        checkLike('linearize: tangent', given, inner.values);
        const results = replay(map.program, [...map.wrt.map((i) => given[i]), ...map.captured]);
        return unflatten(inner.result, results) as Result;
      },
    };
  };
}

/** A program linearised at tensors of the trace in progress. */
export interface LinearAt {
  readonly outputs: readonly Tensor[];
  /** (tangents of `wrt`, captured) → output tangents */
  readonly program: Program;
  readonly captured: readonly Tensor[];
  readonly wrt: readonly number[];
}

export function linearAt(program: Program, values: readonly Tensor[], wrt: readonly number[]): LinearAt {
  const clock = { now: 0 };
  const directions = wrt.map((position) => input(values[position], clock));
  const dual = jvpReplay(program, values, spreadOver(values.length, wrt, directions));
  const tangents = dual.tangents.map((t, i) => t ?? zerosLike(tangentSpec(dual.values[i])));
  const { program: linear, captured } = collect(directions, tangents, true);
  return { outputs: dual.values, program: linear, captured, wrt };
}
