// Oracle: what the documentation promises for zero-probability events and for input that cannot be right.
import { AbortError, type Progress } from '@hyperribbon/contract';
import { describe, expect, test } from 'vitest';
import { log } from '@hyperribbon/kernels';
import {
  assembleDivergences,
  bhattacharyyaDivergences,
  crossDivergences,
  divergenceBlock,
  divergenceRows,
  embed,
  gaussianDivergences,
  greatCircleDivergences,
  inpca,
  ProbabilityError,
  progress,
  symmetrizedKlDivergences,
  truth,
  type Models,
} from '../src/index.js';
import { choose, softmaxCloud } from './inpcaClouds.js';

/** models sure of one class: class `k` of each sample, or of all if one number */
const sure = (...classes: readonly number[]): Models => ({
  probabilities: Float64Array.from(classes.flatMap((k) => [0, 1, 2].map((c) => (c === k ? 1 : 0)))),
  models: classes.length,
  samples: 1,
  classes: 3,
});

describe('events of probability zero', () => {
  test('disjoint models are `cap` nats apart per sample; pairs are counted once', () => {
    const set = sure(0, 1, 2, 0);
    const { values, capped } = bhattacharyyaDivergences(set);
    expect(capped).toBe(5);
    for (const [i, j, d] of [
      [0, 1, 100],
      [1, 2, 100],
      [0, 3, 0],
      [3, 1, 100],
    ] as const) {
      expect(Math.abs(values[i * 4 + j]! - d)).toBeLessThan(1e-12);
    }
    const half = bhattacharyyaDivergences(set, { cap: 20 });
    expect(Math.abs(half.values[1]! - 20)).toBeLessThan(1e-13);
    expect(half.capped).toBe(5);
  });

  test('the cap is a mean over samples like everything else', () => {
    const p = [1, 0, 0.5, 0.5, 0.25, 0.75];
    const q = [0, 1, 0.5, 0.5, 0.75, 0.25];
    const { values, capped } = bhattacharyyaDivergences({
      probabilities: Float64Array.of(...p, ...q),
      models: 2,
      samples: 3,
      classes: 2,
    });
    expect(Math.abs(values[1]! - (100 - log(2 * Math.sqrt(0.1875))) / 3)).toBeLessThan(1e-13);
    expect(capped).toBe(1);
  });

  test('counts do not depend on the number of models, blocks or engine', () => {
    const many = sure(...Array.from({ length: 43 }, (_, i) => i % 3));
    let expected = 0;
    for (let i = 0; i < 43; i++) for (let j = 0; j < i; j++) if (i % 3 !== j % 3) expected += 1;
    for (const options of [{}, { precision: 'float32' }, { engine: 'typescript' }] as const) {
      expect(bhattacharyyaDivergences(many, options).capped).toBe(expected);
      const blocks = divergenceRows(43, 4).map((rows) => divergenceBlock(many, rows, options));
      expect(assembleDivergences(blocks).capped).toBe(expected);
      expect(crossDivergences(many, sure(0, 1), options).capped).toBe(28 + 29);
    }
    // symmetrised KL: two classes differ per pair
    expect(symmetrizedKlDivergences(many).capped).toBe(2 * expected);
    const blocks = divergenceRows(43, 4).map((rows) => divergenceBlock(many, rows, { kind: 'symmetrizedKl' }));
    expect(assembleDivergences(blocks).capped).toBe(2 * expected);
    expect(crossDivergences(many, sure(0, 1), { kind: 'symmetrizedKl' }).capped).toBe(2 * (28 + 29));
  });

  test('symmetrised KL takes logarithms from −cap on', () => {
    const { values } = symmetrizedKlDivergences(sure(0, 1), { cap: 30 });
    expect(Math.abs(values[1]! - 60)).toBeLessThan(1e-13);
    expect(greatCircleDivergences(sure(0, 1)).values[1]).toBeCloseTo(Math.PI, 14);
  });

  test('a probability of zero under both models is no event', () => {
    const set: Models = { probabilities: Float64Array.of(0.5, 0.5, 0, 0.9, 0.1, 0), models: 2, samples: 1, classes: 3 };
    expect(bhattacharyyaDivergences(set).capped + symmetrizedKlDivergences(set).capped).toBe(0);
  });
});

