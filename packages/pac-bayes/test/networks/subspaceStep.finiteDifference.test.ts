import { gridPrice, gridVariance, subspaceGaussianKl } from '@hyperribbon/pac-bayes';
import {
  curvaturePrior,
  isotropicPrior,
  planSubspaceStep,
  priorStd,
  type ObjectiveName,
  type PriorFamily,
} from '@hyperribbon/pac-bayes/networks';
import { describe, expect, it } from 'vitest';
import { continuousGridPrice } from '../../src/networks/descent/continuousGridPrice.js';
import { feed, gradientDefect } from './centralDifferences.js';
import { normals, orthonormal, smallNet } from './small.js';

const batch = 6;
const { size } = smallNet;
const k = 5;
const start = normals(size, 11, 0.5);
const directions = orthonormal(size, 30).slice(0, k * size);
const spherical = isotropicPrior(smallNet, start);
const shaped = curvaturePrior(smallNet, start, [4, 2, 1, 0.1, -1e-18]);
const objectives: ObjectiveName[] = ['classic', 'quadratic', 'lambda', 'bbb', 'dziugaite-roy', 'kl'];

function planned(prior: PriorFamily, objective: ObjectiveName, draws: number) {
  const plan = planSubspaceStep(smallNet, {
    prior,
    directions,
    setting: { objective, n: 500, delta: 0.025, klWeight: 0.3 },
    surrogate: 'cross-entropy',
    batch,
    draws,
    dtype: 'float64',
    deterministic: true,
  });
  feed(plan);
  const state = new Float64Array(size + k + 1 + prior.scales.length);
  const moved = normals(size, 12);
  state.set(start.map((w, i) => w + 0.2 * moved[i]));
  for (let i = 0; i <= k; i++) state[size + i] = -1.5 + 0.3 * normals(k + 1, 13)[i];
  for (let s = 0; s < prior.scales.length; s++) state[size + k + 1 + s] = -2 - 0.1 * s;
  return { plan, state };
}

function gradientError(prior: PriorFamily, objective: ObjectiveName, { draws = 1, scale = 1 } = {}): number {
  const { plan, state } = planned(prior, objective, draws);
  const blocks = [
    [0, 7, size - 1],
    Array.from({ length: k + 1 }, (_, i) => size + i),
    prior.scales.map((_, s) => size + k + 1 + s),
  ];
  return gradientDefect(plan, state, blocks, scale);
}

describe('the gradient of a step with whole-network draws', () => {
  it.each(objectives)('is that of %s, risk, KL and price together', (objective) => {
    for (const prior of [spherical, shaped]) {
      expect(gradientError(prior, objective)).toBeLessThan(1e-8);
      expect(gradientError(prior, objective, { scale: 1 + 1e-7 })).toBeGreaterThan(1e-8);
    }
  });

  it('is a mean over draws', () => {
    for (const prior of [spherical, shaped]) {
      expect(gradientError(prior, 'kl', { draws: 3 })).toBeLessThan(1e-8);
      const [one, three] = [1, 3].map((draws) => {
        const { plan, state } = planned(prior, 'kl', draws);
        return plan.run(state, [1, 0]).risk;
      });
      expect(Math.abs(one - three)).toBeGreaterThan(1e-4);
    }
  });

  it('has no noise in the known directions at a deviation of zero there, and all of it there with none elsewhere', () => {
    for (const quiet of ['along', 'across'] as const) {
      const { plan, state } = planned(spherical, 'kl', 1);
      for (let i = 0; i <= k; i++) state[size + i] = (quiet === 'along') === i < k ? -300 : 0;
      const still = plan.run(state, [1, 0]).risk;
      // noise along the directions only: it matters exactly where they are not quiet
      const along = normals(k, 77);
      const shift = Float64Array.from({ length: size }, (_, j) =>
        along.reduce((sum, z, i) => sum + z * directions[i * size + j], 0),
      );
      plan.noise[0].set(plan.noise[0].map((r, j) => r + shift[j]));
      const moved = plan.run(state, [1, 0]).risk;
      if (quiet === 'along') expect(Math.abs(moved - still)).toBeLessThan(1e-12);
      else expect(Math.abs(moved - still)).toBeGreaterThan(1e-3);
    }
  });
});

describe('KL and price of a step', () => {
  it('are those of the Gaussians, and of the grid at its members', () => {
    for (const prior of [spherical, shaped]) {
      const { plan, state } = planned(prior, 'bbb', 1);
      const indices = prior.scales.map((_, s) => 30 + 7 * s);
      const variances = prior.scales.map(({ grid }, s) => gridVariance(indices[s], grid));
      const halfLogs = variances.map((v) => Math.log(v) / 2);
      state.set(halfLogs, size + k + 1);
      const { kl } = plan.run(state, [1, 1]);
      const exact = subspaceGaussianKl({
        directions,
        posteriorMean: state.slice(0, size),
        priorMean: prior.mean,
        posteriorStd: state.slice(size, size + k + 1).map(Math.exp),
        priorStd: priorStd(prior, variances, k),
      }).kl;
      expect(Math.abs(kl / exact - 1)).toBeLessThan(1e-11);
      const price = gridPrice(indices).nats;
      expect(Math.abs(continuousGridPrice(prior.scales, halfLogs).nats / price - 1)).toBeLessThan(1e-12);
      expect(
        Math.abs(
          continuousGridPrice(
            prior.scales,
            halfLogs.map((h) => h - 0.01),
          ).nats /
            price -
            1,
        ),
      ).toBeGreaterThan(1e-4);
    }
  });

  it('cost nothing for a scale fixed in advance', () => {
    const fixed = isotropicPrior(smallNet, start, { fixed: true });
    expect(continuousGridPrice(fixed.scales, [-3]).nats).toBe(0);
  });
});
