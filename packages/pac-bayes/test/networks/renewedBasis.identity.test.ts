import { constantSchedule } from '@hyperribbon/nn';
import { dataSplit, denseGaussianKl, PriorOverlapError, verifyCertificate } from '@hyperribbon/pac-bayes';
import {
  certifyPosterior,
  chooseScales,
  fromBasis,
  isotropicPrior,
  kroneckerPrior,
  networkCertificate,
  optimizeBound,
  posteriorArrays,
  remeasurePosterior,
  toBasis,
  turnPrior,
  type KroneckerBasis,
} from '@hyperribbon/pac-bayes/networks';
import { describe, expect, it } from 'vitest';
import { recomputeTurnedKl } from '../../src/networks/examine/recomputeTurnedKl.js';
import { blobs, normals, orthonormal, randomBasis, smallNet } from './small.js';

const { size } = smallNet;
const examples = blobs(200);
const w0 = normals(size, 31, 0.5);
const start = w0.map((w, i) => w + normals(size, 32, 0.3)[i]);
const std = normals(size, 33, 0.2).map((z) => 0.05 + Math.abs(z));
const prior = isotropicPrior(smallNet, w0, { grid: { b: 10, c: 1 } });
const fixed = randomBasis(smallNet);
const options = { prior, epochs: 4, batchSize: 40, seed: 4, dtype: 'float64', deterministic: true } as const;

/** Another basis for every epoch, and for other means. */
function basisAt(mean: ArrayLike<number>, epoch: number): KroneckerBasis {
  const place = 1000 * (epoch + 1) + Math.round(1e6 * Math.abs(mean[0]));
  return {
    layers: [
      { input: orthonormal(4, place), output: orthonormal(5, place + 1) },
      { input: orthonormal(5, place + 2), output: orthonormal(3, place + 3) },
    ],
  };
}

const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (v, i) => Math.abs(v - b[i])).reduce((top, v) => Math.max(top, v), 0);

/** Covariance over the weights of independent coordinates. */
function covariance(deviations: ArrayLike<number>, basis: KroneckerBasis): Float64Array {
  const out = new Float64Array(size * size);
  for (let c = 0; c < size; c++) {
    const column = fromBasis(smallNet, new Float64Array(size).fill(1, c, c + 1), basis);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) out[i * size + j] += deviations[c] ** 2 * column[i] * column[j];
    }
  }
  return out;
}

