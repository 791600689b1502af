import type { AffineMap } from '@hyperribbon/autodiff/walk';
import { MemoryLimitError } from '@hyperribbon/contract';
import type { Network, NetworkProgram } from '@hyperribbon/nn';

/** How many there are of everything that a Gram matrix is made of. */
export interface GramCounts {
  /** n examples */
  readonly examples: number;
  /** k numbers of each example whose gradients are taken */
  readonly numbers: number;
  /** rows of the matrix per example: k, or 1 where the numbers are summed over */
  readonly rows: number;
}

/**
 * A part of the parameters and how it enters the Gram matrix.
 *
 * - `dense`: one row x and one row δ an example, (⟨x, x'⟩ + 1) ⟨δ, δ'⟩;
 * - `patches`: P rows each, Σ_pq (⟨x_p, x'_q⟩ + 1) ⟨δ_p, δ'_q⟩;
 * - `columns`: the gradients Σ_p δ_p x_pᵀ by these weights are formed, for all examples;
 * - `others`: as columns, of parameters that belong to no map.
 */
export type GramTerm =
  | {
      readonly kind: 'dense' | 'patches' | 'columns';
      /** number of the map in the network's program */
      readonly map: number;
      /** outputs [from, to) of the map */
      readonly from: number;
      readonly to: number;
      readonly bias: boolean;
      readonly stored: readonly number[];
    }
  | {
      readonly kind: 'others';
      readonly name: string;
      /** entries [from, to) of the parameter */
      readonly from: number;
      readonly to: number;
      readonly stored: readonly number[];
    };

type MapKind = 'dense' | 'patches' | 'columns';

/**
 * The terms of a network's Gram matrix, none of which keeps more than `most` numbers; `stored` says how many numbers of an example each keeps.
 *
 * @throws MemoryLimitError where the inputs of one map alone are more
 */
export function gramTerms(
  caller: string,
  { network, program }: { readonly network: Network; readonly program: NetworkProgram },
  counts: GramCounts,
  most: number,
): readonly GramTerm[] {
  const perExample = Math.floor(most / counts.examples);
  const owned = new Set(program.maps.flatMap(({ alone, weight, bias }) => (alone ? [weight, bias] : [])));
  const ofMaps = program.maps.flatMap((map, i): readonly GramTerm[] => {
    if (!map.alone) return [];
    const kind = kindOf(map, counts);
    const bias = map.bias !== undefined;
    const [fixed, each] = storage(kind, map, bias, counts.numbers);
    const width = widthWithin(caller, perExample - sum(fixed), each, counts.examples);
    return slices(map.outputs, width).map(([from, to]) => {
      return { kind, map: i, from, to, bias, stored: [...fixed, each * (to - from)] };
    });
  });
  const others = network.parameters.flatMap(({ name, shape }, i): readonly GramTerm[] => {
    if (owned.has(i)) return [];
    const width = widthWithin(caller, perExample, counts.numbers, counts.examples);
    return slices(sizeOfShape(shape), width).map(([from, to]) => {
      return { kind: 'others', name, from, to, stored: [counts.numbers * (to - from)] };
    });
  });
  return [...ofMaps, ...others];
}

/** Terms in groups that keep no more than `most` numbers together. */
export function gramPasses(terms: readonly GramTerm[], examples: number, most: number): readonly GramTerm[][] {
  const passes: GramTerm[][] = [];
  let kept = Infinity;
  for (const term of terms) {
    const size = examples * sum(term.stored);
    if (kept + size > most) {
      passes.push([]);
      kept = 0;
    }
    passes[passes.length - 1].push(term);
    kept += size;
  }
  return passes;
}

/** The cheaper way in flops for a pair of examples. */
function kindOf({ positions: P, inputs, outputs }: AffineMap, { examples, numbers: k, rows }: GramCounts): MapKind {
  if (P === 1) return 'dense';
  const patches = P * P * (inputs + k * outputs) + k * k * P * outputs;
  const columns = k * rows * inputs * outputs + (k * P * inputs * outputs) / examples;
  return patches < columns ? 'patches' : 'columns';
}

/** Numbers kept of an example: whatever slice of the outputs is taken, and for each output. */
function storage(
  kind: MapKind,
  { positions, inputs }: AffineMap,
  bias: boolean,
  numbers: number,
): readonly [readonly number[], number] {
  return kind === 'columns' ? [[], numbers * (inputs + (bias ? 1 : 0))] : [[positions * inputs], numbers * positions];
}

function widthWithin(caller: string, room: number, each: number, examples: number): number {
  const width = Math.floor(room / each);
  if (width >= 1) return width;
  const bytes = 8 * examples * (each - Math.min(0, room));
  throw new MemoryLimitError(
    `${caller}: one output of a layer needs ${each} numbers of each of ${examples} examples and there is room for ${Math.max(0, room)}; ` +
      'raise memoryLimit, or take fewer examples',
    bytes,
    8 * examples * Math.max(0, room),
  );
}

function slices(of: number, width: number): readonly (readonly [number, number])[] {
  const parts = Math.ceil(of / width);
  const even = Math.ceil(of / parts);
  return Array.from({ length: Math.ceil(of / even) }, (_, i) => [i * even, Math.min(of, (i + 1) * even)]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function sizeOfShape(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
