import { alphaSearch, sigmaSearch } from '@hyperribbon/complexity';
import { type Examples, mlp, train } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { linear, unitVectors } from './linear.js';

const features = 60;
const net = linear(features);
const units = unitVectors(features);
const equal = (w: number): Float32Array => new Float32Array(features).fill(w);

const inputs = stream({ seed: 4, purpose: 'test' }).normal(new Float32Array(600 * 4));
const blobs: Examples = {
  inputs,
  labels: Int32Array.from({ length: 600 }, (_, i) => (inputs[4 * i] * inputs[4 * i + 1] > 0 ? 1 : 0)),
  count: 600,
  features: 4,
  classes: 2,
};
const small = mlp([4, 16, 2], { activation: 'relu' });
const trained = train(small, blobs, { epochs: 30, batchSize: 20, seed: 1 });

describe('what a search gives', () => {
  it('is the same to the bit for a seed, and another for another', async () => {
    const { params } = await trained;
    const options = { rows: 300, draws: 4, tolerance: 1e-9, steps: 6 };
    const [one, again, other] = [1, 1, 2].map((seed) => sigmaSearch(small, params, blobs, { ...options, seed }));
    expect(await one).toEqual(await again);
    expect((await one).tried.map(({ drop }) => drop)).not.toEqual((await other).tried.map(({ drop }) => drop));
    const climbs = [1, 1, 2].map((seed) => alphaSearch(small, params, blobs, { seed, rows: 300, steps: 4 }));
    expect(await climbs[0]).toEqual(await climbs[1]);
    expect((await climbs[0]).tried).not.toEqual((await climbs[2]).tried);
  });

  it('halves the interval, and says what it tried', async () => {
    const { tried } = await sigmaSearch(net, equal(1), units, { draws: 2, tolerance: 1e-9, steps: 5, limit: 4 });
    expect(tried.map(({ scale }) => scale)[0]).toBe(2);
    tried.slice(1).forEach(({ scale }, i) => {
      expect(Math.abs(scale - tried[i].scale)).toBe(2 ** -i);
      expect(scale > tried[i].scale).toBe(tried[i].drop <= 0.1);
    });
  });

  it('has one fall for one scale: the same draws at every scale, in whatever order they come', async () => {
    const { params } = await trained;
    const at = async (limit: number) =>
      (await sigmaSearch(small, params, blobs, { limit, steps: 1, tolerance: 1e-9, rows: 300 })).tried[0];
    const [found] = [await sigmaSearch(small, params, blobs, { limit: 4, steps: 6, tolerance: 1e-9, rows: 300 })];
    for (const { scale, drop } of found.tried) expect(await at(2 * scale)).toEqual({ scale, drop });
  });

  it('takes the worst of all starts, which more of them only make worse', async () => {
    const { params } = await trained;
    const options = { rows: 300, drop: 0.9, limit: 0.2, steps: 5, ascentSteps: 2 };
    const [one, many] = [
      await alphaSearch(small, params, blobs, { ...options, starts: 1 }),
      await alphaSearch(small, params, blobs, { ...options, starts: 6 }),
    ];
    expect(many.tried.map(({ scale }) => scale)).toEqual(one.tried.map(({ scale }) => scale));
    many.tried.forEach(({ drop }, i) => expect(drop).toBeGreaterThanOrEqual(one.tried[i].drop));
    expect(many.tried.some(({ drop }, i) => drop > one.tried[i].drop)).toBe(true);
  });

  it('rests on as many examples as were asked for', async () => {
    const { params } = await trained;
    for (const [rows, used] of [
      [100, 100],
      [5000, 600],
    ])
      expect((await sigmaSearch(small, params, blobs, { rows, steps: 1 })).rows).toBe(used);
    expect((await alphaSearch(small, params, blobs, { rows: 100, steps: 1 })).rows).toBe(100);
  });

  it('leaves the weights as they were, in either dtype', async () => {
    for (const params of [equal(1), Float64Array.from(equal(1))]) {
      const before = params.slice();
      await sigmaSearch(net, params, units, { steps: 2 });
      await alphaSearch(net, params, units, { steps: 2 });
      expect(params).toEqual(before);
    }
    const { sigma } = await sigmaSearch(net, equal(1), units, { dtype: 'float64' });
    expect(Math.abs(sigma * 1.2816 - 1)).toBeLessThan(0.3);
  });

  it('uses what it is told', async () => {
    const at = async (options: object): Promise<number> =>
      (await sigmaSearch(net, equal(0.5), units, { seed: 1, ...options })).sigma;
    expect(await at({ drop: 0.2 })).toBeGreaterThan(await at({}));
    const boxes = async (options: object) =>
      (await alphaSearch(small, (await trained).params, blobs, { rows: 200, steps: 4, ...options })).tried;
    const plain = await boxes({});
    for (const options of [{ ascentSteps: 1 }, { batchSize: 10 }, { magnitude: true }])
      expect(await boxes(options), JSON.stringify(options)).not.toEqual(plain);
  });
});

