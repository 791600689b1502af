import { refuse, requireInteger } from '@hyperribbon/contract';
import { stackFrom } from '../modules/stack.js';
import type { Module } from '../modules/table.js';
import type { Network } from '../network.js';
import { architectureText } from './architectureText.js';
import { requireImages } from './imageModel.js';

export interface AllCnnOptions {
  /** channels of the first and of the second pair of convolutions, default [64, 128] */
  readonly channels?: readonly [number, number];
  /** default 10 */
  readonly classes?: number;
  /** of the images, default 32 × 32 with 3 channels; height and width must be multiples of 4 */
  readonly image?: { readonly height: number; readonly width: number; readonly channels: number };
}

/**
 * The All-CNN of [yang2022]'s published code: 3×3 convolutions with c₁, c₁ (stride 2), c₂, c₂ (stride 2) channels and a
 * 1×1 convolution with one channel per class, each followed by relu and batch norm; then the mean over the image.
 *
 * Takes images as rows ordered channel, row, column, as PyTorch flattens. Parameters are conv1.weight (out, in, 3, 3),
 * conv1.bias, bn1.weight, bn1.bias, …, bn5.bias; buffers bn1.running_mean, bn1.running_var, …, which {@link withBuffers} sets. Padding of 1
 * keeps the size, so 32 × 32 ends as 8 × 8. Source: the layers are those of the code; [springenberg2015] has more of them.
 */
export function allCnn({
  channels = [64, 128],
  classes = 10,
  image = { height: 32, width: 32, channels: 3 },
}: AllCnnOptions = {}): Network {
  const { height, width } = image;
  requireImages('allCnn', classes, [image.channels, height, width]);
  for (const out of channels) requireInteger('allCnn', 'channels', out, 1);
  if (height % 4 !== 0 || width % 4 !== 0) {
    refuse('allCnn', `image height and width must be multiples of 4, got ${height} × ${width}`);
  }
  const [c1, c2] = channels;
  const layers = [c1, c1, c2, c2, classes].flatMap((out, i): readonly Module[] => [
    {
      kind: 'conv2d',
      name: `conv${i + 1}`,
      out,
      kernel: i < 4 ? 3 : 1,
      ...(i < 4 && { padding: 1 }),
      ...((i === 1 || i === 3) && { stride: 2 }),
    },
    { kind: 'relu' },
    { kind: 'batchNorm', name: `bn${i + 1}` },
  ]);
  const name = architectureText('allcnn', [channels, classes, [height, width, image.channels]]);
  const input = [image.channels, height, width];
  return stackFrom('allCnn', { name, input, layers: [...layers, { kind: 'globalAveragePool' }] }, name);
}
