import { ArgumentTypeError, describe, refuse } from '@hyperribbon/contract';
import { broadcast, full, reshape } from '../primitives/emit.js';
import { requireSameDtype } from '../primitives/shapeRules.js';
import type { Spec } from '../program.js';
import { sameShape, showShape } from '../specs.js';
import { type Tensor, isTensor } from '../trace/tensor.js';

/** A tensor or a number, which stands for a scalar of the other operand's dtype. */
export type Operand = Tensor | number;

/** Both operands in their common NumPy shape. @throws ArgumentTypeError for mixed dtypes, ArgumentError for shapes that do not go together */
export function broadcastPair(op: string, x: Operand, y: Operand): [Tensor, Tensor] {
  if (isTensor(x) && isTensor(y)) {
    requireSameDtype(op, x, y);
    const shape = commonShape(op, x, y);
    return [expand(op, x, shape), expand(op, y, shape)];
  }
  if (isTensor(x)) return [x, uniform(op, y, x)];
  if (isTensor(y)) return [uniform(op, x, y), y];
  throw new ArgumentTypeError(`${op}: at least one operand must be a tensor, got ${show(x)} and ${show(y)}`);
}

/** x spread to `shape` by NumPy's rules (aligned at the last axis, lengths of 1 repeat). */
export function expand(op: string, x: Tensor, shape: readonly number[]): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const offset = shape.length - x.shape.length;
  if (offset < 0 || x.shape.some((length, i) => length !== 1 && length !== shape[offset + i]))
    refuse(op, `${showShape(x.shape)} does not broadcast to ${showShape(shape)}`);
  const kept = x.shape.flatMap((length, i) => (length === shape[offset + i] ? [i] : []));
  const core = reshape(
    x,
    kept.map((i) => x.shape[i]),
  );
  return broadcast(
    core,
    kept.map((i) => offset + i),
    shape,
  );
}

export function commonShape(op: string, ...specs: readonly Spec[]): number[] {
  const rank = Math.max(...specs.map(({ shape }) => shape.length));
  return Array.from({ length: rank }, (_, i) => {
    let length = 1;
    for (const { shape } of specs) {
      const own = shape[shape.length - rank + i] ?? 1;
      if (own === 1) continue;
      if (length !== 1 && own !== length)
        refuse(op, `shapes do not broadcast: ${specs.map((spec) => showShape(spec.shape)).join(' x ')}`);
      length = own;
    }
    return length;
  });
}

function uniform(op: string, value: unknown, like: Tensor): Tensor {
  if (typeof value !== 'number')
    throw new ArgumentTypeError(`${op}: expected a tensor or a number, got ${show(value)}`);
  return full(value, like);
}

/** @throws ArgumentTypeError naming the operation if x is not a tensor */
export function requireTensor(op: string, x: unknown): Tensor {
  if (!isTensor(x)) throw new ArgumentTypeError(`${op}: expected a tensor, got ${show(x)}`);
  return x;
}

function show(x: unknown): string {
  return describe(x) + (ArrayBuffer.isView(x) ? '; wrap it with constant(data, shape)' : '');
}
