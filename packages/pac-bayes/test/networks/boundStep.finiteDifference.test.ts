import { diagonalGaussianKl, klInverseUpper } from '@hyperribbon/pac-bayes';
import {
  isotropicPrior,
  kroneckerPrior,
  planBoundStep,
  priorStd,
  type ObjectiveName,
  type PriorFamily,
} from '@hyperribbon/pac-bayes/networks';
import { describe, expect, it } from 'vitest';
import { epochSlopes } from '../../src/networks/descent/objective.js';
import { planRotation } from '../../src/networks/noise/planRotation.js';
import { feed, gradientDefect } from './centralDifferences.js';
import { blobs, normals, randomBasis, smallNet } from './small.js';

const batch = 6;
const examples = blobs(batch);
const { size } = smallNet;
const start = normals(size, 11, 0.5);
const isotropic = isotropicPrior(smallNet, start, { groups: 'layer' });
const shaped = kroneckerPrior(
  smallNet,
  start,
  {
    layers: [
      { input: Float64Array.of(2, 1, 0.1, -1e-18), output: Float64Array.of(1, 0.5, 0.2, 0.1, 0) },
      { input: Float64Array.of(3, 1, 0.5, 0.2, 0.1), output: Float64Array.of(0.4, 0.2, 0) },
    ],
  },
  { groups: 'layer' },
);

function planned(
  prior: PriorFamily,
  objective: ObjectiveName,
  surrogate: 'cross-entropy' | 'bounded' = 'cross-entropy',
) {
  const plan = planBoundStep(smallNet, {
    prior,
    basis: prior === shaped ? randomBasis(smallNet) : undefined,
    setting: { objective, n: 500, delta: 0.025, klWeight: 0.3 },
    surrogate,
    batch,
    dtype: 'float64',
    deterministic: true,
  });
  feed(plan);
  const state = new Float64Array(2 * size + prior.scales.length);
  state.set(start.map((w, i) => w + 0.2 * normals(size, 12)[i]));
  for (let i = 0; i < size; i++) state[size + i] = -1.5 + 0.3 * normals(size, 13)[i];
  for (let k = 0; k < prior.scales.length; k++) state[2 * size + k] = -1 - 0.1 * k;
  return { plan, state };
}

const gradientError = (prior: PriorFamily, objective: ObjectiveName, scale = 1): number => {
  const { plan, state } = planned(prior, objective);
  const ofScales = prior.scales.map((_, k) => 2 * size + k);
  // one block: relative to the largest of means, deviations and scales
  return gradientDefect(plan, state, [[0, 7, size - 1, size, size + 9, 2 * size - 1, ...ofScales]], scale);
};

const objectives: ObjectiveName[] = ['classic', 'quadratic', 'lambda', 'bbb', 'dziugaite-roy', 'kl'];

describe('the slopes of an epoch', () => {
  it('are those of the certificate at what was measured', () => {
    const setting = { objective: 'kl', n: 2000, delta: 0.025, klWeight: 1 } as const;
    const at = { risk: 0.3, error: 0.06, kl: 110 };
    const [ofRisk, ofKl] = epochSlopes(setting, at);
    const penalty = Math.log((2 * Math.sqrt(2000)) / 0.025);
    const bound = (error: number, kl: number) => klInverseUpper(error, (kl + penalty) / 2000);
    const slope = (change: (h: number) => number, h: number) => (change(h) - change(-h)) / (2 * h);
    // the error moves with the surrogate: de = (error/risk) d risk
    const byRisk = slope((h) => bound(at.error * (1 + h / at.risk), at.kl), 1e-5);
    const byKl = slope((h) => bound(at.error, at.kl + h), 1e-3);
    expect(Math.abs(ofKl / ofRisk / (byKl / byRisk) - 1)).toBeLessThan(1e-6);
    const [, doubled] = epochSlopes(setting, { ...at, risk: 0.6 });
    expect(Math.abs(doubled / ofKl / 2 - 1)).toBeLessThan(1e-12);
  });

  it('hold λ at the optimum of its bound', () => {
    const setting = { objective: 'lambda', n: 2000, delta: 0.025, klWeight: 1 } as const;
    const at = { risk: 0.2, error: 0.06, kl: 110 };
    const [ofRisk, ofKl] = epochSlopes(setting, at);
    const lambda = ofRisk / ofKl / 2000;
    const t = (110 + Math.log((2 * Math.sqrt(2000)) / 0.025)) / 4000;
    const value = (l: number) => at.risk / (1 - l / 2) + (2 * t) / (l * (1 - l / 2));
    expect(value(lambda)).toBeLessThan(value(lambda * 1.01));
    expect(value(lambda)).toBeLessThan(value(lambda * 0.99));
  });
});

