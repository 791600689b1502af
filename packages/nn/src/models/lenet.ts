import { add, averagePool2d, conv2d, dense, reshape, tanh, transpose } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { requireInteger, requireNoOthers } from '@hyperribbon/contract';
import { defineNetwork } from '../defineNetwork.js';
import type { Network, ParameterSpec } from '../network.js';

/** Images are 28 × 28, one channel; 5 × 5 convolutions without padding and 2 × 2 pooling leave 4 × 4. */
const side = 28;
const kernel = 5;
const last = 4;

export interface LenetOptions {
  /** channels of the two convolutions, default [6, 16] */
  readonly channels?: readonly [number, number];
  /** widths of the hidden dense layers, default [120, 84] */
  readonly hidden?: readonly number[];
  /** default 10 */
  readonly classes?: number;
}

/**
 * LeNet with tanh and average pooling: conv 5×5, tanh, pool 2×2, twice; then dense layers with tanh between.
 *
 * Takes images as rows of 784 pixels, row by row. Parameters are conv1.weight (out, 1, 5, 5), conv1.bias, conv2.weight
 * (out, in, 5, 5), conv2.bias, fc1.weight (in, out), fc1.bias, …; the inputs of fc1 are ordered channel, row, column, as
 * PyTorch flattens. 44,426 weights by default. Source: [lecun1998] in the variant of [yang2022].
 */
export function lenet({ channels = [6, 16], hidden = [120, 84], classes = 10, ...others }: LenetOptions = {}): Network {
  requireNoOthers('lenet', others, 'LenetOptions');
  for (const [name, values] of Object.entries({ channels, hidden, classes: [classes] })) {
    for (const value of values) requireInteger('lenet', name, value, 1);
  }
  const [c1, c2] = channels;
  const widths = [c2 * last * last, ...hidden, classes];
  const layers = widths.length - 1;
  return defineNetwork({
    name: `lenet:${c1},${c2}:${hidden.join(',')}:${classes}`,
    inputs: side * side,
    classes,
    parameters: [
      ...layer('conv1', [c1, 1, kernel, kernel], c1),
      ...layer('conv2', [c2, c1, kernel, kernel], c2),
      ...widths.slice(1).flatMap((out, i) => layer(`fc${i + 1}`, [widths[i], out], out)),
    ],
    apply(params, x) {
      let h: Tensor = reshape(x, [x.shape[0], side, side, 1]);
      for (const name of ['conv1', 'conv2']) {
        const filtered = conv2d(h, params[`${name}.weight`]);
        h = averagePool2d(tanh(add(filtered, params[`${name}.bias`])), { size: 2 });
      }
      h = reshape(h, [x.shape[0], widths[0]]);
      for (let l = 1; l <= layers; l++) {
        const weight = params[`fc${l}.weight`];
        h = dense(
          h,
          l === 1 ? channelsLast(weight, c2) : weight,
          params[`fc${l}.bias`],
          l < layers ? 'tanh' : 'linear',
        );
      }
      return h;
    },
  });
}

/** Rows of a dense weight from (channel, row, column) to (row, column, channel): cheaper than turning every image. */
function channelsLast(weight: Tensor, channels: number): Tensor {
  const [rows, columns] = weight.shape;
  const turned = transpose(reshape(weight, [channels, last, last, columns]), [1, 2, 0, 3]);
  return reshape(turned, [rows, columns]);
}

function layer(name: string, shape: readonly number[], out: number): readonly ParameterSpec[] {
  return [
    { name: `${name}.weight`, shape },
    { name: `${name}.bias`, shape: [out] },
  ];
}
