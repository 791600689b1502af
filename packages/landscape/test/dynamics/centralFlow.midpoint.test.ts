import { expect, test } from 'vitest';
import { centralFlow, gradientFlow } from '../../src/dynamics.js';
import { descend, distance, loss, mean, network, overlapping, spreadOf } from './descents.js';

const eta = 0.4;
const seed = 2;
const examples = overlapping(seed);
const start = network.init(seed, 'float64') as Float64Array;
const none = new Float64Array(0);
const descent = {
  p: () => new Float64Array(network.size).fill(1 / eta),
  next: () => none,
  squares: none,
};
/** the steps of the window, 5 apart */
const every = Array.from({ length: 31 }, (_, i) => 150 + 5 * i);
const all = Array.from({ length: 151 }, (_, i) => 150 + i);

test('Gradient descent at the edge is about its central flow, and no longer about gradient flow', async () => {
  const run = descend(examples, start, descent, { steps: 300, noise: 1e-4, seed });
  const at = [0, 50, ...every];
  const flow = await centralFlow(network, start, examples, {
    learningRate: eta,
    steps: 300,
    at,
    substeps: 2,
    loss,
    dtype: 'float64',
    keepWeights: true,
  });
  expect([flow.reason, flow.crowded, flow.threshold]).toEqual(['reached-end', 0, 5]);
  expect(flow.residual).toBeLessThan(1e-9);
  const moments = flow.moments.slice(2);
  const sharpness = mean(await Promise.all(every.map((step) => run.sharpness(step)))) / eta;
  // two eigenvalues take turns at the edge: the larger one stands a little above it
  expect(Math.abs(mean(moments.map((moment) => moment.sharpness)) / sharpness - 1)).toBeLessThan(0.06);
  moments.slice(3).forEach((moment) => expect(Math.abs(eta * moment.sharpness - 2)).toBeLessThan(1e-3));
  expect(Math.max(...moments.map(({ critical }) => critical))).toBeGreaterThanOrEqual(1);
  // what it says of the oscillation: the mean of the losses, which lies well above the loss at the flow, and the spread
  const losses = mean(all.map((step) => run.losses[step]));
  expect(Math.abs(mean(moments.map(({ meanLoss }) => meanLoss)) / losses - 1)).toBeLessThan(0.02);
  expect(mean(moments.map((moment) => moment.loss)) / losses).toBeLessThan(0.9);
  expect(Math.abs(mean(moments.map(({ variance }) => variance)) / spreadOf(run, all) - 1)).toBeLessThan(0.1);

  const calm = await gradientFlow(network, start, examples, {
    time: 300 * eta,
    times: [50 * eta, 300 * eta],
    loss,
    dtype: 'float64',
    keepWeights: true,
  });
  const moved = distance(start, run.midpoint(300));
  const central = distance(flow.weights!.at(-1)!, run.midpoint(300));
  expect(central).toBeLessThan(0.06 * moved);
  expect(distance(calm.weights![1], run.midpoint(300))).toBeGreaterThan(4 * central);
  expect(eta * calm.moments[1].sharpness).toBeGreaterThan(3);
});

test('Below the edge it is gradient flow, to the first order of its steps', async () => {
  const exact = await gradientFlow(network, start, examples, {
    time: 50 * eta,
    times: [50 * eta],
    loss,
    dtype: 'float64',
    keepWeights: true,
    safety: 0.2,
  });
  const off: number[] = [];
  for (const substeps of [4, 8]) {
    const flow = await centralFlow(network, start, examples, {
      learningRate: eta,
      steps: 50,
      at: [50],
      substeps,
      loss,
      dtype: 'float64',
      keepWeights: true,
    });
    expect([flow.thirds, flow.residual, flow.moments[0].critical, flow.moments[0].variance]).toEqual([0, 0, 0, 0]);
    expect(flow.moments[0].meanLoss).toBe(flow.moments[0].loss);
    expect(flow.moments[0].time).toBe(50 * eta);
    off.push(distance(flow.weights![0], exact.weights![0]));
  }
  expect(off[0]).toBeLessThan(0.02 * distance(start, exact.weights![0]));
  expect(off[0] / off[1]).toBeGreaterThan(1.8);
  expect(off[0] / off[1]).toBeLessThan(2.2);
});
