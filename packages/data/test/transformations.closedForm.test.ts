// Oracle: closed form. Averages of squares worked out by hand; labels uniform within the binomial's spread.
import { expect, test } from 'vitest';
import { poolImages, randomLabels, sloppyGaussian } from '@hyperribbon/data';

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
