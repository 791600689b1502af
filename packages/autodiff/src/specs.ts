import { refuse } from '@hyperribbon/contract';
import type { ElementType, Spec } from './program.js';

/**
 * Spec of a float32 array: `float32(32, 784)` is (32, 784), `float32()` a scalar. @throws ArgumentError for a length that is not a whole number ≥ 0
 * @example float32(2, 3).shape; // [2, 3]
 */
export function float32(...shape: readonly number[]): Spec {
  return spec('float32', shape);
}

/** Spec of a float64 array; see {@link float32}. @example float64(5).dtype; // 'float64' */
export function float64(...shape: readonly number[]): Spec {
  return spec('float64', shape);
}

/** Spec of an int32 array (labels, indices); see {@link float32}. @example int32().shape; // [] */
export function int32(...shape: readonly number[]): Spec {
  return spec('int32', shape);
}

function spec(dtype: ElementType, shape: readonly number[]): Spec {
  checkShape(dtype, shape);
  return Object.freeze({ shape: Object.freeze([...shape]), dtype });
}

/** @throws ArgumentError whose first word is `name` if a length is not a whole number ≥ 0 */
export function checkShape(name: string, shape: readonly number[]): void {
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || length < 0)
      refuse(name, `lengths must be integers ≥ 0, got ${showShape(shape)}`);
  }
}

/** Number of elements of a shape: the product of its lengths, 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

/** Elements between neighbours along each axis of a row-major array. */
export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** `(32, 784)`, `(5,)`, `()`: as the field writes shapes. */
export function showShape(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}

export function isFloat(dtype: ElementType): boolean {
  return dtype !== 'int32';
}

/** `range(3)` is [0, 1, 2]; `range(3, 1)` is [1, 2, 3]: axis lists. */
export function range(count: number, first: number = 0): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}
