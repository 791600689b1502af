import { stream } from '@hyperribbon/random';
import { expect, it } from 'vitest';
import { judgeMeasures } from '../../src/judge.js';

it('intervals of τ cover the τ of many more networks about as often as they say', async () => {
  // measure and gap are normal with correlation ρ: τ = 2/π · arcsin ρ
  const rho = 0.6;
  const truth = (2 / Math.PI) * Math.asin(rho);
  const settings = Array.from({ length: 60 }, (_, width) => ({ width }));
  let covered = 0;
  const repeats = 100;
  for (let i = 0; i < repeats; i++) {
    const draw = stream({ seed: i, purpose: 'coverage', index: 0 });
    const [x, z] = [draw.normal(new Float64Array(60)), draw.normal(new Float64Array(60))];
    const gaps = x.map((value, k) => rho * value + Math.sqrt(1 - rho * rho) * z[k]);
    const [{ tau }] = await judgeMeasures({ settings, gaps, measures: { x } }, { draws: 100, level: 0.9, largest: 0 });
    if (tau.low <= truth && truth <= tau.high) covered++;
  }
  // 90 expected; with 100 repeats three standard errors are 9
  expect(covered).toBeGreaterThanOrEqual(81);
  expect(covered).toBeLessThanOrEqual(99);
});
