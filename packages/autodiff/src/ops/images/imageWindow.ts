import { refuse } from '@hyperribbon/contract';
import type { Window } from '../../program.js';

/** Zeros around images: none, so that the output has size ⌈input/stride⌉, one number for every side, or [[top, bottom], [left, right]]. */
export type Padding = 'valid' | 'same' | number | readonly [readonly [number, number], readonly [number, number]];

export interface WindowOptions {
  readonly stride: number | readonly [number, number];
  readonly padding: Padding;
  /** default 1 */
  readonly dilation?: number | readonly [number, number];
  /** let a last window begin inside that ends outside; default false */
  readonly ceil?: boolean;
}

/** Geometry of windows of size [kh, kw] over (batch, height, width, channels). @throws ArgumentError if no window fits */
export function imageWindow(
  op: string,
  [batch, height, width, channels]: readonly number[],
  [kh, kw]: readonly [number, number],
  { stride, padding, dilation = 1, ceil = false }: WindowOptions,
): Window {
  const [strideH, strideW] = pairOf(stride);
  const [dilationH, dilationW] = pairOf(dilation);
  if (![kh, kw, strideH, strideW, dilationH, dilationW].every((n) => Number.isSafeInteger(n) && n >= 1))
    refuse(
      op,
      `window, stride and dilation must be integers ≥ 1, got ${kh}x${kw}, ${strideH}, ${strideW} and ${dilationH}, ${dilationW}`,
    );
  const rows = alongAxis(op, height, kh, { stride: strideH, dilation: dilationH, padding, ceil, axis: 0 });
  const columns = alongAxis(op, width, kw, { stride: strideW, dilation: dilationW, padding, ceil, axis: 1 });
  if (rows.count < 1 || columns.count < 1) refuse(op, `a ${kh}x${kw} window does not fit images of ${height}x${width}`);
  const [padTop, padLeft, oh, ow] = [rows.before, columns.before, rows.count, columns.count];
  const window: Window = { batch, height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, oh, ow };
  return dilationH === 1 && dilationW === 1 ? window : { ...window, dilationH, dilationW };
}

/** Both numbers of one number or a pair. */
export function pairOf(value: number | readonly [number, number]): readonly [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}

/** How far a window of this many neighbours reaches. */
export function reachOf(kernel: number, dilation: number = 1): number {
  return (kernel - 1) * dilation + 1;
}

interface Line {
  readonly stride: number;
  readonly dilation: number;
  readonly padding: Padding;
  readonly ceil: boolean;
  readonly axis: 0 | 1;
}

function alongAxis(
  op: string,
  length: number,
  kernel: number,
  { stride, dilation, padding, ceil, axis }: Line,
): { readonly before: number; readonly count: number } {
  const reach = reachOf(kernel, dilation);
  const [before, after] = paddingOf(op, padding, axis, length, reach, stride);
  const room = (length + before + after - reach) / stride;
  if (!ceil) return { before, count: Math.floor(room) + 1 };
  const count = Math.ceil(room) + 1;
  return { before, count: (count - 1) * stride >= length + before ? count - 1 : count };
}

/** Zeros before and after one axis. */
export function paddingOf(
  op: string,
  padding: Padding,
  axis: 0 | 1,
  length: number,
  reach: number,
  stride: number,
): readonly [number, number] {
  if (padding === 'valid') return [0, 0];
  if (padding === 'same') {
    const total = Math.max(0, (Math.ceil(length / stride) - 1) * stride + reach - length);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
  const [before, after] = typeof padding === 'number' ? [padding, padding] : padding[axis];
  if (!Number.isSafeInteger(before) || !Number.isSafeInteger(after) || before < 0 || after < 0)
    refuse(op, `padding must be 'valid', 'same' or integers ≥ 0, got ${String(padding)}`);
  return [before, after];
}
