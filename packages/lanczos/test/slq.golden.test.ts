import { describe, expect, it } from 'vitest';
import { KrylovFactorization } from '@hyperribbon/lanczos';
import { gaussQuadrature, spectralDensity } from '@hyperribbon/lanczos/density';
import { fromMatvec } from '@hyperribbon/linop';
import { exp, log } from '@hyperribbon/kernels';
import { assertAtMost, nearest, readGolden, type GoldenNumber } from './goldenData.js';
import { householderProduct, rademacher } from './goldenOperators.js';

interface GoldenProbe {
  probe_seed: number;
  alpha: GoldenNumber[];
  beta: GoldenNumber[];
  nodes: GoldenNumber[];
  weights: GoldenNumber[];
  moments: string[];
  gauss: Record<string, GoldenNumber>;
  quadratic_form: Record<string, GoldenNumber>;
}
interface Case {
  name: string;
  n: number;
  m: number;
  D: number[];
  params: { reflectors: number; seed: number };
  probes: GoldenProbe[];
  variance: Record<string, { trace: string; rademacher_var: string; gaussian_var: string }>;
}

const functions: Record<string, (x: number) => number> = {
  x: (x) => x,
  'x^2': (x) => x * x,
  'exp(-x)': (x) => exp(-x),
  log: (x) => log(x),
  '1/x': (x) => 1 / x,
  sqrt: (x) => Math.sqrt(x),
  xlogx: (x) => x * log(x),
};

const cases = readGolden<{ cases: Case[] }>('slq.json').cases;
const operatorOf = (c: Case) =>
  fromMatvec(c.n, householderProduct(Float64Array.from(c.D), c.params.reflectors, c.params.seed));

describe('Lanczos quadrature of golden probes', () => {
  for (const c of cases) {
    for (const probe of c.probes) {
      it(`${c.name}, probe ${probe.probe_seed}: alpha, beta, Gauss values, moments`, async () => {
        const norm = Math.max(...c.D.map(Math.abs));
        const f = new KrylovFactorization(operatorOf(c), { capacity: c.m + 2, seed: 0 });
        const length = f.append(rademacher(probe.probe_seed, c.n));
        const beta: number[] = [];
        while (beta.length < c.m && f.candidates > 0) beta.push(f.unscale(await f.expand()));
        const steps = Math.min(probe.alpha.length, c.m);
        expect(beta.length).toBe(steps);
        for (let j = 0; j < steps; j++) {
          assertAtMost(Math.abs(f.alphas[j] - nearest(probe.alpha[j])), 1e-10 * norm, `alpha ${j}`);
          if (j < probe.beta.length && j < steps - 1)
            assertAtMost(Math.abs(beta[j] - nearest(probe.beta[j])), 1e-10 * norm, `beta ${j}`);
        }
        expect(Math.abs(f.alphas[0] - nearest(probe.alpha[0]) - 1e-9 * norm)).toBeGreaterThan(1e-10 * norm);
        const rule = gaussQuadrature(f.alphas.slice(0, steps), Float64Array.from(beta), length * length);
        assertAtMost(Math.abs(rule.weights.reduce((s, w) => s + w, 0) - c.n), 1e-12 * c.n, 'sum of weights');
        for (const [name, value] of Object.entries(probe.gauss)) {
          const g = functions[name];
          if (g === undefined) continue;
          let sum = 0;
          let size = 0;
          rule.nodes.forEach((x, i) => {
            sum += rule.weights[i] * g(x);
            size += rule.weights[i] * Math.abs(g(x));
          });
          assertAtMost(Math.abs(sum - nearest(value)), 1e-11 * size, `Gauss value of ${name}`);
          expect(Math.abs(sum - nearest(value) + 1e-10 * size)).toBeGreaterThan(1e-11 * size);
        }
        probe.moments.forEach((moment, p) => {
          let sum = 0;
          rule.nodes.forEach((x, i) => (sum += rule.weights[i] * (x / norm) ** p));
          if (p < 2 * steps) assertAtMost(Math.abs(sum - Number(moment) / norm ** p), 1e-12 * c.n, `moment ${p}`);
        });
      });
    }
  }
});

describe('spectralDensity', () => {
  it('weights of a Rademacher probe add up to n, and the trace of 1 is n without error', async () => {
    const c = cases[0];
    const report = await spectralDensity(operatorOf(c), { steps: 20, probes: 4, seed: 3 });
    for (const { weights } of report.quadratures)
      assertAtMost(Math.abs(weights.reduce((s, w) => s + w, 0) - c.n), 1e-12 * c.n, 'sum');
    const one = report.trace(() => 1);
    assertAtMost(Math.abs(one.value - c.n), 1e-12 * c.n, 'trace of one');
    assertAtMost(one.standardError, 1e-12 * c.n, 'its standard error');
  });
});
