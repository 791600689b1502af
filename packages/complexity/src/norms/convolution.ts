import { requireFiniteEntries, requireFloatArray, requireCounts, refuse } from '@hyperribbon/contract';
import type { ConvolutionGeometry } from '@hyperribbon/autodiff/walk';
import type { FloatArray } from '@hyperribbon/kernels';

/** A convolution as a linear map: its filters and how they go over the image. */
export interface Convolution {
  /** (rows, columns): a row for each filter, columns ordered kernel row, kernel column, input channel of its group */
  readonly filters: FloatArray;
  readonly rows: number;
  readonly columns: number;
  /** of neighbouring channels that are convolved apart */
  readonly groups: number;
  readonly geometry: ConvolutionGeometry;
}

/** @throws ArgumentError where filters do not fit the geometry, or are not finite */
export function requireConvolution(caller: string, convolution: Convolution): void {
  const { filters, rows, columns, groups, geometry } = convolution;
  requireCounts(caller, { rows, columns, groups });
  const [kh, kw] = geometry.kernel;
  const channels = geometry.input[2] / groups;
  if (columns !== kh * kw * channels)
    refuse(caller, `columns must be kernel · input channels/groups = ${kh} · ${kw} · ${channels}, got ${columns}`);
  if (rows !== geometry.output[2])
    refuse(caller, `rows must be the ${geometry.output[2]} channels of the output, got ${rows}`);
  requireFloatArray(caller, 'filters', filters, [rows, columns]);
  requireFiniteEntries(caller, 'filters', filters);
}

/** A set of kernel rows or columns that are used together, and by how many places. */
export interface Taps {
  readonly taps: readonly number[];
  readonly count: number;
}

/**
 * Along one axis: which entries of a kernel the outputs use (`rows`), and by which entries the inputs are used (`columns`), zeros around the image left out.
 * Of a transposed convolution outputs and inputs change places.
 */
export function tapsOf(
  { kernel, stride, padding, dilation, input, output, transposed }: ConvolutionGeometry,
  axis: 0 | 1,
): {
  readonly rows: readonly Taps[];
  readonly columns: readonly Taps[];
} {
  const [k, s, d, pad] = [kernel[axis], stride[axis], dilation[axis], padding[axis][0]];
  // the side that windows go over, and the side with a place for each window
  const [image, places] = transposed ? [output[axis], input[axis]] : [input[axis], output[axis]];
  const windows = Array.from({ length: places }, (_, i) =>
    range(k).filter((a) => i * s + a * d - pad >= 0 && i * s + a * d - pad < image),
  );
  const pixels = Array.from({ length: image }, (_, p) =>
    range(k).filter((a) => {
      const at = p + pad - a * d;
      return at >= 0 && at % s === 0 && at / s < places;
    }),
  );
  return transposed
    ? { rows: counted(pixels), columns: counted(windows) }
    : { rows: counted(windows), columns: counted(pixels) };
}

function range(n: number): readonly number[] {
  return Array.from({ length: n }, (_, i) => i);
}

function counted(sets: readonly (readonly number[])[]): readonly Taps[] {
  const found = new Map<string, { taps: readonly number[]; count: number }>();
  for (const taps of sets) {
    const known = found.get(taps.join());
    if (known === undefined) found.set(taps.join(), { taps, count: 1 });
    else known.count++;
  }
  return [...found.values()];
}
