import { logits as networkLogits, momentum } from '@hyperribbon/nn';
import { denseGaussianKl } from '@hyperribbon/pac-bayes';
import {
  certifyPosterior,
  isotropicPrior,
  kroneckerPrior,
  optimizeBound,
  planBoundStep,
  posteriorErrors,
  priorStd,
  toBasis,
  fromBasis,
  type MeanCoordinates,
  type NoiseKind,
  type PriorFamily,
} from '@hyperribbon/pac-bayes/networks';
import { describe, expect, it } from 'vitest';
import { planRotation } from '../../src/networks/noise/planRotation.js';
import { blobs, normals, randomBasis, smallNet } from './small.js';

const batch = 6;
const { size } = smallNet;
const basis = randomBasis(smallNet);
const examples = blobs(batch);
const w0 = normals(size, 11, 0.5);
const mean = w0.map((w, i) => w + 0.2 * normals(size, 12)[i]);
const logStd = normals(size, 13).map((z) => -1.5 + 0.3 * z);
const spectrum = {
  layers: [
    { input: Float64Array.of(2, 1, 0.1, 0), output: Float64Array.of(1, 0.5, 0.2, 0.1, 0) },
    { input: Float64Array.of(3, 1, 0.5, 0.2, 0.1), output: Float64Array.of(0.4, 0.2, 0) },
  ],
};
const inBasis = toBasis(smallNet, w0, basis);
const isotropic = isotropicPrior(smallNet, inBasis, { groups: 'layer' });
const shaped = kroneckerPrior(smallNet, inBasis, spectrum);

interface Found {
  readonly value: number;
  readonly risk: number;
  readonly kl: number;
  readonly logits: number[];
  readonly gradient: Float64Array;
}

/** One step at the same posterior, its means in these coordinates. */
function stepIn(
  meansIn: MeanCoordinates,
  prior: PriorFamily,
  {
    weights = mean,
    rotatedInputs = false,
    renewable = false,
    noise = 'local' as NoiseKind,
    draws = 1,
    firstNoise = 20,
  } = {},
): Found {
  const plan = planBoundStep(smallNet, {
    prior: renewable ? isotropicPrior(smallNet, w0, { groups: 'layer' }) : prior,
    basis,
    setting: { objective: 'classic', n: 500, delta: 0.025, klWeight: 0.3 },
    surrogate: 'cross-entropy',
    batch,
    dtype: 'float64',
    deterministic: true,
    meansIn,
    rotatedInputs,
    renewable,
    noise,
    draws,
  });
  const turned = planRotation(examples)(basis.layers[0].input!);
  plan.inputs.set(rotatedInputs && plan.turnedInputs === undefined ? turned : examples.inputs);
  plan.turnedInputs?.set(turned);
  plan.bases.forEach(({ input, output }, l) => {
    input?.set(basis.layers[l].input!);
    output?.set(basis.layers[l].output!);
  });
  plan.labels.set(examples.labels);
  plan.noise.forEach((array, l) => array.set(normals(array.length, firstNoise + l)));
  const state = new Float64Array(2 * size + prior.scales.length);
  state.set(meansIn === 'weights' ? weights : toBasis(smallNet, weights, basis));
  state.set(logStd, size);
  for (let k = 0; k < prior.scales.length; k++) state[2 * size + k] = -1 - 0.1 * k;
  const { value, risk, kl, logits } = plan.run(state, [1, 1]);
  return { value, risk, kl, logits: Array.from(logits), gradient: Float64Array.from(plan.gradient) };
}

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((top, v) => Math.max(top, Math.abs(v)), 0);
const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  largest(Array.from(a, (v, i) => v - b[i])) / largest(b);

