// Oracle: means of blocks on paper.
import { describe, expect, it } from 'vitest';
import { averagedImages } from '../../src/landscape/averagedImages.js';
import { variedFeatures } from '../../src/landscape/variedFeatures.js';

const labels = Int32Array.of(0, 1);

describe('images of 7 × 7', () => {
  it('have the mean of each block, channel by channel', () => {
    const [channels, height, width] = [2, 14, 21];
    const features = channels * height * width;
    // the block is told by its row, column and channel; inside it the pixels differ and cancel
    const inputs = Float32Array.from({ length: 2 * features }, (_, i) => {
      const at = i % features;
      const [c, y, x] = [Math.floor(at / 294), Math.floor((at % 294) / width), at % width];
      return 1000 * Math.floor(i / features) + 100 * c + 10 * (y >> 1) + Math.floor(x / 3) + (y % 2 === 0 ? 0.5 : -0.5);
    });
    const small = averagedImages({ inputs, labels, count: 2, features, classes: 2, shape: [channels, height, width] });
    expect([small.features, small.shape]).toEqual([98, [2, 7, 7]]);
    Array.from(small.inputs).forEach((mean, i) => {
      const at = i % 98;
      const expected =
        1000 * Math.floor(i / 98) + 100 * Math.floor(at / 49) + 10 * Math.floor((at % 49) / 7) + (at % 7);
      expect(Math.abs(mean - expected)).toBeLessThan(1e-10);
    });
  });

  it('are left as they are where 7 does not divide them, and tables too', () => {
    const table = { inputs: new Float32Array(4), labels, count: 2, features: 2, classes: 2 };
    expect(averagedImages(table)).toBe(table);
    const odd = {
      inputs: new Float32Array(128),
      labels,
      count: 2,
      features: 64,
      classes: 2,
      shape: [1, 8, 8] as const,
    };
    expect(averagedImages(odd)).toBe(odd);
  });
});

describe('features that vary', () => {
  it('are those that differ from their least value in a twentieth of the examples', () => {
    const count = 40;
    // lit in 0, 1, 2 and 40 of 40: the first two go
    const lit = [0, 1, 2, 40];
    const inputs = Float32Array.from({ length: 4 * count }, (_, i) => (Math.floor(i / 4) < lit[i % 4] ? 1 + i : 0));
    inputs[3] = -5;
    const examples = { inputs, labels: new Int32Array(count), count, features: 4, classes: 2, shape: [1, 2, 2] };
    const { features, inputs: kept, shape } = variedFeatures(examples);
    expect([features, shape]).toEqual([2, undefined]);
    expect(Array.from(kept.slice(0, 4))).toEqual([inputs[2], inputs[3], inputs[6], inputs[7]]);
  });

  it('are all where all vary, and one at least', () => {
    const inputs = Float32Array.of(1, 2, 3, 4);
    const both = { inputs, labels, count: 2, features: 2, classes: 2 };
    expect(variedFeatures(both)).toBe(both);
    expect(variedFeatures({ ...both, inputs: new Float32Array(4) }).features).toBe(2);
  });
});
