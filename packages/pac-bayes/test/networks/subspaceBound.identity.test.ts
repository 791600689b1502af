// Oracle: what must hold of a subspace bound however its posterior came about. The network is convolutional and tiny.
import { orthonormalDirections } from '@hyperribbon/linop/directions';
import { cosineSchedule, mlp } from '@hyperribbon/nn';
import { allCnn } from '@hyperribbon/nn/models';
import { AssumptionError, dataSplit, gridPrice, monteCarloLimit, verifyCertificate } from '@hyperribbon/pac-bayes';
import {
  certifyPosterior,
  chooseScales,
  curvaturePrior,
  isotropicPrior,
  networkCertificate,
  optimizeBound,
  optimizeSubspaceBound,
  planSubspaceStep,
  posteriorArrays,
  remeasurePosterior,
  type BoundCheckpoint,
  type OptimizeSubspaceOptions,
  type PriorFamily,
} from '@hyperribbon/pac-bayes/networks';
import { beforeAll, describe, expect, it } from 'vitest';
import { blobs, normals, orthonormal } from './small.js';

const network = allCnn({ channels: [2, 3], classes: 3, image: { height: 4, width: 4, channels: 1 } });
const p = network.size;
const k = 6;
const examples = blobs(3000, { features: 16, spread: 0.4 });
const start = network.init(1, 'float32') as Float32Array;
const directions = orthonormalDirections(Float32Array.from(normals(k * p, 50)), p);
const eigenvalues = [3, 1, 0.4, 0.1, 0.02, 0.01];
const spherical = isotropicPrior(network, start, { start: 0.05 });
const shaped = curvaturePrior(network, start, eigenvalues, { start: 0.05, shapedStart: 0.5 });
const common = { directions, epochs: 10, batchSize: 100, seed: 3, schedule: cosineSchedule(0.05, 1e-3) };
const optimized = (prior: PriorFamily, more: Partial<OptimizeSubspaceOptions> = {}) =>
  optimizeSubspaceBound(examples, { prior, ...common, ...more });

/** optimised once for all tests that need no run of their own */
const runs = { spherical: optimized(spherical), shaped: optimized(shaped) };

const split = (name: string, from: number, to: number) =>
  dataSplit({ name, dataset: 'blobs', digest: `digest of ${name}`, indices: { kind: 'ranges', ranges: [[from, to]] } });
const splits = [split('bound', 0, 3000), split('held-out', 3000, 3100)];

