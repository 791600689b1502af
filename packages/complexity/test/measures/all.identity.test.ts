// Oracles: the numbers of numpy for the network whose sizes differ; the functions that the measures are made by, called one by one.
import { batchNorm, dense, relu } from '@hyperribbon/autodiff';
import {
  allMeasures,
  alphaSearch,
  type Measure,
  measureTable,
  networkNorms,
  sampleNorms,
  sigmaSearch,
} from '@hyperribbon/complexity';
import { defineNetwork, mlp, withBuffers } from '@hyperribbon/nn';
import { resnet } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { examples, flat, network, start, weights } from './uneven.js';

const params = flat(weights);
const reference = flat(start);
const byName = (measures: readonly Measure[]): Readonly<Record<string, Measure>> =>
  Object.fromEntries(measures.map((one) => [one.name, one]));
/** right more often than not, so that there is something to lose */
const learnt = { ...examples, labels: examples.labels.map((_, i) => [2, 0, 1][i % 3]) };

describe('all measures of a network', () => {
  it('are those of its norms, paths and outputs', async () => {
    const found = byName(await allMeasures(network, params, examples, { reference, searches: false }));
    const expected: Readonly<Record<string, number>> = {
      params: 75,
      vc: 34086.4245769539,
      'inverse-margin': 0.045658430767778854,
      'spec-init': 32383384.42802543,
      'spec-orig-main': 31.045350010897526,
      'prod-of-spec': 108.45802737066624,
      'prod-of-spec-fft': 108.45802737066624,
      'sum-of-fro': 29.72566993286025,
      'fro-dist': 35.5078125,
      'dist-spec-init': 16.654806313506548,
      'path-norm': 43.90414810180664,
      'path-norm-over-margin': 43.90414810180664 * 0.045658430767778854,
      'cross-entropy': 1.938987676591731,
      'output-entropy': 0.726369261453061,
      'fisher-rao': 27.30313695911246,
      'fisher-rao-model': 1.4012773990028626,
      'l2-dist': 5.958843218276514,
    };
    for (const [name, value] of Object.entries(expected)) {
      expect(Math.abs(Math.exp(found[name].logValue) / value - 1), name).toBeLessThan(1e-9);
      expect(found[name].undefinedBecause, name).toBeUndefined();
    }
    expect(found['inverse-margin'].caveats[0]).toMatch(/margin is negative/);
    expect(found['path-norm-over-margin'].caveats[0]).toMatch(/margin is negative/);
    expect(found['output-entropy'].caveats[0]).toMatch(/orders networks the other way round/);
  });

  it('are there once each, in the order of the table; without searches those of a scale are left out', async () => {
    const options = { reference, rows: 23, steps: 2, draws: 2 };
    const [all, few] = [
      await allMeasures(network, params, examples, options),
      await allMeasures(network, params, examples, { ...options, searches: false }),
    ];
    const names = measureTable.map(({ name }) => name).filter((name) => !/^steps|^gradient/.test(name));
    expect(all.map(({ name }) => name)).toEqual(names);
    expect(few.map(({ name }) => name)).toEqual(names.filter((name) => !/^pacbayes|^sharpness/.test(name)));
  });

  it('take their scales from the searches, with what is to be said of them', async () => {
    const options = { seed: 3, rows: 20, steps: 4, draws: 3, epsilon: 0.01 };
    const found = byName(
      await allMeasures(network, params, learnt, { ...options, reference, noiseScale: 'variance-as-std' }),
    );
    const noise = { ...options, noiseScale: 'variance-as-std' } as const;
    const plain = await sigmaSearch(network, params, learnt, noise);
    const scaled = await sigmaSearch(network, params, learnt, { ...noise, magnitude: true });
    const { draws: _draws, ...climb } = options;
    const box = await alphaSearch(network, params, learnt, climb);
    for (const [name, { value, undefinedBecause }] of Object.entries({
      'pacbayes-flatness': { value: plain.sigma, undefinedBecause: plain.undefinedBecause },
      'pacbayes-mag-flatness': { value: scaled.sigma, undefinedBecause: scaled.undefinedBecause },
      'sharpness-flatness': { value: box.alpha, undefinedBecause: box.undefinedBecause },
    })) {
      expect(found[name].undefinedBecause, name).toBe(undefinedBecause);
      if (undefinedBecause === undefined) {
        expect(found[name].logValue, name).toBeCloseTo(-2 * Math.log(value), 12);
        expect(found[name].caveats[0], name).toBe('accuracy was measured on 20 examples');
      }
    }
  });

  it('are the same bits for a seed', async () => {
    const options = { seed: 5, rows: 23, steps: 3, draws: 2 };
    expect(await allMeasures(network, params, learnt, options)).toEqual(
      await allMeasures(network, params, learnt, options),
    );
  });

  it('take norms that are known already', async () => {
    const norms = {
      network: await networkNorms(network, params, { reference }),
      sample: await sampleNorms(network, params, examples),
    };
    const given = await allMeasures(network, params, examples, { norms, reference, searches: false });
    expect(given).toEqual(await allMeasures(network, params, examples, { reference, searches: false }));
    const doubled = { ...norms, sample: { ...norms.sample, margins: norms.sample.margins.map((x) => 2 * x) } };
    const other = byName(await allMeasures(network, params, examples, { norms: doubled, searches: false }));
    expect(other['inverse-margin'].logValue).toBeCloseTo(byName(given)['inverse-margin'].logValue - Math.log(4), 12);
  });
});

