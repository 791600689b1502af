// Oracle: the numbers. What a line of the terminal says of a run follows them.
import { describe, expect, it } from 'vitest';
import { edgeText, edgeVerdict } from '../../src/output/edgeText.js';

describe('the live line of a watched run', () => {
  it('tells step, loss, sharpness against threshold, and where that is', () => {
    const detail = { step: 200, loss: 0.01234, sharpness: 18.17, compared: 18.17, threshold: 20 };
    expect(edgeText(detail)).toBe('step 200, loss 0.0123, S 18.2 of 20, at the edge');
    expect(edgeText({ ...detail, compared: 10, sharpness: 10 })).toBe(
      'step 200, loss 0.0123, S 10 of 20, below the edge',
    );
    expect(edgeText({ ...detail, compared: 23, sharpness: 23 })).toMatch(/above the edge$/u);
  });

  it('names another matrix than the Hessian, and leaves out what there is not', () => {
    expect(edgeText({ step: 3, loss: 2e-5, sharpness: 5, compared: 380, threshold: 38_000 })).toBe(
      'step 3, loss 2.0e-5, sharpness of the rule 380 of 38000, below the edge',
    );
    expect(edgeText({ step: 3, loss: 1, sharpness: 5 })).toBe('step 3, loss 1, S 5');
    expect(edgeText({ step: 0, loss: NaN, sharpness: NaN })).toBe('step 0');
    expect(edgeText(undefined)).toBe('');
  });

  it('is at the edge within a tenth of it', () => {
    const words = [0, 0.89, 0.91, 1, 1.09, 1.11, Infinity, NaN].map(edgeVerdict);
    expect(words).toEqual([
      'below the edge',
      'below the edge',
      'at the edge',
      'at the edge',
      'at the edge',
      'above the edge',
      'not finite',
      'not finite',
    ]);
  });
});
