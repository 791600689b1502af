import { type FloatArray, pow } from '@hyperribbon/kernels';
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
  return mapNorms(convolution);
}

/** What makes the input 1 a part of the linear map. */
export interface ConstantInput {
  /** (rows,) a filter's bias: the entries of the column of the constant, the same at each place */
  readonly bias: Float64Array;
  /** whether the map hands the constant on, by a row (0, …, 0, 1) */
  readonly kept: boolean;
}

/** The same without checks, of M or of [[M, B], [0, 1]]. */
export function mapNorms(convolution: Convolution, constant?: ConstantInput): MapNorms {
  const { geometry, rows, columns, groups } = convolution;
  const { values: together, scale } = scaledCopy(joined(convolution.filters, constant));
  const values = together.subarray(0, rows * columns);
  const bias = together.subarray(rows * columns, rows * columns + (constant === undefined ? 0 : rows));
  // the last of `together`, scaled with the others
  const kept = constant?.kept === true ? 1 / scale : 0;
  const [vertical, horizontal] = [tapsOf(geometry, 0), tapsOf(geometry, 1)];
  const [kh, kw] = geometry.kernel;
  const channels = columns / (kh * kw);
  const perRow = (power: number): Float64Array => sumsByRow(values, rows, kh * kw, channels, power);
  const perColumn = (power: number): Float64Array => sumsByColumn(values, [rows, groups], kh * kw, channels, power);
  const [inputPlaces, outputPlaces] = [geometry.input, geometry.output].map(([h, w]) => h * w);
  const row = new Lines();
  row.over([perRow(1), perRow(2), perRow(3)], geometry.kernel, [vertical.rows, horizontal.rows], bias);
  const column = new Lines();
  column.over([perColumn(1), perColumn(2), perColumn(3)], geometry.kernel, [vertical.columns, horizontal.columns]);
  if (kept > 0) row.add(1, kept, kept * kept, kept * kept * kept);
  if (constant !== undefined)
    column.add(1, outputPlaces * total(bias, 1) + kept, outputPlaces * total(bias, 2) + kept * kept, 0);
  const most = (taps: readonly Taps[]): number => Math.max(...taps.map((set) => set.taps.length));
  const more = constant === undefined ? 0 : 1;
  return {
    rows: outputPlaces * rows + (kept > 0 ? 1 : 0),
    columns: inputPlaces * groups * channels + more,
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

function joined(filters: FloatArray, constant: ConstantInput | undefined): FloatArray {
  if (constant === undefined) return filters;
  const { bias, kept } = constant;
  const out = new Float64Array(filters.length + bias.length + 1);
  out.set(filters);
  out.set(bias, filters.length);
  out[out.length - 1] = kept ? 1 : 0;
  return out;
}

function total(values: Float64Array, power: 1 | 2): number {
  return values.reduce((sum, x) => sum + (power === 1 ? Math.abs(x) : x * x), 0);
}

/** Sums over all rows, or columns, of M. */
class Lines {
  squares = 0;
  sum = 0;
  largest = 0;
  largestOne = 0;
  /** Σ (Σ |w|³)^½ */
  powers = 0;

  /** So many lines with these sums of first, second and third powers of sizes. */
  add(lines: number, one: number, two: number, three: number): void {
    const norm = Math.sqrt(two);
    this.squares += lines * two;
    this.sum += lines * norm;
    this.largest = Math.max(this.largest, norm);
    this.largestOne = Math.max(this.largestOne, one);
    this.powers += lines * Math.sqrt(three);
  }

  /**
   * The lines of each filter, or channel, at every place.
   *
   * @param sums (count, taps) of first, second and third powers @param down sets of taps along the axes @param more (count,) one more entry of each line
   */
  over(
    [ones, twos, threes]: readonly Float64Array[],
    [kh, kw]: readonly [number, number],
    [down, across]: readonly [readonly Taps[], readonly Taps[]],
    more: Float64Array = new Float64Array(0),
  ): void {
    const taps = kh * kw;
    for (const v of down)
      for (const h of across)
        for (let o = 0; o * taps < ones.length; o++) {
          const b = o < more.length ? Math.abs(more[o]) : 0;
          let [one, two, three] = [b, b * b, b * b * b];
          for (const a of v.taps)
            for (const c of h.taps) {
              const at = o * taps + a * kw + c;
              one += ones[at];
              two += twos[at];
              three += threes[at];
            }
          this.add(v.count * h.count, one, two, three);
        }
  }
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
