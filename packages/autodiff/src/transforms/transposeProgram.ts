import { ArgumentTypeError } from '@hyperribbon/contract';
import { zerosLike } from '../primitives/emit.js';
import { transposeRules } from '../primitives/transposeRules.js';
import type { Program } from '../program.js';
import { apply } from '../trace/apply.js';
import { collect } from '../trace/collect.js';
import { environment, freshInputs } from '../trace/replay.js';
import { type Tensor, input } from '../trace/tensor.js';
import { accumulate } from './accumulate.js';

/**
 * Runs a linear program backwards [radul2023].
 *
 * @param known tensors for the inputs that are plain numbers; undefined where the program is linear in the input
 * @param cotangents of the outputs; undefined is zero
 * @returns cotangents of the linear inputs by position; undefined is zero
 */
export function transposeReplay(
  program: Program,
  known: readonly (Tensor | undefined)[],
  cotangents: readonly (Tensor | undefined)[],
): (Tensor | undefined)[] {
  const env = environment(program, known);
  const linear = new Set(program.inputs.filter((_, i) => known[i] === undefined));
  for (const { op, inputs, output, params } of program.equations) {
    if (inputs.some((value) => linear.has(value))) linear.add(output);
    else
      env[output] = apply(
        op,
        inputs.map((value) => env[value]!),
        params,
      );
  }
  const received = new Map<number, Tensor[]>();
  const send = (value: number, cotangent: Tensor | undefined): void => {
    if (cotangent === undefined || !linear.has(value)) return;
    const terms = received.get(value);
    if (terms === undefined) received.set(value, [cotangent]);
    else terms.push(cotangent);
  };
  program.outputs.forEach((value, i) => send(value, cotangents[i]));
  for (const { op, inputs, output, params } of program.equations.toReversed()) {
    const cotangent = accumulate(received.get(output) ?? []);
    if (cotangent === undefined) continue;
    received.delete(output);
    const rule = transposeRules[op];
    const operands = inputs.map((value) => (linear.has(value) ? undefined : env[value]));
    const bilinear = op === 'mul' || op === 'matmul';
    if (rule === undefined || (bilinear && operands.every((x) => x === undefined)))
      throw new ArgumentTypeError(`transposeProgram: the program is not linear: ${op} of its linear inputs`);
    const specs = inputs.map((value) => program.values[value]);
    rule({ params, inputs: operands, specs, cotangent }).forEach((term, i) => send(inputs[i], term));
  }
  return program.inputs.map((value) => accumulate(received.get(value) ?? []));
}

/**
 * The transpose of a linear program: (known inputs, output cotangents) → cotangents of the linear inputs.
 *
 * @param linear positions of the inputs in which the program is linear
 * @throws ArgumentTypeError if it is not
 * @example transposeProgram(trace((v) => sum(v), [float64(2)]).program, { linear: [0] }).outputs.length; // 1
 */
export function transposeProgram(program: Program, { linear }: { linear: readonly number[] }): Program {
  const inputs = freshInputs(program);
  const clock = { now: 0 };
  const known = inputs.map((x, i) => (linear.includes(i) ? undefined : x));
  const cotangents = program.outputs.map((value) => input(program.values[value], clock));
  const back = transposeReplay(program, known, cotangents);
  const results = linear.map((position) => back[position] ?? zerosLike(inputs[position]));
  const own = known.filter((x) => x !== undefined);
  return collect([...own, ...cotangents], results, false).program;
}
