// Oracle: the promise of `bound --basis directions`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sloppyGaussian } from '@hyperribbon/data';
import type { Certificate } from '@hyperribbon/pac-bayes';
import { describe, expect, it } from 'vitest';
import { runCli, scratchFolder } from './runCli.js';

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
    expect(certificate.prior.basis?.description).toMatch(/Fisher matrix \(exact labels\) of 20 inputs/);
    const verify = ['verify', join(out, 'certificate.json'), '--model', join(out, 'posterior.npz'), '--data', csv];
    const { code, stdout } = await runCli(verify);
    expect(stdout).toMatch(/✔ verified[\s\S]*fresh draws +mean [0-9.]+ % of 200/);
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
