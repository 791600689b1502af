import { refuse } from '@hyperribbon/contract';
import { showShape } from '../specs.js';

/** Which axes an operation runs over: one, several, or (undefined) all. Negative axes count from the last. */
export type Axes = number | readonly number[] | undefined;

/** Ascending non-negative axes. @throws ArgumentError for an axis that the shape does not have or that is named twice */
export function resolveAxes(op: string, axes: Axes, shape: readonly number[]): number[] {
  const given = axes === undefined ? shape.map((_, i) => i) : typeof axes === 'number' ? [axes] : axes;
  const resolved = given.map((axis) => resolveAxis(op, axis, shape)).sort((a, b) => a - b);
  if (resolved.some((axis, i) => i > 0 && axis === resolved[i - 1]))
    refuse(op, `axes [${given.join(', ')}] name one twice`);
  return resolved;
}

export function resolveAxis(op: string, axis: number, shape: readonly number[]): number {
  const resolved = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(axis) || resolved < 0 || resolved >= shape.length)
    refuse(op, `axis ${axis} does not exist in ${showShape(shape)}`);
  return resolved;
}
