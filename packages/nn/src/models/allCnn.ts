import { add, averagePool2d, batchNorm, constant, conv2d, relu, reshape, transpose } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { refuse, requireInteger } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { defineNetwork } from '../defineNetwork.js';
import type { Network } from '../network.js';

export interface AllCnnOptions {
  /** channels of the first and of the second pair of convolutions, default [64, 128] */
  readonly channels?: readonly [number, number];
  /** default 10 */
  readonly classes?: number;
  /** of the images, default 32 × 32 with 3 channels; height and width must be multiples of 4 */
  readonly image?: { readonly height: number; readonly width: number; readonly channels: number };
  /**
   * running statistics of the batch norms by name: bn1.running_mean, bn1.running_var, …, bn5.running_var; default mean 0,
   * variance 1. They are constants: batch norm runs in evaluation mode always, in training too
   */
  readonly statistics?: Readonly<Record<string, FloatArray>>;
}

/**
 * The All-CNN of [yang2022]'s published code: 3×3 convolutions with c₁, c₁ (stride 2), c₂, c₂ (stride 2) channels and a
 * 1×1 convolution with one channel per class, each followed by relu and batch norm; then the mean over the image.
 *
 * Takes images as rows ordered channel, row, column, as PyTorch flattens. Parameters are conv1.weight (out, in, 3, 3),
 * conv1.bias, bn1.weight, bn1.bias, …, bn5.bias. Padding of 1 keeps the size, so 32 × 32 ends as 8 × 8. Source: the layers
 * are those of the code; [springenberg2015] has more of them.
 */
export function allCnn({
  channels = [64, 128],
  classes = 10,
  image = { height: 32, width: 32, channels: 3 },
  statistics = {},
}: AllCnnOptions = {}): Network {
  const { height, width } = image;
  const sizes = { channels, classes: [classes], 'image sizes': [height, width, image.channels] };
  for (const [name, values] of Object.entries(sizes)) {
    for (const value of values) requireInteger('allCnn', name, value, 1);
  }
  if (height % 4 !== 0 || width % 4 !== 0) {
    refuse('allCnn', `image height and width must be multiples of 4, got ${height} × ${width}`);
  }
  const [c1, c2] = channels;
  const widths = [image.channels, c1, c1, c2, c2, classes];
  const layers = widths.slice(1).map((out, i) => ({
    number: i + 1,
    kernel: i < 4 ? 3 : 1,
    stride: i === 1 || i === 3 ? 2 : 1,
    channelsIn: widths[i],
    out,
    mean: statistic(statistics, `bn${i + 1}.running_mean`, out, 0),
    variance: statistic(statistics, `bn${i + 1}.running_var`, out, 1),
  }));
  return defineNetwork({
    name: `allcnn:${c1},${c2}:${classes}:${height},${width},${image.channels}`,
    inputs: height * width * image.channels,
    classes,
    parameters: layers.flatMap(({ number, kernel, channelsIn, out }) => [
      { name: `conv${number}.weight`, shape: [out, channelsIn, kernel, kernel] },
      { name: `conv${number}.bias`, shape: [out] },
      { name: `bn${number}.weight`, shape: [out], start: 1 },
      { name: `bn${number}.bias`, shape: [out], start: 0 },
    ]),
    apply(params, x) {
      const [batch] = x.shape;
      let h = transpose(reshape(x, [batch, image.channels, height, width]), [0, 2, 3, 1]);
      for (const { number, kernel, stride, mean, variance } of layers) {
        const filtered = conv2d(h, params[`conv${number}.weight`], { stride, padding: kernel === 3 ? 1 : 0 });
        h = batchNorm(relu(add(filtered, params[`conv${number}.bias`])), {
          mean: fixed(mean, x),
          variance: fixed(variance, x),
          scale: params[`bn${number}.weight`],
          shift: params[`bn${number}.bias`],
        });
      }
      return reshape(averagePool2d(h, { size: [height / 4, width / 4] }), [batch, classes]);
    },
  });
}

/** Known numbers as a tensor of the dtype of x. */
function fixed(values: Float64Array, x: Tensor): Tensor {
  return constant(x.dtype === 'float32' ? Float32Array.from(values) : values);
}

function statistic(
  statistics: Readonly<Record<string, FloatArray>>,
  name: string,
  width: number,
  otherwise: number,
): Float64Array {
  const given = statistics[name];
  if (given === undefined) return new Float64Array(width).fill(otherwise);
  const least = otherwise === 1 ? 0 : Number.NEGATIVE_INFINITY;
  if (given.length !== width || !given.every((value) => value >= least)) {
    refuse('allCnn', `${name} must be ${width} numbers${least === 0 ? ' ≥ 0' : ''}, got ${given.join(', ')}`);
  }
  return Float64Array.from(given);
}
