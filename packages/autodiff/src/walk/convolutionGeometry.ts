import type { Window } from '../program.js';
import { type Context, onlyReader } from './context.js';

/** What a convolution looks like from outside. Pairs are [vertical, horizontal]. */
export interface ConvolutionGeometry {
  /** whether each pixel of the input spreads over a window of the output (a transposed convolution) and not the other way round */
  readonly transposed: boolean;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  /** zeros that windows reach: [[top, bottom], [left, right]]; of a transposed one what is cut off */
  readonly padding: readonly [readonly [number, number], readonly [number, number]];
  readonly dilation: readonly [number, number];
  /** (height, width, channels) of one example; a depthwise convolution counts a channel as often as it has outputs */
  readonly input: readonly [number, number, number];
  /** (height, width, channels) of one example */
  readonly output: readonly [number, number, number];
}

/**
 * The geometry of a product whose rows are patches, or whose results are; undefined where neither is so.
 *
 * @param input value whose rows of `inputs` numbers may be patches
 * @param output value whose rows of `outputs` numbers may be patches
 * @param groups matrices that are applied side by side
 */
export function productGeometry(
  context: Context,
  { input, output, inputs, outputs, groups }: Ends,
): ConvolutionGeometry | undefined {
  const { makers, program } = context;
  let from = makers.get(input);
  while (from?.op === 'reshape') from = makers.get(from.inputs[0]);
  if (
    from?.op === 'im2col' &&
    lengthOf(from.params.window!) === inputs &&
    program.values[input].shape.at(-1) === inputs
  )
    return windowGeometry(from.params.window!, groups, groups * outputs, false);
  let to = onlyReader(context, output);
  while (to?.op === 'reshape') to = onlyReader(context, to.output);
  if (to?.op === 'col2im' && lengthOf(to.params.window!) === outputs && program.values[output].shape.at(-1) === outputs)
    return windowGeometry(to.params.window!, groups, groups * inputs, true);
  return undefined;
}

export interface Ends {
  readonly input: number;
  readonly output: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly groups: number;
}

function lengthOf({ kh, kw, channels }: Window): number {
  return kh * kw * channels;
}

/** @param far channels on the side of the pixels, where the window is a row */
export function windowGeometry(w: Window, groups: number, far: number, transposed: boolean): ConvolutionGeometry {
  const { dilationH = 1, dilationW = 1 } = w;
  const bottom = Math.max(0, (w.oh - 1) * w.strideH + (w.kh - 1) * dilationH + 1 - w.padTop - w.height);
  const right = Math.max(0, (w.ow - 1) * w.strideW + (w.kw - 1) * dilationW + 1 - w.padLeft - w.width);
  const image = [w.height, w.width, groups * w.channels] as const;
  const pixels = [w.oh, w.ow, far] as const;
  return {
    transposed,
    kernel: [w.kh, w.kw],
    stride: [w.strideH, w.strideW],
    padding: [
      [w.padTop, bottom],
      [w.padLeft, right],
    ],
    dilation: [dilationH, dilationW],
    input: transposed ? pixels : image,
    output: transposed ? image : pixels,
  };
}
