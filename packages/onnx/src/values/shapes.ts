import { refuse } from '@hyperribbon/contract';

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** For each axis the distance between neighbours, row-major. */
export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/** most entries of a list that is written out */
const MOST = 2 ** 22;

/** start, start + 1, …: count of them. @throws ArgumentError for more than anybody means */
export function range(count: number, start = 0): number[] {
  if (!(count <= MOST)) refuse('range', `needs a list of ${count} places, most is ${MOST}`);
  return Array.from({ length: count }, (_, i) => start + i);
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** A shape as messages show it. */
export function showShape(shape: readonly (number | string)[]): string {
  return `(${shape.map((length) => (length === '' ? '?' : length)).join(', ')})`;
}
