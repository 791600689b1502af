import type { Equation, Program } from '../program.js';
import { type View, asView } from './views.js';

/** Which of a program's inputs are what. */
export interface InputRoles {
  /** numbers of the inputs that hold parameters */
  readonly parameters: readonly number[];
  /** number of the input that holds examples, along its first axis; rows of examples must not mix */
  readonly examples: number;
}

/** A program with what walks over it ask again and again. */
export interface Context {
  readonly program: Program;
  readonly roles: InputRoles;
  /** value → the equation that makes it */
  readonly makers: ReadonlyMap<number, Equation>;
  /** value → the equations that read it; outputs of the program count as readers without an equation */
  readonly readers: ReadonlyMap<number, readonly (Equation | undefined)[]>;
  /** values that depend on the examples */
  readonly moving: ReadonlySet<number>;
}

export function contextOf(program: Program, roles: InputRoles): Context {
  const makers = new Map<number, Equation>();
  const readers = new Map<number, (Equation | undefined)[]>();
  const read = (value: number, reader: Equation | undefined): void => {
    const known = readers.get(value);
    if (known === undefined) readers.set(value, [reader]);
    else known.push(reader);
  };
  const moving = new Set([program.inputs[roles.examples]]);
  for (const equation of program.equations) {
    makers.set(equation.output, equation);
    if (equation.inputs.some((value) => moving.has(value))) moving.add(equation.output);
    for (const value of equation.inputs) read(value, equation);
  }
  for (const value of program.outputs) read(value, undefined);
  return { program, roles, makers, readers, moving };
}

/** The one equation that reads a value; undefined where several do, or the program returns it. */
export function onlyReader({ readers }: Context, value: number): Equation | undefined {
  const all = readers.get(value);
  return all?.length === 1 ? all[0] : undefined;
}

/** A parameter array as some value shows it. */
export interface Shown {
  readonly parameter: number;
  readonly views: readonly View[];
  /** nothing else reads the array or a view of it on the way */
  readonly alone: boolean;
}

export function shownParameter({ program, roles, makers, readers }: Context, value: number): Shown | undefined {
  const views: View[] = [];
  let alone = true;
  for (let at = value; ; ) {
    alone &&= readers.get(at)!.length === 1;
    const maker = makers.get(at);
    if (maker === undefined) {
      const parameter = roles.parameters.find((number) => program.inputs[number] === at);
      return parameter === undefined ? undefined : { parameter, views, alone };
    }
    const step = asView(program, maker);
    if (step === undefined) return undefined;
    views.unshift(step);
    at = maker.inputs[0];
  }
}
