import { ArgumentTypeError, refuseType } from '@hyperribbon/contract';
import type { Program, Spec } from '../program.js';
import { checkShape } from '../specs.js';
import { collect } from './collect.js';
import { type Clock, type Tensor, input, isTensor } from './tensor.js';
import { type Structure, type Tree, flatten, unflatten } from './tree.js';

export type TensorTree = Tree<Tensor>;
export type SpecTree = Tree<Spec>;

/** A function of tensor trees. Its parameters are `never` here so that functions of any trees fit. */
export type TensorFunction = (...args: never[]) => TensorTree;

/** A program together with the nesting of the function it was traced from. */
export interface Traced {
  readonly program: Program;
  /** nesting of each argument; the program's inputs are all their leaves in order */
  readonly arguments: readonly Structure[];
  readonly result: Structure;
}

/** Argument specs, in order; an object's keys are only names for the reader, its order counts. */
export type ArgumentSpecs = readonly SpecTree[] | Readonly<Record<string, SpecTree>>;

/** Transformed functions carry this: how to complete specs given for the original function's arguments. */
export const completeSpecs: unique symbol = Symbol('completeSpecs');
export type Completion = (specs: readonly SpecTree[]) => readonly SpecTree[];

/**
 * Records what a function does to its arguments as a {@link Program}.
 *
 * The function runs once, on symbolic tensors: loops and conditions of the host language unroll, and anything that is
 * not a tensor is fixed at this moment.
 *
 * @param f a function of tensor trees that returns a tensor tree
 * @param specs one tree of specs per argument. For functions made by `hvp` the specs of f's own arguments are enough
 * @throws ArgumentTypeError or ArgumentError from the operations, naming operation and shapes
 * @example trace((x) => sum(mul(x, tanh(x))), [float64(9)]).program.equations.map(({ op }) => op); // ['tanh', 'mul', 'reduceSum']
 */
export function trace(f: TensorFunction, specs: ArgumentSpecs): Traced {
  if (typeof f !== 'function') refuseType('trace', 'f', 'a function of tensors', f);
  const trees = argumentTrees(f, specs);
  const { spans, inputs, result } = withHint(f, specs, () => applied('trace', f, trees, isSpec, checkedSpec));
  const { program } = collect(inputs, result.leaves, false);
  return { program, arguments: spans.map(({ structure }) => structure), result: result.structure };
}

/** A function applied to fresh inputs of one trace, nested like its arguments. */
export interface Applied<Leaf> {
  readonly leaves: readonly Leaf[];
  /** stand for the leaves */
  readonly inputs: readonly Tensor[];
  /** for each argument the range of its leaves */
  readonly spans: readonly { readonly first: number; readonly count: number; readonly structure: Structure }[];
  readonly result: { readonly leaves: readonly Tensor[]; readonly structure: Structure };
}

export function applied<Leaf>(
  name: string,
  f: TensorFunction,
  trees: readonly Tree<Leaf>[],
  isLeaf: (x: unknown) => x is Leaf,
  specOf: (leaf: Leaf) => Spec,
): Applied<Leaf> {
  const clock: Clock = { now: 0 };
  const leaves: Leaf[] = [];
  const inputs: Tensor[] = [];
  const spans = trees.map((tree) => {
    const { leaves: own, structure } = flatten(name, tree, isLeaf);
    leaves.push(...own);
    inputs.push(...own.map((leaf) => input(specOf(leaf), clock)));
    return { first: leaves.length - own.length, count: own.length, structure };
  });
  const args = spans.map(({ first, count, structure }) => unflatten(structure, inputs.slice(first, first + count)));
  return { leaves, inputs, spans, result: flatten<Tensor>(name, f(...(args as never[])), isTensor) };
}

function argumentTrees(f: TensorFunction, specs: ArgumentSpecs): readonly SpecTree[] {
  if (isSpec(specs) || typeof specs !== 'object' || specs === null)
    refuseType('trace', 'specs', 'an array with one tree of specs per argument, or an object with one per name', specs);
  const given: readonly SpecTree[] = Array.isArray(specs) ? specs : Object.values(specs);
  const completion = (f as { [completeSpecs]?: Completion })[completeSpecs];
  return completion === undefined ? given : completion(given);
}

/** Says of an error what it may come from: parts of one argument given as if each were an argument. */
function withHint<T>(f: TensorFunction, specs: ArgumentSpecs, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const names = Array.isArray(specs) ? [] : Object.keys(specs);
    if (f.length > 0 && names.length > f.length && error instanceof Error)
      error.message += `; specs name ${names.length} arguments, the function has ${f.length}: if they are parts of one, write [{ ${names.join(', ')} }]`;
    throw error;
  }
}

export function isSpec(x: unknown): x is Spec {
  return typeof x === 'object' && x !== null && 'dtype' in x && 'shape' in x && Array.isArray(x.shape);
}

function checkedSpec({ shape, dtype }: Spec): Spec {
  checkShape('trace', shape);
  if (dtype !== 'float32' && dtype !== 'float64' && dtype !== 'int32')
    throw new ArgumentTypeError(`trace: dtype must be float32, float64 or int32, got ${String(dtype)}`);
  return { shape: [...shape], dtype };
}
