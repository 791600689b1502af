import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { weightsFromNpz } from '@hyperribbon/data';
import { diagonalGaussianKl, type Certificate } from '@hyperribbon/pac-bayes';
import { parseStudy } from '@hyperribbon/report';
import { stream } from '@hyperribbon/random';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultsOf } from '../src/options/option.js';
import { boundOptions } from '../src/bound/boundOptions.js';
import { planOf } from '../src/bound/planOf.js';
import { runCli, scratchFolder } from './runCli.js';

const folder = scratchFolder();
const csv = join(folder, 'points.csv');

beforeAll(() => {
  const noise = stream({ seed: 3, purpose: 'test/bound-methods' }).normal(new Float64Array(3 * 600));
  const lines = Array.from({ length: 600 }, (_, i) => {
    const side = i % 2 === 1 ? 1.5 : -1.5;
    return `${[0, 1, 2].map((k) => (0.7 * noise[3 * i + k] + side * (k === 0 ? 1 : 0.5)).toFixed(5)).join(',')},${i % 2}`;
  });
  writeFileSync(csv, `${lines.join('\n')}\n`);
});

const common = ['--data', csv, '--architecture', 'mlp:tanh:6', '--batch-size', '50', '--passes', '3'];
const bound = (out: string, ...more: string[]) => runCli(['bound', ...common, ...more, '--out', join(folder, out)]);
const certificateOf = (out: string) =>
  JSON.parse(readFileSync(join(folder, out, 'certificate.json'), 'utf8')) as Certificate;
const arraysOf = (out: string) =>
  Object.fromEntries(
    [...weightsFromNpz(readFileSync(join(folder, out, 'posterior.npz')))].map(([name, { data }]) => [name, data]),
  );

describe('hyperribbon bound --method method3, dense layers', () => {
  it('takes the basis from the bound split, and only the posterior knows it', async () => {
    const { code } = await bound('third', '--epochs', '6', '--method', 'method3');
    expect(code).toBe(0);
    const certificate = certificateOf('third');
    expect(certificate.prior.basis).toBeNull();
    expect(certificate.prior.mean.saw).toEqual([]);
    expect(certificate.posterior.saw).toEqual(['bound']);
    expect(certificate.posterior.description).toMatch(/inputs of split "bound", renewed every epoch/u);
    expect(certificate.divergence.family).toBe('gaussian-kronecker');
    const arrays = arraysOf('third');
    expect(Object.keys(arrays)).toContain('basis.2.output');
    const kl = diagonalGaussianKl({
      posteriorMean: arrays['posterior.mean'],
      posteriorStd: arrays['posterior.std'],
      priorMean: arrays['prior.mean'],
      priorStd: arrays['prior.std'],
    }).kl;
    // the certificate pays for the rounding of the basis as well
    expect(certificate.divergence.kl).toBeGreaterThan(kl);
    expect(certificate.divergence.kl / kl - 1).toBeLessThan(1e-10);
    const study = parseStudy(readFileSync(join(folder, 'third', 'report.json'), 'utf8'));
    expect(study.setting!.options!['curvature from']).toMatch(/renewed every epoch/u);
  });

  it('is verified by fresh draws', async () => {
    const out = join(folder, 'third');
    const model = ['--model', join(out, 'posterior.npz'), '--data', csv];
    const { code, stdout } = await runCli(['verify', join(out, 'certificate.json'), ...model]);
    expect(stdout).toMatch(/fresh draws/u);
    expect(stdout).toMatch(/ verified /u);
    expect(code).toBe(0);
  });

  it('goes on in the middle of an epoch to the certificate of a run that was not stopped', async () => {
    const args = ['--epochs', '30', '--method', 'method3'];
    await bound('whole', ...args);
    const stopped = await runCli(
      ['bound', ...common, ...args, '--out', join(folder, 'stopped')],
      /optimising the bound/u,
    );
    expect(stopped.code).toBe(130);
    expect((await bound('stopped', ...args, '--resume')).code).toBe(0);
    expect(certificateOf('stopped').posterior.weights).toEqual(certificateOf('whole').posterior.weights);
  });
});

describe('hyperribbon bound --means', () => {
  it('steps in the weights unless told otherwise; a checkpoint of the one is none of the other', async () => {
    const args = ['--epochs', '3', '--method', 'method4'];
    await Promise.all([
      bound('usual', ...args),
      bound('weights', ...args, '--means', 'weights'),
      bound('basis', ...args, '--means', 'basis'),
    ]);
    const digests = ['usual', 'weights', 'basis'].map((out) => certificateOf(out).posterior.weights[0].digest);
    expect(digests[1]).toBe(digests[0]);
    expect(digests[2]).not.toBe(digests[0]);
    const { code, stderr } = await bound('basis', ...args, '--resume');
    expect(code).toBe(2);
    expect(stderr).toMatch(/--resume: .* is of a run with other options/u);
  });

  it('starts from weights trained on the bound split if asked', async () => {
    const { stderr } = await bound('trained', '--epochs', '0', '--method', 'isotropic', '--start-epochs', '3');
    expect(stderr).toMatch(/training the posterior's start/u);
    const arrays = arraysOf('trained');
    expect(Array.from(arrays['posterior.mean'])).not.toEqual(Array.from(arrays['prior.mean']));
  });

  it.each([
    [{ method: 'isotropic', means: 'basis' }, '--means: goes with method2 and method4'],
    [{ method: 'method3', means: 'basis' }, "--means: method3's basis moves"],
    [{ method: 'method3', basis: 'input' }, '--basis: method3 turns all sides'],
  ] as const)('refuses %j', async (given, message) => {
    const options = { ...defaultsOf(boundOptions), data: csv, architecture: 'mlp:tanh:6', batchSize: 50 };
    await expect(planOf({ ...options, ...given }, 'hyperribbon bound')).rejects.toThrow(message);
    await expect(planOf({ ...options, method: given.method }, 'hyperribbon bound')).resolves.toMatchObject({
      method: given.method,
    });
  });
});
