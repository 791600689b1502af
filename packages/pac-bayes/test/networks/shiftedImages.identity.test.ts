// Oracle: every step of whole pixels that an image may have taken, tried one by one.
import { describe, expect, it } from 'vitest';
import { shiftedImages } from '../../src/networks/certify/shiftedImages.js';

describe('shiftedImages', () => {
  const inputs = Float32Array.from({ length: 9 * 40 }, (_, i) => 1 + (i % 9));
  const images = { inputs, labels: new Int32Array(40), count: 40, features: 9, classes: 2 };

  it('moves every image by whole pixels, zeros coming in', () => {
    const moved = shiftedImages(images, 1, 3, 0).inputs;
    const seen = new Set<string>();
    for (let i = 0; i < 40; i++) {
      const image = Array.from(moved.subarray(9 * i, 9 * i + 9));
      let found = '';
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const expected = image.map((_, k) => {
            const [y, x] = [Math.floor(k / 3) - dy, (k % 3) - dx];
            return y >= 0 && y < 3 && x >= 0 && x < 3 ? 1 + 3 * y + x : 0;
          });
          if (expected.join() === image.join()) found = `${dx},${dy}`;
        }
      }
      expect(found).not.toBe('');
      seen.add(found);
    }
    expect(seen.size).toBeGreaterThan(5);
    expect(inputs[0]).toBe(1);
  });

  it('moves them otherwise in another epoch, and not at all by 0', () => {
    const texts = [0, 1].map((epoch) => shiftedImages(images, 1, 3, epoch).inputs.join());
    expect(texts[0]).not.toBe(texts[1]);
    expect(shiftedImages(images, 0, 3, 0).inputs).toEqual(inputs);
  });
});
