import { sizeOf } from '../../specs.js';

/** A run of adjacent output axes that all come from the source, or that all repeat it. */
export interface BroadcastGroup {
  readonly kept: boolean;
  size: number;
}

/** The output shape of a broadcast as alternating groups; axes of length 1 vanish. */
export function broadcastGroups(
  shape: readonly number[],
  sourceShape: readonly number[],
  axes: readonly number[],
): BroadcastGroup[] {
  const groups: BroadcastGroup[] = [];
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis]!;
    if (size === 1) continue;
    const from = axes.indexOf(axis);
    const kept = from >= 0 && sourceShape[from] === size;
    const last = groups.at(-1);
    if (last !== undefined && last.kept === kept) last.size *= size;
    else groups.push({ kept, size });
  }
  return groups;
}

/** Where the repeated operand of a two-operand kernel lies: (m, n) ← x (m, n), y in one of these patterns. */
export type BroadcastPattern =
  | { readonly kind: 'same' }
  | { readonly kind: 'scalar' }
  | { readonly kind: 'row' | 'column'; readonly batch: number; readonly m: number; readonly n: number }
  | { readonly kind: 'general' };

/** The pattern of a broadcast, with `batch` repetitions of it along leading axes. */
export function broadcastPattern(
  shape: readonly number[],
  sourceShape: readonly number[],
  axes: readonly number[],
): BroadcastPattern {
  const groups = broadcastGroups(shape, sourceShape, axes);
  if (sizeOf(sourceShape) === sizeOf(shape)) return { kind: 'same' };
  if (sizeOf(sourceShape) === 1) return { kind: 'scalar' };
  if (groups.length !== 2 && groups.length !== 3) return { kind: 'general' };
  const batch = groups.length === 3 ? groups[0]!.size : 1;
  const [rows, columns] = groups.slice(-2) as [BroadcastGroup, BroadcastGroup];
  return { kind: rows.kept ? 'column' : 'row', batch, m: rows.size, n: columns.size };
}
