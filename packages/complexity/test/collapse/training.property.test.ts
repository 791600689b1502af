// Oracle: what theory says that training does. Small data, fixed seeds, the deterministic kernels.
import { collapsedBound, effectiveDepth, firstRankOneLayer, recordCollapse } from '@hyperribbon/complexity';
import {
  constantSchedule,
  cosineSchedule,
  type Examples,
  logits,
  momentum,
  sgd,
  train,
  unflatten,
} from '@hyperribbon/nn';
import { stack } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { plainNetwork, plainSample } from '../plainNetwork.js';

/** Clouds about the corners of a square, so many per class. */
function clouds(classes: number, perClass: number): Examples {
  const count = classes * perClass;
  const noise = stream({ seed: 4, purpose: 'clouds' }).normal(new Float64Array(4 * count));
  const inputs = noise.map((x, k) => 0.5 * x + (k % 4 === Math.floor(k / 4) % classes ? 1.5 : 0));
  return { inputs, labels: Int32Array.from({ length: count }, (_, i) => i % classes), count, features: 4, classes };
}

describe('training beyond the last mistake', () => {
  it('makes features collapse: NC1, NC2 and NC3 fall where the error is 0 already', async () => {
    const examples = clouds(4, 12);
    const network = stack({
      input: [4],
      layers: [
        { kind: 'linear', out: 24 },
        { kind: 'batchNorm' },
        { kind: 'relu' },
        { kind: 'linear', out: 24 },
        { kind: 'batchNorm' },
        { kind: 'relu' },
        { kind: 'linear', out: 16 },
        { kind: 'batchNorm' },
        { kind: 'relu' },
        { kind: 'linear', out: 4 },
      ],
    });
    const recorder = recordCollapse(examples, { every: 4 });
    await train(network, examples, {
      epochs: 120,
      batchSize: 16,
      optimizer: momentum(0.9, { weightDecay: 5e-3 }),
      schedule: cosineSchedule(0.05, 0),
      hooks: [recorder],
      deterministic: true,
      seed: 1,
    });
    const first = recorder.moments.find(({ collapse }) => collapse.error === 0)!;
    const last = recorder.moments.at(-1)!;
    expect(first.epochs).toBeLessThan(100);
    expect(last.collapse.error).toBe(0);
    expect(last.collapse.variability.perClass).toBeLessThan(0.5 * first.collapse.variability.perClass);
    expect(last.collapse.duality!.distance).toBeLessThan(first.collapse.duality!.distance);
    expect(last.collapse.means.equiangular).toBeLessThan(first.collapse.means.equiangular);
    expect(last.collapse.disagreement).toBe(0);
  });
});

describe('weight decay on two classes', () => {
  it('leaves an odd network one direction per layer, at a depth below its own', async () => {
    const examples = clouds(2, 20);
    const dense = (out: number): { kind: 'linear'; out: number; bias: false } => ({ kind: 'linear', out, bias: false });
    const network = stack({
      input: [4],
      layers: [dense(6), { kind: 'tanh' }, dense(6), { kind: 'tanh' }, dense(6), { kind: 'tanh' }, dense(2)],
    });
    const run = async (weightDecay: number): Promise<Float64Array> => {
      const { params } = await train(network, examples, {
        epochs: 1000,
        batchSize: 40,
        optimizer: sgd({ weightDecay }),
        schedule: constantSchedule(0.5),
        deterministic: true,
        seed: 1,
      });
      return Float64Array.from(params);
    };
    const params = await run(0.02);
    const decayed = effectiveDepth(network, params, examples);
    expect(decayed.weights.slice(2).map(({ ranks }) => ranks.numerical)).toEqual([1, 1]);
    expect(decayed.rankOne).toBeLessThan(decayed.depth);
    expect(decayed.lowRank).toBeLessThan(decayed.depth);
    const kept = effectiveDepth(network, await run(0), examples);
    expect(kept.weights.map(({ ranks }) => ranks.numerical)).toEqual([4, 6, 6, 2]);
    expect(kept.rankOne).toBe(undefined);

    // the theorem on a layer of rank one meets the network at that depth
    const weights = Object.values(unflatten(network, params)).map((W, i) => {
      const [rows, columns] = [i === 3 ? 2 : 6, i === 0 ? 4 : 6];
      const values = Array.from(
        { length: rows * columns },
        (_, k) => W[(k % columns) * rows + Math.floor(k / columns)],
      );
      return { rows, columns, values };
    });
    const norms = plainNetwork(weights);
    const z = logits(network, params, examples);
    const margins = [...examples.labels].map((c, i) => z[2 * i + c] - z[2 * i + 1 - c]);
    const X = { rows: examples.count, columns: 4, values: [...examples.inputs] };
    const margin = Math.min(...margins);
    const bound = collapsedBound(norms, plainSample(X, margins), { margin });
    expect(firstRankOneLayer(norms)).toBe(decayed.rankOne);
    expect(bound.effectiveDepth).toBe(decayed.rankOne);
    expect(bound.constants).toBe('unknown');
    expect(margin).toBeGreaterThan(0);
  });
});
