import { pow } from '@hyperribbon/kernels';
import { type Convolution, requireConvolution, type Taps, tapsOf } from './convolution.js';
import type { EntryNorms } from './matrixNorms.js';
import { scaledCopy } from './scaledCopy.js';

/** Norms of a convolution as the linear map of a whole image. */
export interface MapNorms extends EntryNorms {
  readonly rows: number;
  readonly columns: number;
  /** the largest 1-norm of a column */
  readonly largestColumnOne: number;
  /** how often one number of the input is read, at most: ‖M‖₂² ≤ reads · ‖K‖₂², K the filters as a matrix */
  readonly reads: number;
}

/**
 * The norms of the matrix M of a convolution that are sums over its entries, each weight counted as often as it is used: zeros around the image, strides, gaps
 * and groups as they are. Nothing of the size of M is made: rows of places that use the same part of the kernel are equal.
 *
 * ‖M‖_F = ‖K‖_F · √places only where no window reaches over the edge.
 *
 * @throws ArgumentError where filters do not fit the geometry, or are not finite
 * Cost: as many passes over the filters as there are different edges, 9 for a 3 × 3 kernel with zeros around
 * @example
 * const geometry = {
 *   transposed: false, kernel: [1, 1], stride: [1, 1], padding: [[0, 0], [0, 0]], dilation: [1, 1], input: [4, 4, 1], output: [4, 4, 1],
 * } as const;
 * convolutionNorms({ filters: Float64Array.of(3), rows: 1, columns: 1, groups: 1, geometry }).frobenius; // 12
 */
export function convolutionNorms(convolution: Convolution): MapNorms {
  requireConvolution('convolutionNorms', convolution);
  const { geometry, rows, columns, groups } = convolution;
  const { values, scale } = scaledCopy(convolution.filters);
  const [vertical, horizontal] = [tapsOf(geometry, 0), tapsOf(geometry, 1)];
  const [kh, kw] = geometry.kernel;
  const channels = columns / (kh * kw);
  const lines = (of: (power: number) => Float64Array, count: number, over: [readonly Taps[], readonly Taps[]]): Lines =>
    linesOver([of(1), of(2), of(3)], count, geometry.kernel, over);
  const perRow = (power: number): Float64Array => sumsByRow(values, rows, kh * kw, channels, power);
  const perColumn = (power: number): Float64Array => sumsByColumn(values, [rows, groups], kh * kw, channels, power);
  const row = lines(perRow, rows, [vertical.rows, horizontal.rows]);
  const column = lines(perColumn, groups * channels, [vertical.columns, horizontal.columns]);
  const [inputPlaces, outputPlaces] = [geometry.input, geometry.output].map(([h, w]) => h * w);
  const most = (taps: readonly Taps[]): number => Math.max(...taps.map((set) => set.taps.length));
  return {
    rows: outputPlaces * rows,
    columns: inputPlaces * groups * channels,
    frobenius: Math.sqrt(row.squares) * scale,
    rowSum: row.sum * scale,
    columnSum: column.sum * scale,
    largestRow: row.largest * scale,
    largestRowOne: row.largestOne * scale,
    largestColumnOne: column.largestOne * scale,
    threeOneHalf: pow(row.powers, 2 / 3) * scale,
    reads: most(vertical.columns) * most(horizontal.columns),
  };
}

/** Over all rows, or columns, of M. */
interface Lines {
  readonly squares: number;
  readonly sum: number;
  readonly largest: number;
  readonly largestOne: number;
  /** Σ (Σ |w|³)^½ */
  readonly powers: number;
}

/** @param sums (count, taps) of the first, second and third powers of sizes, over channels @param over sets of taps along both axes */
function linesOver(
  sums: readonly Float64Array[],
  count: number,
  [kh, kw]: readonly [number, number],
  [down, across]: readonly [readonly Taps[], readonly Taps[]],
): Lines {
  let [squares, sum, largest, largestOne, powers] = [0, 0, 0, 0, 0];
  for (const v of down)
    for (const h of across) {
      const places = v.count * h.count;
      for (let o = 0; o < count; o++) {
        const line = [0, 0, 0];
        for (const a of v.taps)
          for (const b of h.taps) for (let p = 0; p < 3; p++) line[p] += sums[p][o * kh * kw + a * kw + b];
        const norm = Math.sqrt(line[1]);
        squares += places * line[1];
        sum += places * norm;
        largest = Math.max(largest, norm);
        largestOne = Math.max(largestOne, line[0]);
        powers += places * Math.sqrt(line[2]);
      }
    }
  return { squares, sum, largest, largestOne, powers };
}

/** (rows, taps): over the channels, of sizes to a power of 1, 2 or 3. */
function sumsByRow(values: Float64Array, rows: number, taps: number, channels: number, power: number): Float64Array {
  const out = new Float64Array(rows * taps);
  for (let at = 0, k = 0; at < out.length; at++)
    for (let c = 0; c < channels; c++, k++) out[at] += raised(Math.abs(values[k]), power);
  return out;
}

/** (groups · channels, taps): over the filters of the group. */
function sumsByColumn(
  values: Float64Array,
  [rows, groups]: readonly [number, number],
  taps: number,
  channels: number,
  power: number,
): Float64Array {
  const out = new Float64Array(groups * channels * taps);
  for (let o = 0, k = 0; o < rows; o++) {
    const group = Math.floor((o * groups) / rows);
    for (let t = 0; t < taps; t++)
      for (let c = 0; c < channels; c++, k++)
        out[(group * channels + c) * taps + t] += raised(Math.abs(values[k]), power);
  }
  return out;
}

function raised(x: number, power: number): number {
  return power === 1 ? x : power === 2 ? x * x : x * x * x;
}
