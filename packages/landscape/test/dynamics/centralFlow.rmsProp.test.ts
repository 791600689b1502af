import { rmsProp } from '@hyperribbon/nn';
import { describe, expect, test } from 'vitest';
import { centralFlow, type CentralRule } from '../../src/dynamics.js';
import {
  type Descent,
  descend,
  distance,
  loss,
  mean,
  network,
  overlapping,
  type PlainRule,
  spreadOf,
} from './descents.js';

const seed = 2;
const examples = overlapping(seed);
const weights = network.init(seed, 'float64') as Float64Array;
const norm2 = (g: Float64Array): number => g.reduce((sum, x) => sum + x * x, 0);

/** The flow from where the run stands after 40 steps, against the run over the last hundred of them. */
async function compared(
  run: Descent,
  rule: CentralRule,
  { learningRate, steps }: { readonly learningRate: number; readonly steps: number },
) {
  const from = 40;
  const window = Array.from({ length: 21 }, (_, i) => steps - 100 + 5 * i);
  const flow = await centralFlow(network, run.weights[from], examples, {
    rule,
    learningRate,
    steps: steps - from,
    at: window.map((step) => step - from),
    squares: run.squares[from],
    substeps: 2,
    loss,
    dtype: 'float64',
    keepWeights: true,
  });
  const all = Array.from({ length: 100 }, (_, i) => steps - 100 + i);
  return {
    flow,
    sharpness: mean(await Promise.all(window.map((step) => run.sharpness(step)))),
    loss: mean(flow.moments.map(({ meanLoss }) => meanLoss)) / mean(all.map((step) => run.losses[step])),
    variance: mean(flow.moments.map(({ variance }) => variance)) / spreadOf(run, all),
    away: distance(flow.weights!.at(-1)!, run.midpoint(steps)) / distance(weights, run.midpoint(steps)),
  };
}

describe('The central flow of RMSProp', () => {
  test('has the edge, the losses, the spread and the way of its run', async () => {
    const [learningRate, steps] = [1e-3, 360];
    const rule: PlainRule = {
      p: (squares) => squares.map((v) => (Math.sqrt(v) + 1e-8) / learningRate) as Float64Array,
      next: (squares, g) => squares.map((v, i) => 0.99 * v + 0.01 * g[i] * g[i]) as Float64Array,
      squares: new Float64Array(network.size),
    };
    const run = descend(examples, weights, rule, { steps, noise: 1e-5, seed });
    const found = await compared(run, rmsProp(), { learningRate, steps });
    expect(found.flow.moments.every((moment) => Math.abs(learningRate * moment.sharpness - 2) < 0.01)).toBe(true);
    expect(Math.abs(found.sharpness / 2 - 1)).toBeLessThan(0.08);
    expect(Math.abs(found.loss - 1)).toBeLessThan(0.02);
    expect(Math.abs(found.variance - 1)).toBeLessThan(0.3);
    expect(found.away).toBeLessThan(0.02);
  });

  test('with one moment for all weights has them too', async () => {
    const [learningRate, steps] = [0.02, 360];
    const rule: PlainRule = {
      p: ([v]) => new Float64Array(network.size).fill((Math.sqrt(v) + 1e-8) / learningRate),
      next: ([v], g) => Float64Array.of(0.99 * v + 0.01 * norm2(g)),
      squares: new Float64Array(1),
    };
    const run = descend(examples, weights, rule, { steps, noise: 1e-4, seed });
    const given = { kind: 'scalarRmsProp', smoothing: 0.99, epsilon: 1e-8 } as const;
    const found = await compared(run, given, { learningRate, steps });
    expect(Math.abs(found.sharpness / 2 - 1)).toBeLessThan(0.05);
    expect(Math.abs(found.loss - 1)).toBeLessThan(0.02);
    expect(Math.abs(found.variance - 1)).toBeLessThan(0.3);
    expect(found.away).toBeLessThan(0.03);
  });
});
