// Oracle: networks drawn by the formula, from the same streams, and measured by `evaluate`; certificates of subspace posteriors.
import { ArgumentError, type Progress } from '@hyperribbon/contract';
import { evaluate, mlp } from '@hyperribbon/nn';
import {
  AssumptionError,
  dataSplit,
  issueCertificate,
  subspaceGaussianKl,
  verifyCertificate,
  weightsDigest,
  type Certificate,
} from '@hyperribbon/pac-bayes';
import {
  planSubspaceErrors,
  posteriorArrays,
  posteriorFromArrays,
  remeasurePosterior,
  subspaceErrors,
} from '@hyperribbon/pac-bayes/networks';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { blobs, normals, orthonormal } from './small.js';

const network = mlp([4, 5, 3], { activation: 'tanh' });
const p = network.size;
const k = 3;
const examples = blobs(200);
const mean = normals(p, 60, 0.8);
const directions = orthonormal(p, 61).slice(0, k * p);
const std = Float64Array.of(0.02, 0.3, 1.5, 0.6);
const posterior = { network, mean, directions, std };
const prior = { mean: normals(p, 62, 0.5), std: new Float64Array(k + 1).fill(0.9) };
const options = { examplesPerDraw: 40, seed: 5, purpose: 'test' };

/** m + s_c (r - U'U r) + U' diag(s) U r: along each direction its own deviation, s_c elsewhere. */
function drawn(index: number): Float64Array {
  const r = stream({ seed: 5, purpose: 'test/weights/0', index }).normal(new Float64Array(p));
  const w = r.map((x, j) => mean[j] + std[k] * x);
  for (let i = 0; i < k; i++) {
    const u = directions.subarray(i * p, (i + 1) * p);
    const along = u.reduce((sum, x, j) => sum + x * r[j], 0);
    for (let j = 0; j < p; j++) w[j] += (std[i] - std[k]) * along * u[j];
  }
  return w;
}

async function errorOf(index: number): Promise<number> {
  const chosen = stream({ seed: 5, purpose: 'test/examples/0', index }).uniform(new Float64Array(40));
  const rows = Array.from(chosen, (u) => Math.floor(200 * u));
  const inputs = Float64Array.from(rows.flatMap((row) => [...examples.inputs.subarray(4 * row, 4 * row + 4)]));
  const labels = Int32Array.from(rows, (row) => examples.labels[row]);
  return (await evaluate(network, drawn(index), { ...examples, inputs, labels, count: 40 })).error;
}

describe('draws from a subspace posterior', () => {
  it('are the networks of the formula, each on its own random examples', async () => {
    const found = await subspaceErrors(posterior, examples, { ...options, draws: 21 });
    expect(found).toMatchObject({ trials: 21 * 40, units: 21, passes: 21, scheme: 'random-subset', batchSize: 40 });
    expect(found.perPass).toHaveLength(21);
    for (let i = 0; i < 21; i++) expect(found.perPass[i] / 40).toBe(await errorOf(i));
    expect(found.errors).toBe(found.perPass.reduce((a, b) => a + b, 0));
    expect(new Set(found.perPass).size).toBeGreaterThan(5);
  });
  it('are the same whoever makes them, many at a time or few', async () => {
    const errorsOf = async (draws: number): Promise<number[]> =>
      (await subspaceErrors(posterior, examples, { ...options, draws })).perPass.map((mistakes) => mistakes / 40);
    const whole = await errorsOf(12);
    const plan = planSubspaceErrors(network, directions, examples, options);
    const later = await plan.draw(posterior, new Float64Array(7), { first: 5 });
    expect([...later]).toEqual(whole.slice(5));
    const other = await plan.draw(posterior, new Float64Array(7), { first: 5, candidate: 1 });
    expect([...other]).not.toEqual([...later]);
    const stopped = await plan.draw(posterior, new Float64Array(100), { onDraws: (made) => made >= 64 });
    expect([...stopped]).toEqual(await errorsOf(64));
  });
  it('obey a signal and tell their progress', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const onProgress = ({ done }: Progress): void => {
      seen.push(done);
      if (done >= 64) controller.abort(new Error('enough'));
    };
    const endless = subspaceErrors(posterior, examples, {
      ...options,
      draws: 1e6,
      signal: controller.signal,
      onProgress,
    });
    await expect(endless).rejects.toMatchObject({ name: 'AbortError', cause: new Error('enough') });
    expect(seen).toEqual([32, 64]);
  });
  it.each<[string, object, RegExp]>([
    ['deviations that are not positive', { std: std.map((s, i) => (i === 1 ? 0 : s)) }, /std\[1\]=0/],
    [
      'a mean that is not finite',
      { mean: mean.map((m, i) => (i === 7 ? NaN : m)) },
      /finite weights in mean, got mean\[7\]=NaN/,
    ],
    ['directions of another size', { directions: directions.subarray(1) }, /directions must be/],
    ['directions that are not finite', { directions: directions.map(() => Infinity) }, /directions\[0\]=Infinity/],
  ])('refuse %s', async (_name, change, message) => {
    await expect(subspaceErrors({ ...posterior, ...change }, examples, options)).rejects.toThrow(message);
  });
});

