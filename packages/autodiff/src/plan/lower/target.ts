import type { ElementType, PrimitiveName } from '../../program.js';
import type { KernelName, Place } from '../instruction.js';
import { sizeOf } from '../../specs.js';
import type { Emitter } from './emitter.js';
import type { Form, Node } from './node.js';

/** What lowering knows about the value it is to make. */
export interface Target {
  readonly shape: readonly number[];
  readonly dtype: ElementType;
  /** exactly one use */
  readonly exclusive: boolean;
  /** the primitives that take it */
  readonly consumers: readonly PrimitiveName[];
}

/** A node of the target's shape. */
export function nodeFor(target: Target, form: Form, exclusive: boolean = target.exclusive): Node {
  return { shape: target.shape, dtype: target.dtype, exclusive, form };
}

/** An elementwise kernel on operands that are there, its result in memory of its own. */
export function flatNode(e: Emitter, kernel: KernelName, args: readonly (number | Place)[], target: Target): Node {
  const place = e.fresh(kernel, target.dtype, sizeOf(target.shape), ...args);
  return nodeFor(target, { kind: 'stored', place });
}

/** A one-off target of another shape, for values that lowering makes on the way. */
export function passing(shape: readonly number[], dtype: ElementType): Target {
  return { shape, dtype, exclusive: true, consumers: [] };
}
