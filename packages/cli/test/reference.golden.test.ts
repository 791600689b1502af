// Oracle: float64 spectra of a small trained network, computed with PyTorch and LAPACK (packages/curvature/test/golden).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli, scratchFolder } from './runCli.js';

const golden = new URL('../../curvature/test/golden/', import.meta.url).pathname;
const net = join(golden, 'mlp49-16-10-tanh');
const reference = JSON.parse(readFileSync(`${net}.reference.json`, 'utf8')) as {
  loss: number;
  gradient_norm: number;
  hessian: { eigenvalues: number[] };
  ggn: { eigenvalues: number[] };
  empirical_fisher: { eigenvalues: number[] };
};

interface SpectrumJson {
  values: number[];
  residualNorms: number[];
  converged: boolean;
  matvecs: number;
  loss: number;
  gradientNorm: number;
}

async function spectrum(args: string[]): Promise<SpectrumJson> {
  const out = join(scratchFolder(), 'out.json');
  const common = [
    '--model',
    `${net}.npz`,
    '--architecture',
    'mlp:tanh',
    '--inputs',
    `${net}.x.npy`,
    '--labels',
    `${net}.y.npy`,
  ];
  const result = await runCli(['spectrum', ...common, ...args, '--json', out]);
  expect(result.stderr).not.toMatch(/hyperribbon:/);
  expect(result.code).toBe(0);
  return JSON.parse(readFileSync(out, 'utf8')) as SpectrumJson;
}

describe('spectrum on the command line', () => {
  for (const [operator, key] of [
    ['hessian', 'hessian'],
    ['ggn', 'ggn'],
    ['empirical-fisher', 'empirical_fisher'],
  ] as const) {
    test(`--full ${operator}: every eigenvalue within 1e-10 of the largest`, async () => {
      const { values, loss, gradientNorm } = await spectrum(['--operator', operator, '--full', '--dtype', 'float64']);
      const expected = reference[key].eigenvalues;
      expect(values.length).toBe(expected.length);
      const worst = Math.max(...values.map((value, i) => Math.abs(value - expected[i])));
      expect(worst).toBeLessThan(1e-10 * expected[0]);
      expect(Math.abs(loss - reference.loss)).toBeLessThan(1e-12);
      expect(Math.abs(gradientNorm / reference.gradient_norm - 1)).toBeLessThan(1e-9);
    });
  }

  test('--top 12 in float32 is within 2e-5 of the largest, and says with how many products', async () => {
    const { values, converged, matvecs, residualNorms } = await spectrum(['--top', '12']);
    const expected = reference.hessian.eigenvalues.slice(0, 12);
    expect(converged).toBe(true);
    expect(matvecs).toBeGreaterThan(12);
    expect(residualNorms.length).toBe(12);
    const worst = Math.max(...values.map((value, i) => Math.abs(value - expected[i])));
    expect(worst).toBeLessThan(2e-5 * expected[0]);
    expect(worst).toBeGreaterThan(0); // float32 was really used
  });

  test('--which SA finds the other end', async () => {
    const { values } = await spectrum(['--top', '3', '--which', 'SA', '--dtype', 'float64']);
    const expected = reference.hessian.eigenvalues.slice(-3);
    values.forEach((value, i) =>
      expect(Math.abs(value - expected[i])).toBeLessThan(1e-8 * reference.hessian.eigenvalues[0]),
    );
  });
});
