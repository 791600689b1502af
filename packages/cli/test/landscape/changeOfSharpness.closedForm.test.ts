// Oracle: moments written out by hand.
import { describe, expect, it } from 'vitest';
import { furthestFromEnd } from '../../src/landscape/changeOfSharpness.js';

type Moments = Parameters<typeof furthestFromEnd>[0];
const moments = (...values: readonly number[]): Moments =>
  values.map((value, i) => ({ step: 10 * i, hessian: { values: [value] } })) as unknown as Moments;

describe('furthestFromEnd', () => {
  it('is the kept moment of the largest ratio either way, and the end', () => {
    expect(furthestFromEnd(moments(2, 8, 4, 1), [0, 10, 20, 30])).toEqual([1, 3]);
    expect(furthestFromEnd(moments(2, 8, 4, 9), [0, 10, 20, 30])).toEqual([0, 3]);
  });

  it('counts only what was kept, in its own numbering', () => {
    expect(furthestFromEnd(moments(2, 80, 4, 1), [0, 20, 30])).toEqual([1, 2]);
  });

  it('leaves out what has no ratio', () => {
    expect(furthestFromEnd(moments(-5, NaN, 4, 2), [0, 10, 20, 30])).toEqual([2, 3]);
    expect(furthestFromEnd(moments(3, 2, -1), [0, 10, 20])).toBeUndefined();
    expect(furthestFromEnd(moments(3, 2, NaN), [0, 10, 20])).toBeUndefined();
    expect(furthestFromEnd(moments(-1, -2, 3), [0, 10, 20])).toBeUndefined();
    expect(furthestFromEnd(moments(3), [0])).toBeUndefined();
    expect(furthestFromEnd(moments(3, 4), [0, 10, 15])).toBeUndefined();
  });
});
