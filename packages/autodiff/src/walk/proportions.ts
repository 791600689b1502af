import type { Program } from '../program.js';
import type { AffineMap } from './affineMap.js';

/** How deep and how wide a network is. */
export interface Proportions {
  /** affine maps on the longest way from the examples to the output */
  readonly depth: number;
  /** most outputs (units, channels) of a map that another map reads; 0 where none does */
  readonly width: number;
}

/**
 * Depth and width of a program by its affine maps. A shortcut makes a network no deeper, and the last layer no wider.
 *
 * @param maps those of `affineMaps` of the same program
 * Cost: one pass over the equations.
 * @example
 * const f = (V, W, x) => matmul(relu(matmul(x, W)), V);
 * const { program } = trace(f, [float64(4, 1), float64(3, 4), float64(2, 3)]);
 * proportions(program, affineMaps(program, { parameters: [0, 1], examples: 2 })); // { depth: 2, width: 4 }
 */
export function proportions(program: Program, maps: readonly AffineMap[]): Proportions {
  const ends = new Map(maps.map((map, i) => [map.output, i]));
  const depths = new Map<number, number>();
  const behind = new Map<number, ReadonlySet<number>>();
  const hidden = new Set<number>();
  for (const { inputs, output } of program.equations) {
    const before = new Set(inputs.flatMap((value) => [...(behind.get(value) ?? [])]));
    const depth = Math.max(0, ...inputs.map((value) => depths.get(value) ?? 0));
    const map = ends.get(output);
    // between two maps only the nearest ones are remembered
    if (map !== undefined) for (const earlier of before) hidden.add(earlier);
    behind.set(output, map === undefined ? before : new Set([map]));
    depths.set(output, depth + (map === undefined ? 0 : 1));
  }
  return {
    depth: depths.get(program.outputs[0]) ?? 0,
    width: Math.max(0, ...[...hidden].map((i) => maps[i].groups * maps[i].outputs)),
  };
}
