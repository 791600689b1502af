import { ArgumentTypeError } from '@hyperribbon/contract';
import type { Program } from '../program.js';
import { collect } from './collect.js';
import { type Tensor, isTensor } from './tensor.js';
import { type Applied, applied, type TensorFunction, type TensorTree } from './trace.js';
import type { Structure } from './tree.js';

/** A function applied to tensors of the trace in progress, as a program and the tensors to run it on. */
export interface InnerTrace extends Pick<Applied<Tensor>, 'spans'> {
  readonly program: Program;
  /** the leaves of the arguments, then captured tensors: what the program's inputs stand for */
  readonly values: readonly Tensor[];
  readonly result: Structure;
}

/** Traces f on stand-ins for `args`, so that a transformation can treat the result as data. */
export function innerTrace(name: string, f: TensorFunction, args: readonly TensorTree[]): InnerTrace {
  if (!Array.isArray(args))
    throw new ArgumentTypeError(`${name}: expected an array with one tree per argument of the function`);
  const { leaves, inputs, spans, result } = applied<Tensor>(name, f, args, isTensor, (leaf) => leaf);
  const { program, captured } = collect(inputs, result.leaves, true);
  return { program, values: [...leaves, ...captured], spans, result: result.structure };
}