describe('norms of another sample', () => {
  it('are refused', async () => {
    const norms = {
      network: await networkNorms(network, params),
      sample: { ...(await sampleNorms(network, params, examples)), count: 7 },
    };
    await expect(allMeasures(network, params, examples, { norms, searches: false })).rejects.toThrow(
      /norms.sample must be that of the 23 examples, got one of 7/,
    );
  });
});

describe('batch norms', () => {
  const net = defineNetwork({
    inputs: 5,
    classes: 3,
    parameters: [
      { name: 'W', shape: [5, 4] },
      { name: 'scale', shape: [4], start: 1 },
      { name: 'shift', shape: [4], start: 0 },
      { name: 'V', shape: [4, 3] },
    ],
    buffers: [
      { name: 'mean', shape: [4], value: 0 },
      { name: 'variance', shape: [4], value: 1 },
    ],
    apply: ({ W, scale, shift, V }, x, { mean, variance }) =>
      dense(relu(batchNorm(dense(x, W), { mean, variance, scale, shift })), V),
  });
  const trained = withBuffers(net, { variance: new Float64Array(4).fill(1 / 16) });
  const flatParams = stream({ seed: 1, purpose: 'test' }).normal(new Float64Array(net.size));

  it('are folded before anything is measured: a smaller variance is a larger layer', async () => {
    const [one, other] = [net, trained].map((given) => allMeasures(given, flatParams, examples, { searches: false }));
    const [before, after] = [byName(await one), byName(await other)];
    // s₁² grows by (1 + 1e-5)/(1/16 + 1e-5)
    const factor = Math.log((1 + 1e-5) / (1 / 16 + 1e-5));
    expect(after['prod-of-spec'].logValue - before['prod-of-spec'].logValue).toBeCloseTo(factor, 10);
    expect(after.params.logValue).toBe(Math.log(32));
  });

  it('of the start have statistics of their own', async () => {
    const same = byName(await allMeasures(trained, flatParams, examples, { reference: flatParams, searches: false }));
    expect(same['fro-dist'].logValue).toBe(-Infinity);
    const own = byName(
      await allMeasures(trained, flatParams, examples, {
        reference: flatParams,
        referenceNetwork: net,
        searches: false,
      }),
    );
    // W scaled by 4 less W scaled by 1
    expect(own['fro-dist'].logValue).toBeGreaterThan(0);
    expect(own['l2-dist'].logValue).toBeCloseTo(own['fro-dist'].logValue / 2, 12);
  });
});