describe('optimising a subspace bound', () => {
  it('lowers its estimate, for either prior', async () => {
    for (const run of Object.values(runs)) {
      const { history, finished } = await run;
      expect(finished).toBe(true);
      expect(history.at(-1)!.estimate).toBeLessThan(0.8 * history[0].estimate);
    }
  });

  it('goes on from a checkpoint to the same bits', async () => {
    const straight = await optimized(shaped, { deterministic: true, batchSize: 500, epochs: 3 });
    let kept: BoundCheckpoint | undefined;
    const controller = new AbortController();
    const first = await optimized(shaped, {
      deterministic: true,
      batchSize: 500,
      epochs: 3,
      signal: controller.signal,
      onEpoch: () => controller.abort(),
    });
    expect(first.reason).toBe('aborted');
    kept = first.checkpoint;
    const rest = await optimized(shaped, { deterministic: true, batchSize: 500, epochs: 3, resume: kept });
    expect(rest.posterior.mean).toEqual(straight.posterior.mean);
    expect(rest.posterior.std).toEqual(straight.posterior.std);
    expect(rest.history).toEqual(straight.history);
    await expect(optimized(shaped, { batchSize: 500, resume: { ...kept, seed: 4 } })).rejects.toThrow(
      /seed of this run, 3, got 4/,
    );
    await expect(optimized(spherical, { batchSize: 500, resume: kept })).rejects.toThrow(/numbers in its state/);
  });

  it('begins where it is told, and steps from there', async () => {
    const initialStd = Float64Array.from({ length: k + 1 }, (_, i) => 0.01 * (i + 1));
    const mean = start.map((w) => w + 0.1);
    const { posterior, variances } = await optimized(shaped, { initialStd, initialMean: mean, epochs: 0 });
    expect(posterior.mean).toEqual(mean);
    posterior.std.forEach((s, i) => expect(Math.abs(s / initialStd[i] - 1)).toBeLessThan(1e-6));
    expect(Math.abs(variances[2] / 0.5 - 1)).toBeLessThan(1e-6);
    const half = await optimized(spherical, { epochs: 0 });
    half.posterior.std.forEach((s) => expect(Math.abs(s / (0.5 * Math.sqrt(0.05)) - 1)).toBeLessThan(1e-6));
  });

  it.each<[string, object, RegExp]>([
    [
      'directions that are not orthonormal',
      { directions: Float32Array.from(normals(k * p, 51)) },
      /orthonormal directions/,
    ],
    [
      'directions that have slipped',
      { directions: directions.map((u, i) => u + (i < p ? 1e-6 : 0)) },
      /orthonormal directions/,
    ],
    ['directions of another network', { directions: directions.subarray(1) }, /directions must be/],
    [
      'deviations that are not positive',
      { initialStd: new Float64Array(k + 1) },
      /positive and finite deviations in initialStd.*got initialStd\[0\]=0/,
    ],
    ['no draws', { draws: 0 }, /draws/],
    ['a batch of none', { batchSize: 0 }, /batchSize/],
    ['a failure probability of 1', { delta: 1 }, /delta/],
  ])('refuses %s', async (_name, wrong, message) => {
    await expect(optimized(spherical, wrong)).rejects.toThrow(message);
    await expect(optimized(spherical, wrong)).rejects.toBeInstanceOf(RangeError);
  });

  it('refuses a pattern of another length', async () => {
    const [along, others] = shaped.tensors;
    const columns = new Float64Array(k + 1).fill(1);
    const wrong = { ...shaped, tensors: [{ ...along, shaped: { scale: 2, columns } }, others] };
    await expect(optimized(wrong)).rejects.toThrow(/pattern must be 6 numbers/);
    await expect(optimized({ ...shaped, tensors: [along, { flat: 7 }] })).rejects.toThrow(/one numbered 7/);
    expect(() => curvaturePrior(network, start, [1, NaN])).toThrow(/eigenvalues\[1\]/);
    expect(() => curvaturePrior(network, start, [0, -1])).toThrow(/positive/);
  });
});

describe('a prior', () => {
  const layered = isotropicPrior(network, start, { groups: 'layer', start: 0.05 });
  const near = (prior: PriorFamily) => prior.scales.map((scale) => scale.start);
  const weights = { network, mean: start, std: new Float32Array(p).fill(0.1) };
  const along = { network, mean: start, directions, std: new Float64Array(k + 1).fill(0.1) };

  it('along directions goes with subspace posteriors alone, and one of several variances with none of them', async () => {
    const alone = 'a prior along directions goes with subspace posteriors only';
    expect(() => chooseScales(shaped, weights, near(shaped))).toThrow(alone);
    await expect(optimizeBound(examples, { prior: shaped, epochs: 1 })).rejects.toThrow(alone);
    const onlyOne = 'the prior of a subspace posterior must be N(mean, λ I), or along its directions';
    expect(() => chooseScales(layered, along, near(layered))).toThrow(onlyOne);
    await expect(optimized(layered)).rejects.toThrow(onlyOne);
  });

  it('N(mean, λ I) goes with either, at the same distance from the same Gaussian', () => {
    const [one, other] = [weights, along].map((posterior) => chooseScales(spherical, posterior, [0.01]));
    expect(one.indices).toEqual(other.indices);
    expect(Math.abs(one.kl.kl / other.kl.kl - 1)).toBeLessThan(1e-4);
    expect(one.family).toBe('gaussian-diagonal');
    expect(other.family).toBe('gaussian-low-rank');
    expect(new Set(one.std)).toEqual(new Set(other.std));
    expect([one.std.length, other.std.length]).toEqual([p, k + 1]);
  });
});

