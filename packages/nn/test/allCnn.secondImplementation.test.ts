import { constantSchedule, logits, train, unflatten, withBuffers } from '@hyperribbon/nn';
import { allCnn } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { expect, it } from 'vitest';

const image = { height: 8, width: 12, channels: 2 };
const statistics = {
  'bn2.running_mean': Float64Array.of(0.1, -0.2, 0.05),
  'bn2.running_var': Float64Array.of(0.5, 2, 1.5),
  'bn5.running_mean': Float64Array.of(0.3, 0, -0.1),
};
const net = withBuffers(allCnn({ channels: [3, 4], classes: 3, image }), statistics);
const features = 8 * 12 * 2;
const draws = stream({ seed: 1, purpose: 'images' }).normal(new Float64Array(6 * features));
const examples = { inputs: draws, labels: Int32Array.of(0, 1, 2, 0, 1, 2), count: 6, features, classes: 3 };

it('All-CNN agrees with plain loops over channel, row and column', () => {
  const params = net.init(3, 'float64');
  stream({ seed: 2, purpose: 'weights' }).normal(unflatten(net, params)['bn2.weight']);
  const w = unflatten(net, params);
  const z = logits(net, params, examples, { chunkSize: 4 });
  for (let k = 0; k < 6; k++) {
    let h = Array.from({ length: 2 }, (_, c) =>
      Array.from({ length: 8 }, (_, r) =>
        Array.from({ length: 12 }, (_, s) => draws[k * features + (c * 8 + r) * 12 + s]),
      ),
    );
    for (let layer = 1; layer <= 5; layer++) {
      const [size, stride] = [layer < 5 ? 3 : 1, layer === 2 || layer === 4 ? 2 : 1];
      const out = w[`conv${layer}.bias`].length;
      const [rows, columns] = [h[0].length / stride, h[0][0].length / stride];
      const input = h;
      h = Array.from({ length: out }, (_, o) =>
        Array.from({ length: rows }, (_, r) =>
          Array.from({ length: columns }, (_, s) => {
            let sum = w[`conv${layer}.bias`][o];
            input.forEach((plane, c) => {
              for (let i = 0; i < size; i++) {
                for (let j = 0; j < size; j++) {
                  const [y, x] = [r * stride + i - (size === 3 ? 1 : 0), s * stride + j - (size === 3 ? 1 : 0)];
                  const weight = w[`conv${layer}.weight`][((o * input.length + c) * size + i) * size + j];
                  sum += weight * (plane[y]?.[x] ?? 0);
                }
              }
            });
            const mean = statistics[`bn${layer}.running_mean` as 'bn2.running_mean']?.[o] ?? 0;
            const variance = statistics[`bn${layer}.running_var` as 'bn2.running_var']?.[o] ?? 1;
            const normal = (Math.max(sum, 0) - mean) / Math.sqrt(variance + 1e-5);
            return normal * w[`bn${layer}.weight`][o] + w[`bn${layer}.bias`][o];
          }),
        ),
      );
    }
    h.forEach((plane, c) => {
      const pixels = plane.flat();
      const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
      expect(Math.abs(z[3 * k + c] - mean)).toBeLessThan(1e-13);
    });
  }
});

it('All-CNN learns six images in float32', async () => {
  const run = await train(net, examples, { epochs: 60, seed: 1, schedule: constantSchedule(0.02) });
  expect(run.history.at(-1)!.loss).toBeLessThan(0.8 * run.history[0].loss);
});

it('All-CNN refuses images that do not halve twice, and statistics that do not fit', () => {
  expect(() => allCnn({ image: { height: 30, width: 32, channels: 3 } })).toThrow('multiples of 4, got 30 × 32');
  expect(() => withBuffers(allCnn(), { 'bn1.running_mean': new Float32Array(3) })).toThrow(
    'withBuffers: bn1.running_mean must hold 64 numbers, got 3',
  );
  const negative = { 'bn5.running_var': new Float32Array(10).fill(-1) };
  expect(() => withBuffers(allCnn(), negative)).toThrow('bn5.running_var must hold numbers ≥ 0, got -1 at 0');
});
