// Oracle: the Fisher matrices of @hyperribbon/curvature, dense; then the promise of `bound --basis directions`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fisher } from '@hyperribbon/curvature';
import { sloppyGaussian } from '@hyperribbon/data';
import { eigh } from '@hyperribbon/lanczos';
import { materialize } from '@hyperribbon/linop';
import { mlp } from '@hyperribbon/nn';
import type { Certificate } from '@hyperribbon/pac-bayes';
import { describe, expect, it } from 'vitest';
import { fisherDirections, type FisherKind } from '../src/bound/fisherDirections.js';
import { runCli, scratchFolder } from './runCli.js';

const examples = sloppyGaussian({ dimension: 5, decay: 0.2, count: 40, classes: 3, seed: 2 });
const network = mlp([5, 4, 3], { activation: 'tanh' });
const params = network.init(3, 'float32').map((w) => 2 * w) as Float32Array;
const size = network.size;
const [k, seed] = [6, 7];

async function directions(kind?: FisherKind) {
  const signal = new AbortController().signal;
  const options = { k, seed, signal, report: () => Promise.resolve() };
  return fisherDirections(network, params, examples, { ...options, ...(kind === undefined ? {} : { kind }) });
}

describe('directions of a Fisher matrix', () => {
  it.each(['sampled', 'exact', 'empirical'] as const)('%s: eigenpairs of the dense matrix', async (kind) => {
    const operator = fisher(network, Float64Array.from(params), examples, { kind, seed, dtype: 'float64' });
    const { values, vectors } = eigh(Float64Array.from(await materialize(operator)), size, { vectors: true });
    const found = await directions(kind);
    expect(found.evidence).toContain(`${kind} Fisher matrix of 40 inputs`);
    for (let i = 0; i < k; i++) {
      expect(Math.abs(found.eigenvalues[i] / values[i] - 1)).toBeLessThan(1e-4);
      // the share of direction i in the space of the dense leading ones
      let share = 0;
      for (let j = 0; j < k + 1; j++) {
        let product = 0;
        for (let c = 0; c < size; c++) product += found.directions[i * size + c] * vectors![j * size + c];
        share += product * product;
      }
      expect(share).toBeGreaterThan(1 - 1e-4);
    }
  });
  it('are sampled unless asked otherwise, and the three kinds differ', async () => {
    const [byDefault, sampled, exact, empirical] = await Promise.all([
      directions(),
      directions('sampled'),
      directions('exact'),
      directions('empirical'),
    ]);
    expect(byDefault).toEqual(sampled);
    expect(Math.abs(exact.eigenvalues[0] / sampled.eigenvalues[0] - 1)).toBeGreaterThan(1e-3);
    expect(Math.abs(empirical.eigenvalues[0] / sampled.eigenvalues[0] - 1)).toBeGreaterThan(1e-3);
  });
});

describe('hyperribbon bound --basis directions', () => {
  const folder = scratchFolder();
  const csv = join(folder, 'points.csv');
  const { inputs, labels, count, features } = sloppyGaussian({
    dimension: 3,
    decay: 0.2,
    count: 500,
    classes: 2,
    seed: 4,
  });
  const line = (i: number): string => [...inputs.subarray(i * features, (i + 1) * features), labels[i]].join(',');
  writeFileSync(csv, Array.from({ length: count }, (_, i) => line(i)).join('\n'));
  const common = ['bound', '--data', csv, '--architecture', 'mlp:tanh:5', '--epochs', '2', '--batch-size', '50'];
  const few = ['--directions', '5', '--curvature-examples', '20', '--networks', '200'];

  it('takes dense layers as any network, and its certificate is measured again', async () => {
    const out = join(folder, 'directions');
    const args = [...common, '--method', 'method4', '--basis', 'directions', '--fisher', 'exact', ...few, '--out', out];
    expect((await runCli(args)).code).toBe(0);
    const certificate = JSON.parse(readFileSync(join(out, 'certificate.json'), 'utf8')) as Certificate;
    expect(certificate.divergence.family).toBe('gaussian-low-rank');
    expect(certificate.prior.basis?.description).toMatch(/exact Fisher matrix of 20 inputs/);
    const verify = ['verify', join(out, 'certificate.json'), '--model', join(out, 'posterior.npz'), '--data', csv];
    const { code, stdout } = await runCli(verify);
    expect(stdout).toMatch(/✔ valid[\s\S]*200 fresh draws/);
    expect(code).toBe(0);
  });
  it.each([
    [['--basis', 'directions', '--method', 'isotropic'], '--basis: directions goes with method2'],
    [['--fisher', 'exact', '--method', 'method2'], '--fisher: goes with'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await runCli([...common, ...args, '--out', join(folder, 'refused')]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