describe('a basis renewed every epoch', () => {
  it('is asked for before every epoch, at the means of that moment', async () => {
    const calls: { epoch: number; mean: number[] }[] = [];
    const run = await optimizeBound(examples, {
      ...options,
      initialMean: start,
      renewBasis: (mean, epoch) => {
        calls.push({ epoch, mean: Array.from(mean) });
        return basisAt(mean, epoch);
      },
    });
    expect(calls.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3]);
    expect(calls[0].mean).toEqual(Array.from(start));
    expect(distance(calls[1].mean, calls[0].mean)).toBeGreaterThan(1e-3);
    expect(run.posterior.basis).toEqual(basisAt(calls[3].mean, 3));
  });

  it('leaves the deviations in their places and the means where they are among the weights', async () => {
    const run = await optimizeBound(examples, {
      ...options,
      initialMean: start,
      initialStd: std,
      schedule: constantSchedule(0),
      renewBasis: basisAt,
    });
    expect(distance(run.posterior.std, std)).toBeLessThan(1e-15);
    expect(distance(fromBasis(smallNet, run.posterior.mean, run.posterior.basis!), start)).toBeLessThan(1e-14);
    expect(distance(run.prior.mean, toBasis(smallNet, w0, run.posterior.basis!))).toBeLessThan(1e-14);
  });

  it('that stays the same is Method 2 with means in the weights', async () => {
    const moving = await optimizeBound(examples, { ...options, initialMean: start, renewBasis: () => fixed });
    const still = await optimizeBound(examples, {
      ...options,
      prior: isotropicPrior(smallNet, toBasis(smallNet, w0, fixed), { grid: { b: 10, c: 1 } }),
      basis: fixed,
      initialMean: toBasis(smallNet, start, fixed),
    });
    expect(distance(moving.posterior.mean, still.posterior.mean)).toBeLessThan(1e-11);
    expect(distance(moving.posterior.std, still.posterior.std)).toBeLessThan(1e-11);
    const other = await optimizeBound(examples, { ...options, initialMean: start, renewBasis: basisAt });
    expect(distance(other.posterior.std, still.posterior.std)).toBeGreaterThan(1e-4);
  });

  it('goes on where it stopped within an epoch, to the same bits', async () => {
    const given = { ...options, initialMean: start, renewBasis: basisAt };
    const whole = await optimizeBound(examples, given);
    for (const stopAt of [7, 10, 20]) {
      const controller = new AbortController();
      let left = stopAt;
      const stopped = await optimizeBound(examples, {
        ...given,
        // asked once before every step
        signal: Object.defineProperty(controller.signal, 'aborted', { get: () => left-- <= 0 }),
      });
      expect(stopped.checkpoint.step).toBe(stopAt);
      const resumed = await optimizeBound(examples, { ...given, resume: structuredClone(stopped.checkpoint) });
      expect(Array.from(resumed.posterior.mean)).toEqual(Array.from(whole.posterior.mean));
      expect(Array.from(resumed.posterior.std)).toEqual(Array.from(whole.posterior.std));
      expect(resumed.posterior.basis).toEqual(whole.posterior.basis);
    }
  });

  it('needs a prior that does not see it', async () => {
    const shaped = kroneckerPrior(smallNet, w0, {
      layers: [
        { input: Float64Array.of(4, 2, 1, 0.5), output: Float64Array.of(1, 0.8, 0.6, 0.4, 0.2) },
        { input: Float64Array.of(3, 1, 0.5, 0.2, 0.1), output: Float64Array.of(0.4, 0.2, 0.1) },
      ],
    });
    const refused = (more: object) => optimizeBound(examples, { ...options, renewBasis: basisAt, ...more });
    await expect(refused({ prior: shaped })).rejects.toThrow('optimizeBound: renewBasis needs an isotropic prior');
    await expect(refused({ basis: fixed })).rejects.toThrow('optimizeBound: give basis or renewBasis, not both');
    await expect(refused({ meansIn: 'basis' })).rejects.toThrow('with renewBasis means are in the weights');
    await expect(refused({ prior: turnPrior(prior, fixed) })).rejects.toThrow('in the coordinates of the weights');
    const sides = (_: unknown, epoch: number) => (epoch === 2 ? { layers: [{}, {}] } : fixed);
    await expect(refused({ renewBasis: sides })).rejects.toThrow(
      'renewBasis must turn the same sides every time, layer 1',
    );
    expect(() => turnPrior(shaped, fixed)).toThrow('turnPrior: the prior must be isotropic');
  });
});

