import type { KernelName, Place } from '../instruction.js';
import { sizeOf } from '../../specs.js';
import type { Emitter } from './emitter.js';
import type { Node } from './node.js';
import { nodeFor, type Target } from './target.js';

/** An elementwise kernel on operands that are there, its result in memory of its own. */
export function flatNode(e: Emitter, kernel: KernelName, args: readonly (number | Place)[], target: Target): Node {
  const n = sizeOf(target.shape);
  const place = e.temporary(n, target.dtype);
  e.flat(kernel, target.dtype, [n, ...args, place]);
  return nodeFor(target, { kind: 'stored', place });
}
