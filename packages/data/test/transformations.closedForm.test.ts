// Oracle: closed form. Averages of squares worked out by hand; labels uniform within the binomial's spread.
import { expect, test } from 'vitest';
import { labelNoise, poolImages, randomLabels, sloppyGaussian } from '@hyperribbon/data';

const ramp = {
  ...sloppyGaussian({ dimension: 16, decay: 0, count: 2, seed: 1, dtype: 'float64' }),
  inputs: Float64Array.from({ length: 32 }, (_, i) => i),
};

test('pooling averages squares of pixels', () => {
  const { inputs, features, count, labels, name } = poolImages(ramp);
  expect([features, count]).toEqual([4, 2]);
  expect([...inputs]).toEqual([2.5, 4.5, 10.5, 12.5, 18.5, 20.5, 26.5, 28.5]);
  expect(labels).toBe(ramp.labels);
  expect(name).toBe(`${ramp.name}, pooled 2 × 2`);
  expect([...poolImages(ramp, { height: 2, width: 8, factor: 2 }).inputs].slice(0, 4)).toEqual([4.5, 6.5, 8.5, 10.5]);
  expect([...poolImages(ramp, { factor: 1 }).inputs]).toEqual([...ramp.inputs]);
});

test.each([{ factor: 3 }, { factor: 0 }, { factor: 1.5 }, { height: 3 }, { height: 16, width: 1 }])(
  'sizes that do not fit are refused: %o',
  (options) => expect(() => poolImages(ramp, options)).toThrow(/poolImages: height/),
);

test('random labels are uniform, seeded, and leave the inputs alone', () => {
  const examples = sloppyGaussian({ dimension: 3, decay: 0, count: 20_000, classes: 4, seed: 1 });
  const shuffled = randomLabels(examples, 7);
  expect(shuffled.inputs).toBe(examples.inputs);
  expect(shuffled.labels).toEqual(randomLabels(examples, 7).labels);
  expect(shuffled.labels).not.toEqual(randomLabels(examples, 8).labels);
  for (let c = 0; c < 4; c++) {
    const share = shuffled.labels.filter((label) => label === c).length / examples.count;
    expect(Math.abs(share - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / examples.count));
  }
  const agree = shuffled.labels.filter((label, i) => label === examples.labels[i]).length / examples.count;
  expect(agree).toBeLessThan(0.25 + 5 * Math.sqrt((0.25 * 0.75) / examples.count));
});

test('label noise replaces a share p of the labels by the other classes evenly, and more of the same at larger p', () => {
  const examples = sloppyGaussian({ dimension: 3, decay: 0, count: 20_000, classes: 4, seed: 1 });
  const noisy = labelNoise(examples, { probability: 0.3, seed: 7 });
  expect(noisy.inputs).toBe(examples.inputs);
  expect(noisy.labels).toEqual(labelNoise(examples, { probability: 0.3, seed: 7 }).labels);
  expect(noisy.labels).not.toEqual(labelNoise(examples, { probability: 0.3, seed: 8 }).labels);
  const steps = [...noisy.labels].map((label, i) => (label - examples.labels[i]! + 4) % 4);
  for (let step = 0; step < 4; step++) {
    const p = step === 0 ? 0.7 : 0.1;
    const share = steps.filter((found) => found === step).length / examples.count;
    expect(Math.abs(share - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / examples.count));
  }
  const more = labelNoise(examples, { probability: 0.6, seed: 7 });
  steps.forEach((step, i) => step > 0 && expect(more.labels[i]).toBe(noisy.labels[i]));
  expect(labelNoise(examples, { probability: 0 }).labels).toEqual(examples.labels);
  expect(labelNoise(examples, { probability: 0.5 }).labels).toEqual(
    labelNoise(examples, { probability: 0.5, seed: 0 }).labels,
  );
});

test('label noise refuses what is no probability, and a single class', () => {
  const examples = sloppyGaussian({ dimension: 3, decay: 0, count: 5, classes: 4, seed: 1 });
  expect(() => labelNoise(examples, { probability: 1.1 })).toThrow(/probability/);
  expect(() => labelNoise(examples, { probability: NaN })).toThrow(/probability/);
  const one = { ...examples, classes: 1, labels: new Int32Array(5) };
  expect(() => labelNoise(one, { probability: 0.5 })).toThrow(/two classes/);
});
