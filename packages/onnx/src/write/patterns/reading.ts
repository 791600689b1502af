import type { Equation, PrimitiveName, Program } from '@hyperribbon/autodiff';
import type { Draft } from '../draft.js';
import { type Held, spread } from '../held.js';

/** A program that is written, as patterns read it. */
export interface Reading {
  readonly draft: Draft;
  readonly program: Program;
  /** the equation that makes a value, if it is this primitive */
  made(value: number, op: PrimitiveName): Equation | undefined;
  /** whether one equation reads the value, and no output is it */
  readOnce(value: number): boolean;
  /** numbers of a value that is a constant of the program */
  constant(value: number): ArrayLike<number> | undefined;
  /** the value in the graph; what it needs is written before */
  hold(value: number): Held;
}

/** What an equation and those before it are in one operator; undefined where they are something else. */
export type Pattern = (reading: Reading, equation: Equation) => Held | undefined;

/** What is added to every row of a value: the value, and a vector along the last axis. */
export function rowAdded(
  { program, made }: Reading,
  { inputs, output }: Equation,
): readonly [number, number] | undefined {
  const last = program.values[output].shape.length - 1;
  for (const [term, other] of [inputs, inputs.toReversed()]) {
    const row = made(other, 'broadcast');
    if (row?.params.axes!.join() === String(last)) return [term, row.inputs[0]];
  }
  return undefined;
}

/** The name of a vector. */
export function vector(reading: Reading, value: number): string {
  return spread(reading.draft, reading.hold(value), [0]).name;
}

/** The number that every entry of a constant is. */
export function uniform({ made, constant }: Reading, value: number): number | undefined {
  const spreading = made(value, 'broadcast');
  const numbers = constant(spreading?.inputs[0] ?? value);
  return numbers !== undefined && numbers.length === 1 ? numbers[0] : made(value, 'full')?.params.value;
}