describe('draws of a step', () => {
  it('have covariance T T', () => {
    // logits of a linear network are linear in the weights: their covariance is J T T J'
    const linear = mlp([3, 2], { activation: 'linear' });
    const [n, size] = [4000, linear.size];
    const U = orthonormal(size, 54).slice(0, 2 * size);
    const std = [0.3, 1.4, 0.8];
    const plan = planSubspaceStep(linear, {
      prior: isotropicPrior(linear, new Float64Array(size)),
      directions: U,
      setting: { objective: 'kl', n: 100, delta: 0.05, klWeight: 1 },
      surrogate: 'cross-entropy',
      batch: 1,
      draws: 1,
      dtype: 'float64',
      deterministic: true,
    });
    const x = [0.7, -1.1, 0.4];
    plan.inputs.set(x);
    const state = Float64Array.of(...new Float64Array(size), ...std.map(Math.log), 0);
    const sums = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      plan.noise[0].set(normals(size, 5000 + i));
      const [a, b] = plan.run(state, [1, 1]).logits;
      [a * a, a * b, b * b].forEach((product, c) => (sums[c] += product / n));
    }
    // J: W (3, 2) row-major, then b (2,)
    const J = [0, 1].map((c) => Float64Array.from({ length: size }, (_, j) => (j % 2 === c ? (x[j >> 1] ?? 1) : 0)));
    const through = (row: Float64Array): Float64Array => {
      const out = row.map((v) => std[2] * v);
      for (let i = 0; i < 2; i++) {
        const u = U.subarray(i * size, (i + 1) * size);
        const along = u.reduce((sum, v, j) => sum + v * row[j], 0);
        for (let j = 0; j < size; j++) out[j] += (std[i] - std[2]) * along * u[j];
      }
      return out;
    };
    const rows = J.map(through);
    const product = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, j) => sum + v * b[j], 0);
    const exact = [product(rows[0], rows[0]), product(rows[0], rows[1]), product(rows[1], rows[1])];
    // the variance of a product of two normals is v_a v_b + c²
    const errors = [
      Math.sqrt((2 * exact[0] ** 2) / n),
      Math.sqrt((exact[0] * exact[2] + exact[1] ** 2) / n),
      Math.sqrt((2 * exact[2] ** 2) / n),
    ];
    const off = (values: number[]): number => Math.max(...values.map((v, c) => Math.abs(v - exact[c]) / errors[c]));
    expect(off(sums)).toBeLessThan(4);
    expect(off(sums.map((v) => 1.25 * v))).toBeGreaterThan(4);
  });
});