describe('where there is no scale', () => {
  it('because accuracy never falls, the limit is all that is known', async () => {
    for (const found of [
      await sigmaSearch(net, equal(100), units, { steps: 4 }),
      await sigmaSearch(net, equal(100), units, { steps: 4, limit: 0.5 }),
    ])
      expect([found.reason, found.sigma, found.standardError]).toEqual([
        'never-drops',
        found.tried.length === 4 && found.sigma,
        undefined,
      ]);
    const found = await sigmaSearch(net, equal(100), units, { steps: 4 });
    expect(found.undefinedBecause).toBe(
      'accuracy does not fall by 0.1 at any scale that was tried, the largest 1.875, the limit 2',
    );
    expect((await alphaSearch(net, equal(100), units, { steps: 4 })).reason).toBe('never-drops');
  });

  it('because it falls at once, none is', async () => {
    const found = await sigmaSearch(net, equal(1e-7), units, { steps: 4 });
    expect([found.reason, found.sigma]).toEqual(['drops-at-once', 0]);
    expect(found.undefinedBecause).toBe(
      'accuracy falls by more than 0.1 at 0.125, the smallest scale that was tried: more steps try smaller ones',
    );
    expect((await alphaSearch(net, equal(1e-7), units, { steps: 4 })).undefinedBecause).toMatch(
      /falls by more than 0.1/,
    );
  });

  it('because the network is hardly ever right, it says how often', async () => {
    const found = await sigmaSearch(net, equal(-1), units);
    expect([found.reason, found.undefinedBecause, found.tried]).toEqual([
      'cannot-drop',
      'accuracy is 0, which cannot fall by 0.1',
      [],
    ]);
    expect((await alphaSearch(net, equal(-1), units)).reason).toBe('cannot-drop');
  });

  it('because noise makes it better, that is no fall', async () => {
    // 40 % right: noise brings it towards one half
    const weights = equal(1).fill(-0.01, 0, 36);
    expect((await sigmaSearch(net, weights, units, { steps: 5 })).reason).toBe('never-drops');
  });
});

describe('a search that is watched', () => {
  it('tells how far it is, of all that there may be', async () => {
    const told: number[] = [];
    await sigmaSearch(net, equal(1), units, {
      draws: 40,
      tolerance: 1e-9,
      rows: 60,
      onProgress: ({ done, of }) => {
        told.push(done);
        expect(of).toBe(17 * 40);
      },
    });
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  });

  it('ends between two draws, and between two steps of ascent', async () => {
    for (const search of [sigmaSearch, alphaSearch]) {
      let asked = 0;
      const { signal } = new AbortController();
      Object.defineProperty(signal, 'aborted', { get: () => ++asked > 30 });
      await expect(search(net, equal(1), units, { signal })).rejects.toMatchObject({ name: 'AbortError' });
      expect(asked).toBeLessThan(35);
    }
  });

  it('ends at once with an AbortError', async () => {
    const signal = AbortSignal.abort();
    await expect(sigmaSearch(net, equal(1), units, { signal })).rejects.toMatchObject({ name: 'AbortError' });
    await expect(alphaSearch(net, equal(1), units, { signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('arguments that cannot be', () => {
  it('are refused by name', async () => {
    const bad = [
      { drop: 0 },
      { tolerance: 0 },
      { limit: 0 },
      { steps: 0 },
      { draws: 1 },
      { rows: 0 },
      { seed: -1 },
      { epsilon: -1 },
    ];
    for (const options of bad)
      await expect(sigmaSearch(net, equal(1), units, options)).rejects.toThrow(
        new RegExp(`sigmaSearch: ${Object.keys(options)[0]} must`),
      );
    for (const options of [{ ascentSteps: 0 }, { starts: 0 }, { batchSize: 0 }, { drop: 1 }])
      await expect(alphaSearch(net, equal(1), units, options)).rejects.toThrow(
        new RegExp(`alphaSearch: ${Object.keys(options)[0]} must`),
      );
    await expect(sigmaSearch(net, equal(1), units, { noiseScale: 'sd' as never })).rejects.toThrow(
      /noiseScale must be one of/,
    );
    await expect(sigmaSearch(net, equal(1), units, { draw: 3 } as never)).rejects.toThrow(/there is no option draw/);
    await expect(sigmaSearch(net, equal(NaN), units)).rejects.toThrow(/params must be finite/);
  });
});
