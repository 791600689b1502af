import { add, averagePool2d, conv2d, dense, mul, reshape, sqrt, square, tanh, transpose } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import type { Network } from '@hyperribbon/nn';
import type { NoisyForward } from './noise/noisyForward.js';

const side = 28;
/** side of the images that reach the dense layers */
const last = 4;

/**
 * LeNet of @hyperribbon/nn with drawn filters and locally reparametrised dense layers.
 *
 * The filters act at many places of an image with the same weights, so their outputs are not independent given the input and the filters
 * themselves are drawn; from the first dense layer on, local reparametrisation is exact.
 */
export function noisyLenet(network: Network): NoisyForward {
  if (!network.name.startsWith('lenet:')) {
    throw new TypeError(`noisyForward: drawn filters with dense layers behind them need a lenet, got ${network.name}`);
  }
  const filters = network.parameters.filter(({ name }) => name.startsWith('conv'));
  const widths = network.parameters.filter(({ name }) => /^fc.*weight$/.test(name)).map(({ shape }) => shape);
  const channels = widths[0][0] / (last * last);
  return {
    kind: 'mixed',
    noiseShapes: (batch) => [...filters.map(({ shape }) => shape), ...widths.map(([, out]) => [batch, out])],
    logits(mean, std, x, noise) {
      const drawn = Object.fromEntries(
        filters.map(({ name }, i) => [name, add(mean[name], mul(std[name], noise[i]))] as const),
      );
      let h: Tensor = reshape(x, [x.shape[0], side, side, 1]);
      for (const name of ['conv1', 'conv2']) {
        const filtered = add(conv2d(h, drawn[`${name}.weight`]), drawn[`${name}.bias`]);
        h = averagePool2d(tanh(filtered), { size: 2 });
      }
      h = reshape(h, [x.shape[0], widths[0][0]]);
      for (let l = 1; l <= widths.length; l++) {
        const [W, b] = [`fc${l}.weight`, `fc${l}.bias`];
        const order = (weight: Tensor): Tensor => (l === 1 ? channelsLast(weight, channels) : weight);
        const variance = dense(square(h), square(order(std[W])), square(std[b]));
        const u = add(dense(h, order(mean[W]), mean[b]), mul(sqrt(variance), noise[filters.length + l - 1]));
        h = l < widths.length ? tanh(u) : u;
      }
      return h;
    },
  };
}

/** Rows of the first dense weight from (channel, row, column) to (row, column, channel), as the network itself does. */
function channelsLast(weight: Tensor, channels: number): Tensor {
  const [rows, columns] = weight.shape;
  const turned = transpose(reshape(weight, [channels, last, last, columns]), [1, 2, 0, 3]);
  return reshape(turned, [rows, columns]);
}