describe('a certificate of a subspace posterior', () => {
  const certified = async (prior: PriorFamily, more: { networks?: number; examplesPerDraw?: number } = {}) => {
    const { posterior, variances } = await (prior === shaped ? runs.shaped : runs.spherical);
    const { networks: draws = 600, examplesPerDraw = 1 } = more;
    const bound = await certifyPosterior(posterior, examples, {
      prior,
      near: variances,
      draws,
      examplesPerDraw,
    });
    const certificate = networkCertificate({
      bound,
      posterior,
      prior,
      data: { splits, bound: 'bound' },
      priorMean: { description: 'random initialisation', saw: [] },
      // N(mean, λ I) has no basis that could have seen anything
      ...(prior === shaped && { priorBasis: { description: 'a curvature of held-out inputs', saw: ['held-out'] } }),
      posteriorSaw: ['bound'],
      description: 'a test',
    });
    const arrays = posteriorArrays(posterior, bound.prior);
    return { posterior, bound, certificate, arrays };
  };
  let whole: Awaited<ReturnType<typeof certified>>;
  const plain = (changes: Record<string, Float32Array | Float64Array> = {}) => ({
    ...Object.fromEntries(Object.entries(whole.arrays).map(([name, { data }]) => [name, data])),
    ...changes,
  });
  beforeAll(async () => {
    whole = await certified(shaped);
  });

  it('says something, and stands with its weights drawn again', async () => {
    const { certificate, bound } = whole;
    expect(certificate.claim.vacuous).toBe(false);
    expect(certificate.claim.bound).toBeLessThan(0.55);
    expect(certificate.risk).toMatchObject({ scheme: 'random-subset', units: 600, trials: 600, method: 'binomial' });
    // sums of parts are rounded up once more
    expect(Math.abs(certificate.claim.bound / bound.bound.value - 1)).toBeLessThan(1e-14);
    expect(certificate.prior.basis!.saw).toEqual(['held-out']);
    const weights = plain();
    const { reasons } = await verifyCertificate(certificate, {
      weights,
      remeasure: remeasurePosterior(network, weights, examples),
    });
    expect(reasons).toEqual([]);
  });

  it('pays for every grid, and takes the cheapest members', () => {
    const { bound, posterior } = whole;
    expect(bound.prior.indices).toHaveLength(3);
    expect(bound.prior.union.nats).toBe(gridPrice(bound.prior.indices).nats);
    const cost = (near: readonly number[]): number => {
      const { kl, union } = chooseScales(shaped, posterior, near);
      return kl.kl + union.nats;
    };
    const best = cost(bound.prior.variances);
    expect(Math.abs(cost(bound.prior.variances.map((v) => 1.5 * v)) - best)).toBeLessThan(1e-9);
    // a family whose only member is a neighbour costs more
    for (let s = 0; s < 3; s++) {
      const start = bound.prior.variances.map((v, i) => (i === s ? 1.2 * v : v));
      const stuck = {
        ...shaped,
        scales: shaped.scales.map((scale, i) => ({ ...scale, start: start[i], fixed: true })),
      };
      const { kl, union } = chooseScales(stuck, posterior, start);
      expect(union.nats).toBe(0);
      expect(kl.kl + bound.prior.union.nats).toBeGreaterThan(best - 0.2);
    }
  });

  it.each<[string, () => Record<string, Float32Array | Float64Array>, RegExp]>([
    [
      'a mean',
      () => ({ 'posterior.mean': whole.arrays['posterior.mean'].data.map((w, i) => w + (i === 3 ? 1e-3 : 0)) }),
      /weights-differ/,
    ],
    [
      'deviations',
      () => ({ 'posterior.std': whole.arrays['posterior.std'].data.map((s) => 0.5 * s) }),
      /weights-differ.*divergence-differs/,
    ],
    [
      'directions',
      () => ({ 'subspace.directions': orthonormalDirections(Float32Array.from(normals(k * p, 57)), p) }),
      /weights-differ/,
    ],
    [
      'the prior',
      () => ({ 'prior.std': whole.arrays['prior.std'].data.map((s) => 3 * s) }),
      /weights-differ.*divergence-differs/,
    ],
  ])('is refused with %s tampered with', async (_name, changes, codes) => {
    const weights = plain(changes());
    const { verdict, reasons } = await verifyCertificate(whole.certificate, {
      weights,
      remeasure: remeasurePosterior(network, weights, examples),
    });
    expect(verdict).toBe('refused');
    expect(reasons.map(({ code }) => code).join(' ')).toMatch(codes);
  });

  it('cannot be drawn again from directions that are not orthonormal', async () => {
    const weights = plain({ 'subspace.directions': whole.arrays['subspace.directions'].data.map((u) => 1.01 * u) });
    const remeasure = remeasurePosterior(network, weights, examples);
    await expect(verifyCertificate(whole.certificate, { remeasure })).rejects.toBeInstanceOf(AssumptionError);
  });

  it('counts networks, not examples, where each meets several', async () => {
    const { bound, certificate } = await certified(spherical, { networks: 200, examplesPerDraw: 20 });
    expect(certificate.risk).toMatchObject({ scheme: 'random-subset', units: 200, trials: 4000, method: 'chernoff' });
    const { errors, trials } = bound.errors;
    expect(trials).toBe(4000);
    const single = monteCarloLimit({ errors, trials }, 0.01).upper;
    expect(bound.monteCarlo.upper).toBeGreaterThan(single + 0.01);
    expect(Math.abs(certificate.claim.bound / bound.bound.value - 1)).toBeLessThan(1e-14);
    expect((await verifyCertificate(certificate)).reasons).toEqual([]);
    expect(certificate.prior.basis).toBeNull();
  });

  it('needs to know where the directions of its prior came from, and that they saw nothing of the bound', () => {
    const { bound, posterior } = whole;
    const request = {
      bound,
      posterior,
      prior: shaped,
      data: { splits, bound: 'bound' },
      priorMean: { description: 'random initialisation', saw: [] },
      posteriorSaw: ['bound'],
      description: 'a test',
    };
    expect(() => networkCertificate(request)).toThrow('networkCertificate: a prior with a basis needs priorBasis');
    const priorBasis = { description: 'the Hessian at the trained weights', saw: ['bound'] };
    expect(() => networkCertificate({ ...request, priorBasis })).toThrow(/shares 3000 of 3000 examples/);
  });
});
