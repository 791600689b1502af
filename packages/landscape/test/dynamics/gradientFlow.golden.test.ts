import { readFileSync } from 'node:fs';
import { type Examples, mlp } from '@hyperribbon/nn';
import { expect, test } from 'vitest';
import { gradientFlow } from '../../src/dynamics.js';

interface Golden {
  readonly inputs: readonly number[];
  readonly labels: readonly number[];
  readonly weights: readonly number[];
  readonly moments: readonly { time: number; loss: number; sharpness: number; norm: number; distance: number }[];
}
const golden = JSON.parse(readFileSync(new URL('../golden/gradientFlow.json', import.meta.url), 'utf8')) as Golden;
const network = mlp([10, 32, 32, 4], { activation: 'tanh' });
const examples: Examples = {
  inputs: Float64Array.from(golden.inputs),
  labels: Int32Array.from(golden.labels),
  count: 100,
  features: 10,
  classes: 4,
};
const start = Float64Array.from(golden.weights);
const norm = (x: Float64Array): number => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0));

test('The flow of a tanh network agrees with an integrator of order eight in loss, sharpness and weights', async () => {
  const wanted = golden.moments.slice(0, 4);
  const flow = await gradientFlow(network, start, examples, {
    time: 40,
    times: wanted.map(({ time }) => time),
    keepWeights: true,
    loss: { kind: 'squared-error' },
    dtype: 'float64',
  });
  expect(flow.reason).toBe('reached-end');
  wanted.forEach(({ loss, sharpness, distance }, i) => {
    const found = flow.moments[i];
    expect(Math.abs(found.loss / loss - 1)).toBeLessThan(2e-4);
    expect(Math.abs(found.sharpness / sharpness - 1)).toBeLessThan(5e-4);
    expect(found.sharpness).toBeLessThanOrEqual(sharpness * (1 + 5e-4));
    const moved = norm(flow.weights![i].map((w, j) => w - start[j]));
    expect(Math.abs(moved - distance)).toBeLessThan(4e-4 * wanted[3].distance);
  });
  // the error that is reported is the size of what it is: 2e-4 where weights moved by 2
  expect(flow.evidence.accumulated).toBeGreaterThan(2e-5);
  expect(flow.evidence.accumulated).toBeLessThan(2e-3);
  // the sharpness falls first and then rises all the way
  expect(flow.moments[2].sharpness).toBeLessThan(flow.moments[0].sharpness);
  expect(flow.moments[3].sharpness).toBeGreaterThan(flow.moments[2].sharpness);
});

test('Finer steps come nearer to it, as evidence says', async () => {
  const at = async (safety: number) => {
    const flow = await gradientFlow(network, start, examples, {
      time: 5,
      times: [5],
      safety,
      loss: { kind: 'squared-error' },
      dtype: 'float64',
    });
    return { error: Math.abs(flow.moments[0].loss - golden.moments[1].loss), evidence: flow.evidence.accumulated };
  };
  const [coarse, fine] = [await at(1), await at(0.5)];
  expect(fine.error).toBeLessThan(coarse.error / 8);
  expect(fine.evidence).toBeLessThan(coarse.evidence / 6);
});