const arrays = posteriorArrays(posterior, prior);
const data = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.data]));

describe('the file of a subspace posterior', () => {
  it('holds all that defines it', () => {
    const read = posteriorFromArrays(network, data);
    expect(read).toEqual({ posterior, prior });
    expect(arrays['subspace.directions'].shape).toEqual([k, p]);
  });
  it('is refused with an array too few or too many', () => {
    const { 'prior.std': _left, ...less } = data;
    expect(() => posteriorFromArrays(network, less)).toThrow(ArgumentError);
    expect(() => posteriorFromArrays(network, { ...data, more: mean })).toThrow(ArgumentError);
    expect(() => posteriorFromArrays(network, { ...data, 'prior.std': std.subarray(1) })).toThrow(RangeError);
  });
});

describe('a certificate of a subspace posterior', () => {
  const { covariance, displacement, orthonormality } = subspaceGaussianKl({
    directions,
    posteriorMean: mean,
    posteriorStd: std,
    priorMean: prior.mean,
    priorStd: prior.std,
  });
  const issue = async (factor = 1): Promise<Certificate> => {
    const { errors } = await subspaceErrors(posterior, examples, { ...options, draws: 300, purpose: 'certify' });
    return issueCertificate({
      theorem: 'maurer',
      delta: 0.025,
      loss: { kind: 'zero-one', description: '0-1 error' },
      risk: {
        kind: 'drawn',
        scheme: 'random-subset',
        passes: 300,
        examplesPerDraw: 40,
        mean: (factor * errors) / (300 * 40),
        delta: 0.01,
        seed: 5,
        purpose: 'certify',
      },
      divergence: {
        family: 'gaussian-low-rank',
        dimension: p,
        covariance: factor * covariance,
        displacement,
        orthonormality,
      },
      prior: {
        mean: { description: 'made up', saw: [] },
        scales: [{ kind: 'fixed', name: 'variance', value: 0.81, saw: [] }],
      },
      posterior: {
        description: 'made up',
        saw: [],
        architecture: network.name,
        weights: Object.entries(data).map(([name, array]) => ({ name, digest: weightsDigest(array) })),
      },
      data: {
        bound: 'bound',
        splits: [
          dataSplit({ name: 'bound', dataset: 's', digest: 'd', indices: { kind: 'ranges', ranges: [[0, 200]] } }),
        ],
      },
    });
  };
  const remeasure = remeasurePosterior(network, data, examples);

  it('is measured again: draws, divergence, arrays', async () => {
    const fractions: number[] = [];
    const onProgress = ({ done, of }: Progress<string>): void => void fractions.push(done / of);
    const found = await verifyCertificate(await issue(), { weights: data, remeasure, onProgress });
    expect(found.reasons).toEqual([]);
    expect(found.remeasured).toMatchObject({ units: 300, kl: (await issue()).divergence.kl });
    expect(fractions.at(-1)).toBe(1);
  });
  it('with a smaller risk and a smaller divergence than the posterior has is refused for both', async () => {
    const { reasons } = await verifyCertificate(await issue(0.4), { remeasure });
    expect(reasons.map(({ code }) => code)).toEqual(['risk-differs', 'risk-above-limit', 'divergence-differs']);
  });
  it('whose account of draws cannot be is refused for that, without drawing', async () => {
    const certificate = await issue();
    const forged = { ...certificate, risk: { ...certificate.risk, trials: 12001 } } as Certificate;
    const { reasons, remeasured } = await verifyCertificate(forged, { remeasure });
    expect(reasons.map(({ code }) => code)).toContain('draw-account');
    expect(remeasured).toBeUndefined();
    const endless = { ...certificate, risk: { ...certificate.risk, trials: 300 * 200_000 } } as Certificate;
    await expect(verifyCertificate(endless, { remeasure })).rejects.toThrow(/200000 random examples/);
  });
  it('cannot have directions that are not orthonormal', async () => {
    const bent = { ...data, 'subspace.directions': directions.map((u) => 1.1 * u) };
    const again = remeasurePosterior(network, bent, examples);
    await expect(verifyCertificate(await issue(), { remeasure: again })).rejects.toThrow(AssumptionError);
  });
});