describe('means in the weights', () => {
  it.each([
    ['an isotropic prior', isotropic, {}],
    ['a prior along the curvature', shaped, {}],
    ['inputs turned beforehand', isotropic, { rotatedInputs: true }],
    ['inputs turned beforehand, along the curvature', shaped, { rotatedInputs: true }],
    ['a basis that may be renewed', isotropic, { renewable: true }],
    ['a basis that may be renewed, inputs turned', isotropic, { renewable: true, rotatedInputs: true }],
  ])('give the same step as in the basis: %s', (_, prior, options) => {
    const own = stepIn('weights', prior, options);
    const other = stepIn('basis', prior);
    expect(Math.abs(own.value / other.value - 1)).toBeLessThan(1e-13);
    expect(Math.abs(own.kl / other.kl - 1)).toBeLessThan(1e-13);
    expect(distance(own.logits, other.logits)).toBeLessThan(1e-12);
    // W̃ = A W Gᵀ is orthogonal: gradients turn as the weights do
    const back = fromBasis(smallNet, other.gradient.subarray(0, size), basis);
    expect(distance(own.gradient.subarray(0, size), back)).toBeLessThan(1e-12);
    expect(distance(own.gradient.subarray(size), other.gradient.subarray(size))).toBeLessThan(1e-12);
    // and are others where they are not turned
    expect(distance(own.gradient.subarray(0, size), other.gradient.subarray(0, size))).toBeGreaterThan(0.1);
  });

  it.each([
    ['isotropic', isotropic],
    ['along the curvature', shaped],
  ])('have the derivative of the objective, %s', (_, prior) => {
    const { gradient } = stepIn('weights', prior);
    const h = 1e-5;
    const indices = [0, 7, 19, 22, size - 5, size - 1];
    const slopes: number[] = [];
    for (const i of indices) {
      const at = (shift: number) =>
        stepIn('weights', prior, { weights: mean.map((w, k) => (k === i ? w + shift : w)) }).value;
      slopes.push((at(h) - at(-h)) / (2 * h));
    }
    const error = (factor: number): number =>
      largest(slopes.map((slope, k) => factor * gradient[indices[k]] - slope)) / largest(slopes);
    expect(error(1)).toBeLessThan(1e-8);
    expect(error(1 + 1e-7)).toBeGreaterThan(1e-8);
  });
});

describe('a step with whole networks drawn', () => {
  const whole = { noise: 'weights' } as const;

  it.each([
    ['an isotropic prior', isotropic, {}],
    ['a prior along the curvature', shaped, {}],
    ['a basis that may be renewed', isotropic, { renewable: true }],
  ])('is the same for means in the weights and in the basis: %s', (_, prior, options) => {
    const own = stepIn('weights', prior, { ...whole, ...options });
    const other = stepIn('basis', prior, whole);
    expect(Math.abs(own.value / other.value - 1)).toBeLessThan(1e-13);
    const back = fromBasis(smallNet, other.gradient.subarray(0, size), basis);
    expect(distance(own.gradient.subarray(0, size), back)).toBeLessThan(1e-12);
    expect(distance(own.gradient.subarray(size), other.gradient.subarray(size))).toBeLessThan(1e-12);
  });

  it('runs the network of those weights', () => {
    const drawn = toBasis(smallNet, mean, basis);
    let offset = 0;
    smallNet.parameters.forEach(({ shape }, l) => {
      const length = shape.reduce((product, extent) => product * extent, 1);
      const z = normals(length, 20 + l);
      for (let i = 0; i < length; i++) drawn[offset + i] += Math.exp(logStd[offset + i]) * z[i];
      offset += length;
    });
    const expected = networkLogits(smallNet, fromBasis(smallNet, drawn, basis), examples);
    expect(distance(stepIn('weights', shaped, whole).logits, expected)).toBeLessThan(1e-12);
    expect(distance(stepIn('basis', shaped, whole).logits, expected)).toBeLessThan(1e-12);
    // another network than the mean's
    expect(distance(networkLogits(smallNet, mean, examples), expected)).toBeGreaterThan(0.1);
  });

  it.each(['local', 'weights'] as const)('averages its risk over the draws, noise %s', (noise) => {
    const arrays = noise === 'local' ? 2 : 4;
    const one = stepIn('weights', shaped, { noise });
    const two = stepIn('weights', shaped, { noise, firstNoise: 20 + arrays });
    const both = stepIn('weights', shaped, { noise, draws: 2 });
    expect(Math.abs(one.risk / two.risk - 1)).toBeGreaterThan(1e-3);
    expect(Math.abs(both.risk / ((one.risk + two.risk) / 2) - 1)).toBeLessThan(1e-13);
    expect(both.logits).toEqual(one.logits);
    const mid = one.gradient.map((g, i) => 0.5 * (g + two.gradient[i]));
    expect(distance(both.gradient, mid)).toBeLessThan(1e-12);
  });
});

