import { describe, expect, it } from 'vitest';
import { stream } from '@hyperribbon/random';
import { percent, percentDown, percentUp } from '../../src/output/percent.js';

/** The share that a text says, as a double: "11.74 %" is 0.1174. */
const share = (text: string): number => Math.round(Number(text.replace(' %', '')) * 100) / 1e4;

describe('percentages of statements', () => {
  it('rounds a bound up and a confidence down, by less than a hundredth of a percent', () => {
    const random = stream({ seed: 1, purpose: 'test/percent' }).uniform(new Float64Array(4000));
    const exact = Array.from({ length: 4001 }, (_, k) => k / 4000);
    for (const x of [...random, ...exact, 0.117317, 1e-300, 5e-324, 0.1124, Math.PI / 10]) {
      expect(share(percentUp(x))).toBeGreaterThanOrEqual(x);
      expect(share(percentUp(x)) - x).toBeLessThanOrEqual(1.000001e-4);
      expect(share(percentDown(x))).toBeLessThanOrEqual(x);
      expect(x - share(percentDown(x))).toBeLessThanOrEqual(1.000001e-4);
    }
  });

  it('says 11.74 % for 0.117317 as a bound, leaves whole hundredths as they are, and tells 0 from next to nothing', () => {
    expect([percentUp(0.117317), percent(0.117317), percentDown(0.117317)]).toEqual(['11.74 %', '11.73 %', '11.73 %']);
    expect([percentUp(0.1124), percentDown(0.965), percentUp(0)]).toEqual(['11.24 %', '96.50 %', '0.00 %']);
    expect([percentUp(1e-9), percentDown(1e-9), percentUp(1)]).toEqual(['0.01 %', '0.00 %', '100.00 %']);
  });
});