describe('networks out of the ordinary', () => {
  it('a network without paths has all other measures', async () => {
    const smooth = mlp([5, 4, 3], { activation: 'tanh' });
    const found = await allMeasures(smooth, smooth.init(1), examples, { searches: false });
    const names = found.filter(({ undefinedBecause }) => undefinedBecause !== undefined).map(({ name }) => name);
    const distances = [
      'spec-init',
      'spec-init-main',
      'fro-dist',
      'dist-spec-init',
      'spec-init-main-fft',
      'dist-spec-init-fft',
      'l2-dist',
    ];
    expect(names.toSorted()).toEqual([...distances, 'path-norm', 'path-norm-over-margin'].toSorted());
  });

  it('of zeros is 0 in every product and cannot lose accuracy that it does not have', async () => {
    const wrong = { ...examples, labels: new Int32Array(23).fill(2) };
    const found = byName(
      await allMeasures(network, new Float64Array(network.size), wrong, { reference: params, rows: 23 }),
    );
    expect(found['prod-of-spec'].logValue).toBe(-Infinity);
    expect(found['path-norm'].logValue).toBe(-Infinity);
    expect(found['pacbayes-flatness'].undefinedBecause).toBe('accuracy is 0, which cannot fall by 0.1');
    expect(found['sharpness-mag-flatness'].undefinedBecause).toBe('accuracy is 0, which cannot fall by 0.1');
    expect(found['inverse-margin'].undefinedBecause).toBe('the margin is 0, which cannot be divided by');
  });

  it('of weights far beyond float32 has its searches in float64', async () => {
    const huge = mlp([5, 4, 3], { activation: 'relu' });
    const bare = huge.init(1, 'float64').map((w, i) => (i < 20 || (i >= 24 && i < 36) ? 1e100 * w : 0));
    const found = byName(await allMeasures(huge, bare, examples, { rows: 23, steps: 3, draws: 2 }));
    expect(found['path-norm'].logValue).toBeGreaterThan(4 * 95 * Math.LN10);
    expect(found['fisher-rao'].logValue).toBeGreaterThan(300 * Math.LN10);
    expect(Number.isFinite(found['prod-of-fro'].logValue)).toBe(true);
    // noise of at most 2 is nothing beside them
    expect(found['pacbayes-flatness'].undefinedBecause).toMatch(/does not fall by 0.1/);
  });

  it('on one example has what needs no margin', async () => {
    const one = { ...examples, inputs: examples.inputs.slice(0, 5), labels: examples.labels.slice(0, 1), count: 1 };
    const found = byName(await allMeasures(network, params, one, { reference, searches: false }));
    expect(found['inverse-margin'].undefinedBecause).toMatch(/a tenth of 1 examples is none/);
    expect(found['param-norm'].reported).toBeCloseTo(Math.sqrt(31.625), 12);
  });

  it('with convolutions takes the side of its images, and the norms of whole maps apart', async () => {
    const net = resnet(8, { image: [1, 8, 8], classes: 4 });
    const images = {
      inputs: stream({ seed: 2, purpose: 'test' }).normal(new Float32Array(12 * 64)),
      labels: Int32Array.from({ length: 12 }, (_, i) => i % 4),
      count: 12,
      features: 64,
      classes: 4,
    };
    const found = byName(await allMeasures(net, net.init(1), images, { reference: net.init(2), searches: false }));
    expect(found['prod-of-spec-fft'].logValue).toBeGreaterThan(found['prod-of-spec'].logValue);
    const published = byName(
      await allMeasures(net, net.init(1), images, { convolutions: 'circular-input', searches: false }),
    );
    const filters = byName(await allMeasures(net, net.init(1), images, { convolutions: 'filters', searches: false }));
    // the limits by filters lie above those by frequencies
    expect(filters['prod-of-spec-fft'].logValue).toBeGreaterThan(found['prod-of-spec-fft'].logValue);
    expect(published['prod-of-spec-fft'].logValue).not.toBe(found['prod-of-spec-fft'].logValue);
    expect(published['prod-of-spec'].logValue).toBe(found['prod-of-spec'].logValue);
    const norms = {
      network: await networkNorms(net, net.init(1)),
      sample: await sampleNorms(net, net.init(1), images),
    };
    await expect(allMeasures(net, net.init(1), images, { norms, convolutions: 'exact' })).rejects.toThrow(
      /leave out norms or convolutions/,
    );
    expect(found['prod-of-fro'].undefinedBecause).toBeUndefined();
    expect(found['prod-of-spec'].caveats.length).toBeGreaterThan(0);
  });
});

describe('a call', () => {
  it('that is watched tells what is looked for', async () => {
    const told = new Set<string | undefined>();
    await allMeasures(network, params, learnt, {
      rows: 23,
      draws: 200,
      steps: 4,
      onProgress: ({ detail }) => told.add(detail),
    });
    for (const detail of told) expect(['σ', 'α', 'σ′', 'α′']).toContain(detail);
  });

  it('that is aborted rejects', async () => {
    await expect(allMeasures(network, params, examples, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('with what cannot be is refused by name', async () => {
    await expect(allMeasures(network, params, examples, { search: true } as never)).rejects.toThrow(
      /there is no option search/,
    );
    await expect(allMeasures(network, params, examples, { reference: params.subarray(1) })).rejects.toThrow(
      /reference must hold the 89 weights/,
    );
    await expect(allMeasures(network, params, examples, { seed: 0.5 })).rejects.toThrow(/seed must be/);
    for (const option of ['rows', 'draws', 'steps'])
      await expect(allMeasures(network, params, examples, { [option]: 0 })).rejects.toThrow(
        new RegExp(`allMeasures: ${option} must be`),
      );
    await expect(allMeasures(network, params, examples, { margin: Infinity, searches: false })).rejects.toThrow(
      /margin must be finite/,
    );
    await expect(
      allMeasures(network, params, examples, { noiseScale: 'sd' as never, searches: false }),
    ).rejects.toThrow(/noiseScale must be one of/);
    await expect(allMeasures(network, params, examples, { delta: 2, searches: false })).rejects.toThrow(
      /delta must be in/,
    );
  });
});