describe('the planned step', () => {
  it('is the same with inputs turned beforehand', () => {
    const { plan, state } = planned(shaped, 'bbb');
    const usual = plan.run(state, [1, 1]);
    const before = planBoundStep(smallNet, {
      prior: shaped,
      basis: randomBasis(smallNet),
      setting: { objective: 'bbb', n: 500, delta: 0.025, klWeight: 0.3 },
      surrogate: 'cross-entropy',
      batch,
      dtype: 'float64',
      deterministic: true,
      rotatedInputs: true,
    });
    feed(before);
    before.inputs.set(planRotation(examples)(randomBasis(smallNet).layers[0].input!));
    const turned = before.run(state, [1, 1]);
    expect(Math.abs(turned.value / usual.value - 1)).toBeLessThan(1e-13);
    expect(Math.abs(turned.risk / usual.risk - 1)).toBeLessThan(1e-13);
  });

  it.each(objectives)('has the derivative of the objective %s', (objective) => {
    expect(gradientError(isotropic, objective)).toBeLessThan(1e-8);
    expect(gradientError(shaped, objective)).toBeLessThan(1e-8);
  });

  it('is told from a gradient that is off by one in ten million', () => {
    expect(gradientError(isotropic, 'classic', 1 + 1e-7)).toBeGreaterThan(1e-8);
  });

  it.each([
    ['isotropic', isotropic],
    ['along the curvature', shaped],
  ])('takes the KL of the Gaussians, %s', (_, prior) => {
    const { plan, state } = planned(prior, 'bbb');
    const { kl } = plan.run(state, [1, 1]);
    const variances = prior.scales.map((_, k) => Math.exp(2 * state[2 * size + k]));
    const exact = diagonalGaussianKl({
      posteriorMean: state.subarray(0, size),
      posteriorStd: state.slice(size, 2 * size).map(Math.exp),
      priorMean: prior.mean,
      priorStd: priorStd(prior, variances),
    }).kl;
    expect(Math.abs(kl / exact - 1)).toBeLessThan(1e-12);
  });

  it('has the value that the formula gives', () => {
    const n = 500;
    const values = Object.fromEntries(
      objectives.map((objective) => {
        const { plan, state } = planned(isotropic, objective);
        const result = plan.run(state, [0.7, 0.004]);
        return [objective, { ...result, halfLog: state[2 * size] }];
      }),
    );
    const { risk, kl, halfLog } = values['bbb'];
    const t = (kl + Math.log((2 * Math.sqrt(n)) / 0.025)) / (2 * n);
    const j = 100 * (Math.log(0.1) - 2 * halfLog);
    const expected: Record<string, number> = {
      bbb: risk + (0.3 * kl) / n,
      classic: risk + Math.sqrt(t),
      quadratic: (Math.sqrt(risk + t) + Math.sqrt(t)) ** 2,
      kl: 0.7 * risk + 0.004 * kl,
      lambda: 0.7 * risk + 0.004 * kl,
      // at this state λ > c, where the price is held at ln(0.01 b)
      'dziugaite-roy':
        risk + Math.sqrt((kl + 2 * Math.log(Math.max(1, j)) + Math.log((Math.PI ** 2 * n) / 0.15)) / (2 * (n - 1))),
    };
    for (const name of objectives) expect(Math.abs(values[name].value / expected[name] - 1)).toBeLessThan(1e-13);
  });

  it('bounds the bounded surrogate by one and the 0-1 error by the other', () => {
    const { plan, state } = planned(isotropic, 'bbb', 'bounded');
    state.subarray(0, size).fill(1000);
    const far = plan.run(state, [1, 1]).risk;
    expect(far).toBeLessThanOrEqual(1);
    expect(far).toBeGreaterThan(0);
    const { plan: unbounded, state: same } = planned(isotropic, 'bbb');
    const { risk, logits } = unbounded.run(same, [1, 1]);
    let mistakes = 0;
    for (let i = 0; i < batch; i++) {
      const row = Array.from(logits.subarray(3 * i, 3 * i + 3));
      if (row.indexOf(Math.max(...row)) !== examples.labels[i]) mistakes++;
    }
    expect(risk).toBeGreaterThanOrEqual(mistakes / batch);
  });
});
