import type { ElementType as Elements } from '@hyperribbon/autodiff';
import type { ElementType } from '../protobuf/elementTypes.js';
import type { Draft } from './draft.js';

/**
 * A value of a program as a graph has it: a tensor whose axes are some of the value's, in any order. Along the others it is the same
 * everywhere. So transposes and broadcasts need no node: who reads the tensor puts its axes where they are wanted.
 */
export interface Held {
  readonly name: string;
  /** axis i of the tensor is axis axes[i] of the value */
  readonly axes: readonly number[];
  /** shape and type of the program's value */
  readonly shape: readonly number[];
  readonly dtype: Elements;
  /** type of the tensor in the graph */
  readonly type: ElementType;
}

/** All axes of a value, in its own order. */
export function ownOrder({ shape }: Pick<Held, 'shape'>): number[] {
  return shape.map((_, axis) => axis);
}

/**
 * The tensor such that it fits into one with axes `order` by the rules of broadcasting: axes in that order, 1 where it lacks one, leading
 * ones left off.
 *
 * @param order holds all axes of the tensor
 */
export function aligned(draft: Draft, { name, axes }: Held, order: readonly number[]): string {
  const own = order.filter((axis) => axes.includes(axis));
  const turned = turn(draft, name, axes, own);
  const first = order.findIndex((axis) => axes.includes(axis));
  const missing = order.flatMap((axis, i) => (i > first && !axes.includes(axis) ? [i - first] : []));
  return own.length === 0 || missing.length === 0 ? turned : draft.node('Unsqueeze', [turned, draft.integers(missing)]);
}

/** The same value as a tensor that has the axes `order`, each at its full length. @param order holds all axes of the tensor */
export function spread(draft: Draft, held: Held, order: readonly number[]): Held {
  const missing = order.filter((axis) => !held.axes.includes(axis));
  if (missing.length === 0) return { ...held, name: turn(draft, held.name, held.axes, order), axes: order };
  if (missing.every((axis) => held.shape[axis] === 1)) {
    const turned = turn(
      draft,
      held.name,
      held.axes,
      order.filter((axis) => held.axes.includes(axis)),
    );
    const places = draft.integers(missing.map((axis) => order.indexOf(axis)));
    return { ...held, name: draft.node('Unsqueeze', [turned, places]), axes: order };
  }
  const lengths = draft.lengths(order.map((axis) => held.shape[axis]));
  return { ...held, name: draft.node('Expand', [aligned(draft, held, order), lengths]), axes: order };
}

/** The same value as a tensor that has at least these axes at their full length. */
export function withAxes(draft: Draft, held: Held, axes: readonly number[]): Held {
  const missing = axes.filter((axis) => !held.axes.includes(axis));
  return missing.length === 0 ? held : spread(draft, held, union([held.axes, axes]));
}

/** Axes that any of some lists has: one list's own order where it has them all, else ascending. */
export function union(lists: readonly (readonly number[])[]): readonly number[] {
  const all = new Set(lists.flat());
  return lists.find((axes) => axes.length === all.size) ?? [...all].sort((a, b) => a - b);
}

function turn(draft: Draft, name: string, from: readonly number[], to: readonly number[]): string {
  if (from.join() === to.join()) return name;
  return draft.node('Transpose', [name], { perm: to.map((axis) => from.indexOf(axis)) });
}
