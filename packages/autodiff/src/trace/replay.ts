import type { Equation, Program } from '../program.js';
import { apply } from './apply.js';
import { type Clock, type Tensor, constant, input } from './tensor.js';

/** Fresh tensors for a program's inputs, sharing one clock. */
export function freshInputs(program: Program, clock: Clock = { now: 0 }): Tensor[] {
  return program.inputs.map((value) => input(program.values[value], clock));
}

/** The program's values as tensors: constants and inputs are there, equations are not yet. */
export function environment(program: Program, args: readonly (Tensor | undefined)[]): (Tensor | undefined)[] {
  const env: (Tensor | undefined)[] = Array.from({ length: program.values.length });
  program.inputs.forEach((value, i) => (env[value] = args[i]));
  for (const { value, data } of program.constants) env[value] = constant(data, program.values[value].shape);
  return env;
}

/** Applies a program to tensors: its equations become part of whatever is being traced. */
export function replay(
  program: Program,
  args: readonly Tensor[],
  applyEquation: (equation: Equation, inputs: readonly Tensor[]) => Tensor = ({ op, params }, inputs) =>
    apply(op, inputs, params),
): Tensor[] {
  const env = environment(program, args);
  for (const equation of program.equations) {
    env[equation.output] = applyEquation(
      equation,
      equation.inputs.map((value) => env[value]!),
    );
  }
  return program.outputs.map((value) => env[value]!);
}
