import { refuse, requireCounts, requireFiniteEntries, requireFloatArray } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';

/** The filters of a convolution, and how they go over an image whose ends meet. */
export interface CircularConvolution {
  /** (rows, columns): a row for each filter, columns ordered kernel row, kernel column, input channel of its group */
  readonly filters: FloatArray;
  readonly rows: number;
  readonly columns: number;
  /** of neighbouring channels that are convolved apart */
  readonly groups: number;
  readonly geometry: CircularGeometry;
}

/** What the singular values depend on; pairs are [vertical, horizontal]. The geometry of a traced convolution has more, which is not looked at. */
export interface CircularGeometry {
  readonly transposed: boolean;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  /** (height, width, channels) of the image */
  readonly input: readonly [number, number, number];
}

export interface SpectrumOptions {
  /** side lengths of the image; default those that the geometry says */
  readonly image?: readonly [number, number];
}

/** @throws ArgumentError where filters do not fit the geometry, or are not finite */
export function requireCircular(
  caller: string,
  { filters, rows, columns, groups, geometry }: CircularConvolution,
  [height, width]: readonly [number, number],
): void {
  requireCounts(caller, { rows, columns, groups, height, width });
  const [kh, kw] = geometry.kernel;
  const channels = geometry.input[2] / groups;
  if (columns !== kh * kw * channels)
    refuse(caller, `columns must be kernel · input channels/groups = ${kh} · ${kw} · ${channels}, got ${columns}`);
  if (rows % groups !== 0) refuse(caller, `rows must be a multiple of groups = ${groups}, got ${rows}`);
  requireFloatArray(caller, 'filters', filters, [rows, columns]);
  requireFiniteEntries(caller, 'filters', filters);
}
