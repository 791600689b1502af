import { stream } from '@hyperribbon/random';
import { expect, it } from 'vitest';
import { judgeMeasures } from '../../src/judge.js';

it('intervals of τ cover the τ of many more networks about as often as they say', async () => {
  // measure and gap are normal with correlation ρ: τ = 2/π · arcsin ρ
  const rho = 0.6;
  const truth = (2 / Math.PI) * Math.asin(rho);
  const settings = Array.from({ length: 40 }, (_, width) => ({ width }));
  let covered = 0;
  const repeats = 80;
  for (let i = 0; i < repeats; i++) {
    const draw = stream({ seed: i, purpose: 'coverage', index: 0 });
    const [x, z] = [draw.normal(new Float64Array(40)), draw.normal(new Float64Array(40))];
    const gaps = x.map((value, k) => rho * value + Math.sqrt(1 - rho * rho) * z[k]);
    const [{ tau }] = await judgeMeasures({ settings, gaps, measures: { x } }, { draws: 60, level: 0.9, largest: 0 });
    if (tau.low <= truth && truth <= tau.high) covered++;
  }
  // 72 expected; with 80 repeats three standard errors are 8
  expect(covered).toBeGreaterThanOrEqual(64);
  expect(covered).toBeLessThanOrEqual(79);
});