describe('an isotropic prior seen from a basis of the posterior', () => {
  const lambda = Math.exp(-1.7);
  const exactKl = (basis: KroneckerBasis, mean: Float64Array, deviations = std): number =>
    denseGaussianKl({
      posteriorMean: fromBasis(smallNet, mean, basis),
      posteriorCovariance: covariance(deviations, basis),
      priorMean: w0,
      priorCovariance: Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? lambda : 0)),
    }).kl;
  /** By the second implementation, from the prior over the weights. */
  const enclosed = (basis: KroneckerBasis, mean: Float64Array) =>
    recomputeTurnedKl(
      smallNet,
      basis,
      { 'posterior.mean': mean, 'posterior.std': std, 'prior.std': new Float64Array(size).fill(Math.sqrt(lambda)) },
      w0,
    );
  const klOf = (seen: typeof prior, mean: Float64Array, deviations = std): number => {
    const held = { ...seen, scales: [{ ...seen.scales[0], start: lambda, fixed: true }] };
    return chooseScales(held, { network: smallNet, mean, std: deviations }, [lambda]).kl.kl;
  };

  it('has the KL of the dense Gaussians over the weights', () => {
    const mean = toBasis(smallNet, start, fixed);
    const found = klOf(turnPrior(prior, fixed), mean);
    const exact = exactKl(fixed, mean);
    expect(found).toBeGreaterThanOrEqual(exact);
    expect(found / exact - 1).toBeLessThan(1e-12);
    const { lower, upper } = enclosed(fixed, mean);
    expect(lower).toBeLessThanOrEqual(exact);
    expect(upper).toBeGreaterThanOrEqual(exact - 1e-12);
    expect(upper - lower).toBeLessThan(1e-10 * exact);
  });

  it.each([1, 2, 3, 4, 5])('and never less where the basis is not quite orthonormal (%i)', (index) => {
    const skew = (rows: Float64Array, k: number) =>
      rows.map((v, i) => v + 1e-5 * normals(rows.length, 900 + 10 * index + k)[i]);
    const basis = {
      layers: fixed.layers.map(({ input, output }, l) => ({
        input: skew(input as Float64Array, 2 * l),
        output: skew(output as Float64Array, 2 * l + 1),
      })),
    };
    const mean = toBasis(smallNet, start, basis);
    const exact = exactKl(basis, mean);
    const found = klOf(turnPrior(prior, basis), mean);
    expect(found).toBeGreaterThanOrEqual(exact);
    expect(found / exact - 1).toBeLessThan(0.05);
    const { lower, upper } = enclosed(basis, mean);
    expect(lower).toBeLessThanOrEqual(exact);
    expect(upper).toBeGreaterThanOrEqual(exact - 1e-12);
    expect(upper - lower).toBeLessThan(1e-6 * exact);
    // without the account of it the KL would be another one
    const { turned: _, ...careless } = turnPrior(prior, basis);
    expect(Math.abs(klOf(careless, mean) / exact - 1)).toBeGreaterThan(1e-7);
  });

  it('pays for a basis whose vectors are too long: every draw is', () => {
    const long = {
      layers: fixed.layers.map(({ input, output }) => ({
        input: input!.map((v) => v * (1 + 1e-5)),
        output: output!.map((v) => v * (1 + 1e-5)),
      })),
    };
    // wide noise around the prior's mean: all that differs is the trace
    const wide = new Float64Array(size).fill(3);
    const seen = turnPrior(prior, long);
    const exact = exactKl(long, seen.mean as Float64Array, wide);
    const found = klOf(seen, seen.mean as Float64Array, wide);
    const { turned: _, ...careless } = seen;
    const without = klOf(careless, seen.mean as Float64Array, wide);
    expect(found).toBeGreaterThanOrEqual(exact);
    expect((found - without) / (exact - without)).toBeLessThan(5);
  });

  it('refuses a basis that is not one', () => {
    const bent = { layers: fixed.layers.map((layer, l) => (l === 0 ? { ...layer, input: normals(16, 5) } : layer)) };
    const mean = toBasis(smallNet, start, bent);
    expect(() => klOf(turnPrior(prior, bent), mean)).toThrow(/the basis is no orthonormal one/);
  });
});

describe('the certificate of a posterior whose basis saw the examples', () => {
  const data = {
    splits: [
      dataSplit({
        name: 'bound',
        dataset: 'blobs',
        digest: 'digest of blobs',
        indices: { kind: 'ranges', ranges: [[0, 200]] },
      }),
    ],
    bound: 'bound',
  } as const;
  const certified = async () => {
    const run = await optimizeBound(examples, { ...options, initialMean: start, renewBasis: basisAt });
    const bound = await certifyPosterior(run.posterior, examples, {
      prior: run.prior,
      near: run.variances,
      passes: 5,
    });
    return { run, bound };
  };
  const words = {
    data,
    priorMean: { description: 'random initialisation', saw: [] },
    posteriorSaw: ['bound'],
    description: 'basis renewed every epoch',
  };

  it('has a prior without a basis, names what the posterior saw, and stands when drawn again', async () => {
    const { run, bound } = await certified();
    const certificate = networkCertificate({ ...words, bound, posterior: run.posterior, prior: run.prior });
    expect(certificate.prior.basis).toBeNull();
    expect(certificate.posterior.saw).toEqual(['bound']);
    expect(certificate.divergence.orthonormality).toBeLessThan(1e-14);
    const named = posteriorArrays(run.posterior, bound.prior);
    const arrays = Object.fromEntries(Object.entries(named).map(([name, array]) => [name, array.data]));
    const verified = await verifyCertificate(certificate, {
      data: { bound: 'digest of blobs' },
      weights: arrays,
      remeasure: remeasurePosterior(smallNet, arrays, examples),
    });
    expect(verified.reasons).toEqual([]);
    expect(verified.remeasured!.kl! / certificate.divergence.kl - 1).toBeGreaterThan(-1e-10);
  });

  it('is not issued for a prior whose basis saw them (trap T9), nor where nobody says what it saw', async () => {
    const { run, bound } = await certified();
    const request = { ...words, bound, posterior: run.posterior, prior: run.prior };
    const priorBasis = { description: 'curvature of the training inputs', saw: ['bound'] };
    expect(() => networkCertificate({ ...request, priorBasis })).toThrow(PriorOverlapError);
    const { turned: _, ...silent } = run.prior;
    expect(() => networkCertificate({ ...request, prior: silent })).toThrow(/a prior with a basis needs priorBasis/);
  });
});
