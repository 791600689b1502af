import { refuse } from '@hyperribbon/contract';
import type { Emitter } from './emitter.js';
import type { Place } from '../instruction.js';

/** An int32 input whose values must be in [0, limit). */
export interface IndexCheck {
  readonly input: number;
  readonly op: string;
  /** in elements */
  readonly offset: number;
  readonly length: number;
  readonly limit: number;
}

/** @throws ArgumentError naming operation, position, value and limit, unless all indices are in [0, limit) */
export function checkIndices(op: string, index: Int32Array, length: number, limit: number, offset: number = 0): void {
  for (let i = offset; i < offset + length; i++) {
    const value = index[i]!;
    if (value < 0 || value >= limit) {
      refuse(op, `index must be in [0, ${limit}), got ${value} at position ${i - offset}`);
    }
  }
}

/** Sees to it that indices are checked: constants now, inputs when they are handed in, computed ones when they are used. */
export function requireIndices(
  e: Emitter,
  checks: IndexCheck[],
  op: string,
  index: Place,
  limit: number,
  trusted: ReadonlyMap<number, number>,
): void {
  const buffer = e.buffers[index.buffer]!;
  const [offset, length] = [index.offset / 4, index.bytes / 4];
  if (buffer.region === 'constant') {
    checkIndices(op, e.constants[buffer.index] as Int32Array, length, limit, offset);
  } else if (buffer.region === 'input') {
    const check = { input: buffer.index, op, offset, length, limit };
    const known = (c: IndexCheck): boolean => c.input === check.input && c.offset === offset && c.length === length;
    if (!checks.some((c) => known(c) && c.limit <= limit)) checks.push(check);
  } else if ((trusted.get(index.buffer) ?? Infinity) > limit) {
    // counted as a write, so that no use of the indices is scheduled before
    e.call('checkIndex', 'int32', [length, limit, index], { out: 2, accumulates: true });
  }
}
