// Oracle: numpy and LAPACK on the same images (inputSpectrum.reference.json says how); the figures agree with the published calibration.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli, scratchFolder } from './runCli.js';

const reference = JSON.parse(readFileSync(new URL('./inputSpectrum.reference.json', import.meta.url), 'utf8')) as {
  trace: number;
  indices: number[];
  eigenvalues: number[];
  slope_100_400: [number, number];
  slope_50_300: [number, number];
  rank: number;
};

interface InputsJson {
  eigenvalues: number[];
  trace: number;
  rank: number;
  fit: { from: number; to: number; slope: number; rSquared: number };
}

async function inputs(...more: string[]): Promise<InputsJson> {
  const out = join(scratchFolder(), 'inputs.json');
  const result = await runCli(['inputs', '--data', 'mnist:train:0:10000', '--json', out, ...more]);
  expect(result.code).toBe(0);
  return JSON.parse(readFileSync(out, 'utf8')) as InputsJson;
}

test('the spectrum of the first 10,000 MNIST images agrees with LAPACK to 1e-6', async () => {
  const { eigenvalues, trace, rank, fit } = await inputs();
  expect(Math.abs(trace / reference.trace - 1)).toBeLessThan(1e-6);
  reference.indices.forEach((index, i) => {
    expect(Math.abs(eigenvalues[index] / reference.eigenvalues[i] - 1)).toBeLessThan(1e-6);
    // negative control: the neighbouring eigenvalue is not within ten tolerances
    expect(Math.abs(eigenvalues[index + 1] / reference.eigenvalues[i] - 1)).toBeGreaterThan(1e-5);
  });
  expect(eigenvalues[0]).toBeCloseTo(38.505, 3);
  expect([fit.from, fit.to]).toEqual([100, 400]);
  expect(Math.abs(fit.slope / reference.slope_100_400[0] - 1)).toBeLessThan(1e-6);
  expect(Math.abs(fit.rSquared - reference.slope_100_400[1])).toBeLessThan(1e-6);
  expect(rank).toBe(reference.rank);
});

test('--fit moves the window of the slope', async () => {
  const { fit } = await inputs('--fit', '50:300');
  expect(Math.abs(fit.slope / reference.slope_50_300[0] - 1)).toBeLessThan(1e-6);
});
