import { sizeOf } from '../../specs.js';

/**
 * Index table for a strided copy: entry i₀i₁… is offset + Σ iₐ strides[a], or −1 outside a box (for padding), where
 * the box on axis a is [low, low + length).
 */
export function gatherTable(
  shape: readonly number[],
  strides: readonly number[],
  offset: number = 0,
  box?: { readonly low: readonly number[]; readonly lengths: readonly number[] },
): Int32Array {
  const table = new Int32Array(sizeOf(shape));
  let next = 0;
  const fill = (axis: number, at: number, inside: boolean): void => {
    if (axis === shape.length) {
      table[next++] = inside ? at : -1;
      return;
    }
    for (let i = 0; i < shape[axis]!; i++) {
      const within = box === undefined || (i >= box.low[axis]! && i < box.low[axis]! + box.lengths[axis]!);
      fill(axis + 1, at + i * strides[axis]!, inside && within);
    }
  };
  fill(0, offset, true);
  return table;
}
