import { describe, expect, it } from 'vitest';
import { errorOfGuessing } from '@hyperribbon/pac-bayes';

describe('errorOfGuessing', () => {
  it('is one minus the share of the most frequent label, in whole numbers', () => {
    const labels = Int32Array.from({ length: 1000 }, (_, i) => (i < 92 ? 1 : 0));
    expect(errorOfGuessing(labels, 2)).toEqual({ error: 0.092, answer: 0, count: 1000 });
    expect(errorOfGuessing([2, 2, 1], 3)).toEqual({ error: 1 / 3, answer: 2, count: 3 });
  });

  it('is 0 for one class alone, whatever the number of classes, and takes the smallest of equals', () => {
    expect(errorOfGuessing([3], 10)).toEqual({ error: 0, answer: 3, count: 1 });
    expect(errorOfGuessing([1, 0], 2)).toEqual({ error: 0.5, answer: 0, count: 2 });
  });

  it('refuses labels that are none', () => {
    expect(() => errorOfGuessing([], 2)).toThrow(/labels must not be empty/);
    expect(() => errorOfGuessing([0, 2], 2)).toThrow(/labels\[1\] must be an integer from 0 to 1, got 2/);
    expect(() => errorOfGuessing([0.5], 2)).toThrow(/got 0.5/);
  });
});
