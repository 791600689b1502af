import { lenet, logits, unflatten } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';

// LeNet as loops over (channel, row, column), the order of PyTorch

type Image = number[][][];

function convolve(image: Image, weight: ArrayLike<number>, bias: ArrayLike<number>): Image {
  const size = image[0].length - 4;
  return Array.from(bias as number[], (b, out) =>
    Array.from({ length: size }, (_, row) =>
      Array.from({ length: size }, (_, column) => {
        let sum = b;
        image.forEach((plane, channel) => {
          for (let i = 0; i < 5; i++) {
            for (let j = 0; j < 5; j++) {
              sum += weight[((out * image.length + channel) * 5 + i) * 5 + j] * plane[row + i][column + j];
            }
          }
        });
        return Math.tanh(sum);
      }),
    ),
  );
}

function pool(image: Image): Image {
  const half = image[0].length / 2;
  return image.map((plane) =>
    Array.from({ length: half }, (_, r) =>
      Array.from(
        { length: half },
        (_, c) =>
          (plane[2 * r][2 * c] + plane[2 * r][2 * c + 1] + plane[2 * r + 1][2 * c] + plane[2 * r + 1][2 * c + 1]) / 4,
      ),
    ),
  );
}

function dense(x: readonly number[], weight: ArrayLike<number>, bias: ArrayLike<number>): number[] {
  return Array.from(bias as number[], (b, j) =>
    x.reduce((sum, value, i) => sum + value * weight[i * bias.length + j], b),
  );
}

describe('LeNet', () => {
  it.each(['float64', 'float32'] as const)('agrees with plain loops over channel, row and column in %s', (dtype) => {
    const net = lenet({ channels: [2, 3], hidden: [7, 6], classes: 4 });
    const inputs = stream({ seed: 1, purpose: 'images' }).uniform(new Float64Array(3 * 784));
    const params = net.init(2, 'float64').map((w) => 2 * w);
    const w = unflatten(net, params);
    const z = logits(
      net,
      params,
      { inputs, labels: new Int32Array(3), count: 3, features: 784, classes: 4 },
      { dtype, chunkSize: 2 },
    );
    for (let k = 0; k < 3; k++) {
      let h: Image = [
        Array.from({ length: 28 }, (_, row) =>
          Array.from(inputs.subarray(k * 784 + row * 28, k * 784 + row * 28 + 28)),
        ),
      ];
      h = pool(convolve(h, w['conv1.weight'], w['conv1.bias']));
      h = pool(convolve(h, w['conv2.weight'], w['conv2.bias']));
      const flat = h.flat(2);
      const first = dense(flat, w['fc1.weight'], w['fc1.bias']).map(Math.tanh);
      const second = dense(first, w['fc2.weight'], w['fc2.bias']).map(Math.tanh);
      dense(second, w['fc3.weight'], w['fc3.bias']).forEach((expected, c) => {
        expect(Math.abs(z[4 * k + c] - expected)).toBeLessThan(dtype === 'float64' ? 1e-14 : 1e-6);
      });
    }
  });
});
