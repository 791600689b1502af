// Oracle: numpy 1.24.2 in float64, 6,000 steps on a rectifier network 10-32-32-4 and 200 examples: 131.77 without regulariser, 52.098 under weight decay.
// Here float32, which 6,000 steps tell from float64 by up to 1e-3.
import { describe, expect, it } from 'vitest';
import { normRun } from './normBiasRuns.js';

const run = (options: Parameters<typeof normRun>[4]) => normRun(200, [10, 32, 32, 4], 6000, 'float32', options);

describe('‖w‖² after 6,000 steps', () => {
  it('is within 0.5 % of μ² = 200 at strength 0.005, and within 2 % at 0.05', async () => {
    const weak = await run({ normBias: { target: 200, strength: 0.005 } });
    expect(weak.least).toBeGreaterThan(199);
    expect(weak.most).toBeLessThan(201);
    const strong = await run({ normBias: { target: 200, strength: 0.05 } });
    expect(strong.least).toBeGreaterThan(196);
    expect(strong.most).toBeLessThan(204);
  });

  it('is far below it without regulariser, and lower still under weight decay', async () => {
    const [plain, decayed] = [await run({}), await run({ weightDecay: 0.005 })];
    expect(Math.abs(plain.end - 131.7732)).toBeLessThan(0.005 * 131.7732);
    expect(Math.abs(decayed.end - 52.0975)).toBeLessThan(0.005 * 52.0975);
  });
});
