import { ArgumentTypeError } from '@hyperribbon/contract';
import type { Program } from '../program.js';
import { collect } from './collect.js';
import { type Clock, type Tensor, input, isTensor } from './tensor.js';
import { type TensorFunction, type TensorTree } from './trace.js';
import { type Structure, flatten, unflatten } from './tree.js';

/** A function applied to tensors of the trace in progress, as a program and the tensors to run it on. */
export interface InnerTrace {
  readonly program: Program;
  /** the leaves of the arguments, then captured tensors: what the program's inputs stand for */
  readonly values: readonly Tensor[];
  /** for each argument the range of its leaves among the inputs */
  readonly spans: readonly { readonly first: number; readonly count: number; readonly structure: Structure }[];
  readonly result: Structure;
}

/** Traces f on stand-ins for `args`, so that a transformation can treat the result as data. */
export function innerTrace(name: string, f: TensorFunction, args: readonly TensorTree[]): InnerTrace {
  if (!Array.isArray(args))
    throw new ArgumentTypeError(`${name}: expected an array with one tree per argument of the function`);
  const clock: Clock = { now: 0 };
  const values: Tensor[] = [];
  const inputs: Tensor[] = [];
  const spans: { first: number; count: number; structure: Structure }[] = [];
  const standIns = args.map((tree) => {
    const { leaves, structure } = flatten(name, tree, isTensor);
    spans.push({ first: values.length, count: leaves.length, structure });
    values.push(...leaves);
    const fresh = leaves.map((leaf) => input(leaf, clock));
    inputs.push(...fresh);
    return unflatten(structure, fresh);
  });
  const result = flatten<Tensor>(name, f(...(standIns as never[])), isTensor);
  const { program, captured } = collect(inputs, result.leaves, true);
  return { program, values: [...values, ...captured], spans, result: result.structure };
}