describe('input that cannot be right', () => {
  const good = softmaxCloud(3, 2, 4, 1);
  const spoiled = (at: number, value: number): Models => {
    const probabilities = Float64Array.from(good.probabilities);
    probabilities[at] = value;
    return { ...good, probabilities };
  };

  test('says which model and sample, the value and the remedy', () => {
    for (const [at, value, message] of [
      [13, NaN, 'probabilities must be >= 0, got NaN for model 1, sample 1, class 1; leave out models that diverged'],
      [
        8,
        -0.25,
        'probabilities must be >= 0, got -0.25 for model 1, sample 0, class 0; pass probabilities, not logits',
      ],
      [23, 3, 'model 2, sample 1; apply a softmax, divide by the sum, or raise sumTol'],
      [0, Infinity, 'got Infinity for model 0, sample 0'],
    ] as const) {
      const model = Math.floor(at / 8);
      for (const f of [
        () => bhattacharyyaDivergences(spoiled(at, value)),
        () => divergenceBlock(spoiled(at, value), { from: 0, to: 3 }),
        () => crossDivergences(good, spoiled(at, value)),
      ]) {
        expect(f).toThrow(message);
        expect(f).toThrow(ProbabilityError);
        try {
          f();
        } catch (error) {
          expect(error).toMatchObject({ model, sample: Math.floor(at / 4) % 2 });
        }
      }
    }
  });

  test('sums may be off by sumTol, and what is left is divided out', () => {
    const off = { ...good, probabilities: good.probabilities.map((p, at) => (at < 8 ? p * (1 + 1e-4) : p)) };
    expect(() => bhattacharyyaDivergences(off)).toThrow('within 1e-9');
    const { values } = bhattacharyyaDivergences(off, { sumTol: 1e-3 });
    const exact = bhattacharyyaDivergences(good).values;
    expect(Math.abs(values[1]! - exact[1]!)).toBeLessThan(1e-15);
    expect(() => bhattacharyyaDivergences(good, { sumTol: NaN })).toThrow('sumTol must be in [0, 1)');
    const narrow = { ...good, probabilities: Float32Array.from(off.probabilities, (p) => p / (1 + 0.99e-4)) };
    expect(() => bhattacharyyaDivergences(narrow)).toThrow('within 0.00001');
  });

  test('shapes', () => {
    expect(() => bhattacharyyaDivergences({ ...good, models: 4 })).toThrow(
      'probabilities must have shape (4, 2, 4), 32 numbers, got 24',
    );
    expect(() => bhattacharyyaDivergences({ ...good, samples: 0 })).toThrow(
      'samples must be an integer >= 1, got samples=0',
    );
    expect(() => bhattacharyyaDivergences({ ...good, probabilities: [1] as never })).toThrow(TypeError);
    expect(() => crossDivergences(good, softmaxCloud(3, 3, 4, 1))).toThrow(
      '2 × 4 and 3 × 4; evaluate both on one list of samples',
    );
    expect(() => gaussianDivergences(good as never)).toThrow('kind gaussian takes { predictions');
    const predictions = { predictions: Float64Array.of(1, NaN), models: 2, samples: 1, outputs: 1 };
    expect(() => gaussianDivergences(predictions)).toThrow('predictions must be finite, got NaN for model 1, sample 0');
    expect(() => bhattacharyyaDivergences(good, { cap: 101 })).toThrow('cap must be in (0, 100], got 101');
    expect(() => divergenceBlock(good, { from: 0, to: 2 })).toThrow(
      'at multiples of 8 or the end, got [0, 2]; use divergenceRows',
    );
    expect(() => divergenceBlock(good, { from: 0, to: 3 }, { kind: 'x' as never })).toThrow('got "x"');
    expect(() => assembleDivergences([])).toThrow('must not be empty');
    const part = divergenceBlock(choose(good, [0, 1, 2, 0, 1, 2, 0, 1, 2]), { from: 8, to: 9 });
    expect(() => assembleDivergences([part])).toThrow('must cover rows [0, 9) once, got [[8,9]]');
    expect(() => truth([0, 4], 4)).toThrow('labels[1] must be an integer in [0, 3], got labels[1]=4');
    expect(() => progress(good, good.probabilities.slice(0, 8), good.probabilities.slice(0, 8))).toThrow('must differ');
  });

  test('embedding', async () => {
    const D = bhattacharyyaDivergences(good);
    const map = await inpca(D);
    expect(map.dimensions).toBe(3);
    await expect(inpca(D, { dimensions: 4 })).rejects.toThrow(
      'dimensions must be an integer in [1, 3], got dimensions=4',
    );
    await expect(inpca(D, { weights: [1, 1] })).rejects.toThrow('weights must have length 3, got 2');
    await expect(inpca(D, { weights: [1, -1, 1] })).rejects.toThrow('got weights[1]=-1');
    await expect(inpca({ models: 3, values: D.values.slice(1) })).rejects.toThrow(
      'values must have shape (3, 3), 9 numbers, got 8',
    );
    for (const [at, value, message] of [
      [0, 1, 'diagonal of the divergences must be 0, got 1 for model 0'],
      [1, NaN, 'divergences must be finite, got NaN for models 1 and 0'],
      [3, Infinity, 'divergences must be finite, got Infinity for models 1 and 0'],
      [3, 7, 'divergences must be symmetric, got 7'],
    ] as const) {
      const values = Float64Array.from(D.values);
      values[at] = value;
      await expect(inpca({ models: 3, values })).rejects.toThrow(message);
    }
    expect(() => embed(map, { values: new Float64Array(4), others: 2, models: 2 })).toThrow('others × 3 divergences');
    expect(() => embed(map, { values: Float64Array.of(1, NaN, 1), others: 1, models: 3 })).toThrow('must be finite');
  });

  test('a signal and progress are heard', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(() => bhattacharyyaDivergences(good, { signal: stop.signal })).toThrow(AbortError);
    for (const method of ['dense', 'lanczos'] as const) {
      const stopped = inpca(bhattacharyyaDivergences(good), { method, signal: stop.signal });
      await expect(stopped).rejects.toThrow('inpca: aborted by its signal');
    }
    const heard: Progress[] = [];
    const onProgress = (progress: Progress): void => void heard.push(progress);
    bhattacharyyaDivergences(softmaxCloud(20, 200, 10, 2), { onProgress });
    expect(heard.length).toBeGreaterThan(2);
    // 20 · 21/2 pairs of models on 200 samples
    expect(heard.at(-1)).toEqual({ done: 42000, of: 42000 });
    expect(heard.map(({ done }) => done)).toEqual(heard.map(({ done }) => done).toSorted((a, b) => a - b));
    heard.length = 0;
    crossDivergences(softmaxCloud(20, 200, 10, 2), softmaxCloud(3, 200, 10, 2), { onProgress });
    expect(heard.at(-1)).toEqual({ done: 12000, of: 12000 });
  });
});
