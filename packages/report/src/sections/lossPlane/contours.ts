/** Values over a grid, `rows` rows of `columns`; null where there is none. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly values: readonly (number | null)[];
}

/** A place between grid points: column and row, not whole. */
export type Place = readonly [column: number, row: number];

/**
 * Lines on which linearly interpolated values are `level`, by marching squares: open lines end at the edge of the grid or of a hole, closed
 * ones begin and end in the same place. A square with two opposite corners above is split by the mean of its corners.
 *
 * Squares with a corner without a value have no lines. Cost: one pass over the squares.
 */
export function contours(grid: Grid, level: number): readonly (readonly Place[])[] {
  const next = new Map<number, number[]>();
  const join = (a: number, b: number): void => {
    next.set(a, [...(next.get(a) ?? []), b]);
    next.set(b, [...(next.get(b) ?? []), a]);
  };
  for (let row = 0; row + 1 < grid.rows; row++)
    for (let column = 0; column + 1 < grid.columns; column++)
      for (const [a, b] of segments(grid, level, column, row)) join(a, b);
  return chains(next).map((chain) => chain.map((edge) => placeOn(grid, level, edge)));
}

// an edge of the grid by number: 2·(its first point) to the right, one more upwards
const toRight = ({ columns }: Grid, column: number, row: number): number => 2 * (row * columns + column);
const upwards = (grid: Grid, column: number, row: number): number => toRight(grid, column, row) + 1;

/** Pairs of edges of one square that a line joins. */
function segments(grid: Grid, level: number, column: number, row: number): readonly (readonly [number, number])[] {
  const { columns, values } = grid;
  const first = row * columns + column;
  const corners = [values[first], values[first + 1], values[first + columns + 1], values[first + columns]];
  let sum = 0;
  let code = 0;
  for (let i = 0; i < 4; i++) {
    const value = corners[i];
    if (value === null) return [];
    sum += value / 4;
    if (value >= level) code |= 1 << i;
  }
  const [below, right, above, left] = [
    toRight(grid, column, row),
    upwards(grid, column + 1, row),
    toRight(grid, column, row + 1),
    upwards(grid, column, row),
  ];
  if (code > 7 && code !== 10) code = 15 - code;
  if (code === 5 || code === 10) {
    // corners 0 and 2 above: joined through the middle if that is above too
    const joined = sum >= level === (code === 5);
    return joined
      ? [
          [left, above],
          [below, right],
        ]
      : [
          [left, below],
          [right, above],
        ];
  }
  const lines: Readonly<Record<number, readonly [number, number]>> = {
    1: [left, below],
    2: [below, right],
    3: [left, right],
    4: [right, above],
    6: [below, above],
    7: [left, above],
  };
  return code in lines ? [lines[code]] : [];
}

/** Edges in the order in which lines pass them: lines with ends first, then closed ones. */
function chains(next: ReadonlyMap<number, readonly number[]>): readonly (readonly number[])[] {
  const seen = new Set<number>();
  const found: number[][] = [];
  const follow = (start: number): void => {
    const chain = [start];
    seen.add(start);
    let at: number | undefined = start;
    for (;;) {
      const onwards: number | undefined = next.get(at)!.find((edge) => !seen.has(edge));
      if (onwards === undefined) break;
      chain.push(onwards);
      seen.add(onwards);
      at = onwards;
    }
    const closed = chain.length > 2 && next.get(at)!.includes(start);
    found.push(closed ? [...chain, start] : chain);
  };
  for (const [edge, ends] of next) if (ends.length === 1 && !seen.has(edge)) follow(edge);
  for (const edge of next.keys()) if (!seen.has(edge)) follow(edge);
  return found;
}

function placeOn({ columns, values }: Grid, level: number, edge: number): Place {
  const first = edge >> 1;
  const [column, row] = [first % columns, Math.floor(first / columns)];
  const [a, b] = [values[first]!, values[first + (edge % 2 === 0 ? 1 : columns)]!];
  const t = a === b ? 0.5 : (level - a) / (b - a);
  const share = Math.max(0, Math.min(1, Number.isFinite(t) ? t : 0.5));
  return edge % 2 === 0 ? [column + share, row] : [column, row + share];
}
