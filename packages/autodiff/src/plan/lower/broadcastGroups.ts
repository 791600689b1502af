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
  | { readonly kind: 'row'; readonly batch: number; readonly m: number; readonly n: number }
  | { readonly kind: 'column'; readonly batch: number; readonly m: number; readonly n: number }
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
  const [a, b, c] = groups;
  if (groups.length === 2 && !a!.kept) return { kind: 'row', batch: 1, m: a!.size, n: b!.size };
  if (groups.length === 2) return { kind: 'column', batch: 1, m: a!.size, n: b!.size };
  if (groups.length === 3 && a!.kept) return { kind: 'row', batch: a!.size, m: b!.size, n: c!.size };
  if (groups.length === 3) return { kind: 'column', batch: a!.size, m: b!.size, n: c!.size };
  return { kind: 'general' };
}
