// Property: what spectral complexity is for. Networks that have fitted random labels have smaller margins for their size than those that have fitted a rule.
import { adam, constantSchedule, evaluate, mlp, train } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { bartlettBound, percentile, networkNorms, normalizedMargins, sampleNorms } from '../../src/index.js';

const [count, features] = [64, 20];

/** Standard normal inputs; labels by the sign of the first of them, or by coin. */
function examplesOf(seed: number, random: boolean): Parameters<typeof sampleNorms>[2] & { readonly classes: number } {
  const inputs = stream({ seed, purpose: 'inputs' }).normal(new Float64Array(count * features));
  const coins = stream({ seed, purpose: 'labels' }).normal(new Float64Array(count));
  const labels = Int32Array.from({ length: count }, (_, i) => Number((random ? coins[i]! : inputs[i * features]!) > 0));
  return { inputs, labels, count, features, classes: 2 };
}

async function medianMargin(seed: number, random: boolean): Promise<number> {
  const net = mlp([features, 32, 32, 2], { activation: 'relu' });
  const examples = examplesOf(seed, random);
  const { params } = await train(net, examples, {
    seed,
    epochs: 150,
    batchSize: count,
    optimizer: adam(),
    schedule: constantSchedule(0.01),
    dtype: 'float64',
  });
  expect((await evaluate(net, params, examples)).mistakes).toBe(0);
  const norms = await networkNorms(net, params);
  const sample = await sampleNorms(net, params, examples);
  const { logComplexity } = bartlettBound(norms, sample, { margin: 1 });
  return percentile(normalizedMargins(sample.margins, logComplexity!, sample.frobenius), 50);
}

describe('normalised margins', () => {
  // over the seeds 1 … 10 the quotient of the medians was between 1.35 and 2.04
  it.each([1, 2, 3])('are larger for labels by a rule than for random ones, 64 examples, seed %d', async (seed) => {
    expect(await medianMargin(seed, false)).toBeGreaterThan(await medianMargin(seed, true));
  });
});
