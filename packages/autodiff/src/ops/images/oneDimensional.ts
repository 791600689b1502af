import { refuse } from '@hyperribbon/contract';
import * as p from '../../primitives/emit.js';
import { showShape } from '../../specs.js';
import type { Tensor } from '../../trace/tensor.js';
import { requireTensor } from '../broadcasting.js';
import { conv2d } from '../convolution.js';
import { averagePool2d, maxPool2d } from '../pooling.js';

/** Order of a sequence batch's axes: N batch, L length, C channels. */
export type SequenceLayout = 'NLC' | 'NCL';

export interface SequenceOptions {
  /** step of the window; default 1, of a pooling the window */
  readonly stride?: number;
  /** 'valid' none; 'same' output length ⌈length/stride⌉; n on both sides; or [before, after]. Default 'valid' */
  readonly padding?: 'valid' | 'same' | number | readonly [number, number];
  /** layout of x and of the result; default 'NLC' */
  readonly layout?: SequenceLayout;
}

export interface SequenceConvolutionOptions extends SequenceOptions {
  /** steps between neighbours of the window; default 1 */
  readonly dilation?: number;
  /** groups of neighbouring channels that are convolved apart; default 1 */
  readonly groups?: number;
}

export interface SequencePoolingOptions extends SequenceOptions {
  readonly size: number;
  /** let the last window end outside; default false */
  readonly ceil?: boolean;
}

/**
 * Convolution along one axis: {@link conv2d} of images of height 1.
 *
 * @param x (batch, length, in), or (batch, in, length) with layout 'NCL'
 * @param weights (out, in/groups, k)
 * @returns (batch, ol, out) or (batch, out, ol)
 * @example evaluateFunction((x, w) => conv1d(reshape(x, [1, 3, 1]), reshape(w, [1, 1, 2])), [[1, 2, 4], [1, 10]]); // [21, 42]
 */
export function conv1d(x: Tensor, weights: Tensor, options: SequenceConvolutionOptions = {}): Tensor {
  const { dilation = 1, ...others } = options;
  if (requireTensor('conv1d', weights).shape.length !== 3)
    refuse('conv1d', `weights must be (out, in/groups, k), got ${showShape(weights.shape)}`);
  const [out, channels, k] = weights.shape;
  const kernel = p.reshape(weights, [out, channels, 1, k]);
  return asImage('conv1d', x, others, (image, given) => conv2d(image, kernel, { ...given, dilation: [1, dilation] }));
}

/** Maximum of each window along one axis. @example evaluateFunction((x) => maxPool1d(reshape(x, [1, 4, 1]), { size: 2 }), [[1, 3, 5, 2]]); // [3, 5] */
export function maxPool1d(x: Tensor, options: SequencePoolingOptions & { readonly dilation?: number }): Tensor {
  const { size, dilation = 1, stride = size, ...others } = options;
  return asImage('maxPool1d', x, { ...others, stride }, (image, given) =>
    maxPool2d(image, { ...given, size: [1, size], dilation: [1, dilation] }),
  );
}

/** Mean of each window along one axis. @example evaluateFunction((x) => averagePool1d(reshape(x, [1, 4, 1]), { size: 2 }), [[1, 3, 5, 2]]); // [2, 3.5] */
export function averagePool1d(
  x: Tensor,
  options: SequencePoolingOptions & { readonly countPadding?: boolean },
): Tensor {
  const { size, stride = size, ...others } = options;
  return asImage('averagePool1d', x, { ...others, stride }, (image, given) =>
    averagePool2d(image, { ...given, size: [1, size] }),
  );
}

interface ImageOptions {
  readonly stride: readonly [number, number];
  readonly padding: 'valid' | 'same' | readonly [readonly [number, number], readonly [number, number]];
}

/** Sequences as images of height 1; options that are not of sequences pass through. */
function asImage<Options extends SequenceOptions>(
  op: string,
  x: Tensor,
  options: Options,
  f: (image: Tensor, options: Omit<Options, keyof SequenceOptions> & ImageOptions) => Tensor,
): Tensor {
  const { stride = 1, padding = 'valid', layout = 'NLC', ...others } = options;
  if (requireTensor(op, x).shape.length !== 3)
    refuse(op, `sequences need 3 axes (${layout}), got ${showShape(x.shape)}`);
  if (layout !== 'NLC' && layout !== 'NCL') refuse(op, `layout must be 'NLC' or 'NCL', got ${String(layout)}`);
  const rows = layout === 'NLC' ? x : p.transpose(x, [0, 2, 1]);
  const [batch, length, channels] = rows.shape;
  const ends = typeof padding === 'number' ? ([padding, padding] as const) : padding;
  const sides = typeof ends === 'string' ? ends : ([[0, 0], ends] as const);
  const given = { ...others, stride: [1, stride], padding: sides } as const;
  const image = f(p.reshape(rows, [batch, 1, length, channels]), given);
  const sequence = p.reshape(image, [batch, image.shape[2], image.shape[3]]);
  return layout === 'NLC' ? sequence : p.transpose(sequence, [0, 2, 1]);
}