describe('optimizeBound with a basis', () => {
  const many = blobs(200);
  const options = {
    prior: shaped,
    basis,
    epochs: 4,
    batchSize: 40,
    seed: 4,
    dtype: 'float64',
    deterministic: true,
  } as const;

  it('is certified the same wherever its means were stepped: a posterior is a posterior', async () => {
    // no step at all: both hand back the start
    const [a, b] = await Promise.all(
      (['weights', 'basis'] as const).map((meansIn) => optimizeBound(many, { ...options, meansIn, epochs: 0 })),
    );
    expect(distance(a.posterior.mean, b.posterior.mean)).toBeLessThan(1e-14);
    const [first, second] = await Promise.all(
      [a, b].map(({ posterior, variances }) =>
        certifyPosterior(posterior, many, { prior: shaped, near: variances, passes: 3, dtype: 'float64' }),
      ),
    );
    expect(Math.abs(first.kl.kl / second.kl.kl - 1)).toBeLessThan(1e-12);
    // draws follow from the posterior, to its last digit; those of one stream make the same mistakes
    const named = { passes: 3, dtype: 'float64', seed: 1 } as const;
    const [one, other] = await Promise.all([a, b].map(({ posterior }) => posteriorErrors(posterior, many, named)));
    expect(one.perPass).toEqual(other.perPass);
  });

  it('takes its steps in the weights unless told otherwise, and that changes what Adam finds', async () => {
    const usual = await optimizeBound(many, options);
    const weights = await optimizeBound(many, { ...options, meansIn: 'weights' });
    const turned = await optimizeBound(many, { ...options, meansIn: 'basis' });
    expect(Array.from(usual.posterior.mean)).toEqual(Array.from(weights.posterior.mean));
    expect(distance(turned.posterior.mean, weights.posterior.mean)).toBeGreaterThan(1e-3);
    // steps of plain gradient descent turn with the coordinates: the same path
    const descent = { ...options, optimizer: momentum() };
    const [p, q] = await Promise.all(
      (['weights', 'basis'] as const).map((meansIn) => optimizeBound(many, { ...descent, meansIn })),
    );
    expect(distance(p.posterior.mean, q.posterior.mean)).toBeLessThan(1e-11);
  });

  it('goes on where it stopped, to the same bits, and only in the same coordinates', async () => {
    const whole = await optimizeBound(many, options);
    const controller = new AbortController();
    const stopped = await optimizeBound(many, {
      ...options,
      signal: controller.signal,
      onEpoch: ({ step }) => step >= 10 && controller.abort(),
    });
    expect(stopped.reason).toBe('aborted');
    const resumed = await optimizeBound(many, { ...options, resume: structuredClone(stopped.checkpoint) });
    expect(Array.from(resumed.posterior.mean)).toEqual(Array.from(whole.posterior.mean));
    await expect(optimizeBound(many, { ...options, meansIn: 'basis', resume: stopped.checkpoint })).rejects.toThrow(
      'optimizeBound: resume must have the meansIn of this run, basis, got weights',
    );
  });
});

describe('the KL in a basis', () => {
  it('is that of the dense Gaussians over the weights', async () => {
    const run = await optimizeBound(blobs(200), {
      prior: shaped,
      basis,
      epochs: 1,
      batchSize: 40,
      dtype: 'float64',
    });
    const found = await certifyPosterior(run.posterior, blobs(200), { prior: shaped, near: run.variances });
    // columns of T: where each coordinate's unit vector lands among the weights
    const columns = Array.from({ length: size }, (_, i) =>
      fromBasis(smallNet, new Float64Array(size).fill(0).fill(1, i, i + 1), basis),
    );
    const covariance = (std: ArrayLike<number>): Float64Array => {
      const out = new Float64Array(size * size);
      columns.forEach((column, c) => {
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++) out[i * size + j] += std[c] ** 2 * column[i] * column[j];
      });
      return out;
    };
    const exact = denseGaussianKl({
      posteriorMean: fromBasis(smallNet, run.posterior.mean, basis),
      posteriorCovariance: covariance(run.posterior.std),
      priorMean: w0,
      priorCovariance: covariance(priorStd(shaped, found.prior.variances)),
    });
    expect(Math.abs(found.kl.kl / exact.kl - 1)).toBeLessThan(1e-9);
  });
});
