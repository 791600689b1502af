// Oracle: numpy 1.24.2, 1,500 steps on a rectifier network 6-12-4 and 40 examples. Tolerance 1e-7 where nothing changes sides: 1,500 steps of float64. At
// the target steps change sides at every few steps and rounding decides which; there bounds hold.
import { describe, expect, it } from 'vitest';
import { normRun } from './normBiasRuns.js';

const run = (options: Parameters<typeof normRun>[4]) => normRun(40, [6, 12, 4], 1500, 'float64', options);

function near(found: number, stated: number): void {
  expect(Math.abs(found - stated)).toBeLessThan(1e-7 * stated);
  expect(Math.abs(found - stated * (1 + 1e-6))).toBeGreaterThan(1e-7 * stated);
}

describe('‖w‖² after descent', () => {
  it('without regulariser and under weight decay is that of numpy', async () => {
    near((await run({})).end, 141.7044429596778);
    near((await run({ weightDecay: 0.005 })).end, 56.392137366522306);
  });

  it('with a target of 0 is that of weight decay: the convention has the half in it', async () => {
    const bias = await run({ normBias: { target: 0, strength: 0.005 } });
    near(bias.end, 56.392137366522306);
  });

  it('stays at a target above what decay reaches, within 1 % at strength 0.005 and at 0.05', async () => {
    for (const strength of [0.005, 0.05]) {
      const { least, most } = await run({ normBias: { target: 80, strength } });
      expect(least).toBeGreaterThan(0.99 * 80);
      expect(most).toBeLessThan(1.01 * 80);
    }
  });

  it('passes a target below what decay reaches, and goes on as under decay', async () => {
    const { end } = await run({ normBias: { target: 10, strength: 0.005 } });
    near(end, 56.553476881165466);
  });
});
