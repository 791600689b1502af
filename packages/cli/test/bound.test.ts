import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { weightsFromNpz } from '@hyperribbon/data';
import { certificateDigest, verifyCertificate, type Certificate, type DrawnRisk } from '@hyperribbon/pac-bayes';
import { parseStudy } from '@hyperribbon/report';
import { stream } from '@hyperribbon/random';
import { beforeAll, describe, expect, it } from 'vitest';
import { readKept } from '../src/runs/keptFile.js';
import { runCli, scratchFolder } from './runCli.js';

const folder = scratchFolder();
const csv = join(folder, 'points.csv');

beforeAll(() => {
  const noise = stream({ seed: 2, purpose: 'test/bound' }).normal(new Float64Array(3 * 900));
  const lines = Array.from({ length: 900 }, (_, i) => {
    const label = i % 2;
    const point = [0, 1, 2].map((k) =>
      (0.7 * noise[3 * i + k] + (label === 1 ? 1.5 : -1.5) * (k === 0 ? 1 : 0.5)).toFixed(5),
    );
    return `${point.join(',')},${label}`;
  });
  writeFileSync(csv, `${lines.join('\n')}\n`);
});

const common = ['--data', csv, '--architecture', 'mlp:tanh:8', '--epochs', '12', '--batch-size', '50', '--passes', '4'];
const read = (out: string) => ({
  certificate: JSON.parse(readFileSync(join(out, 'certificate.json'), 'utf8')) as Certificate,
  study: parseStudy(readFileSync(join(out, 'report.json'), 'utf8')),
});

describe('hyperribbon bound', () => {
  const out = join(folder, 'plain');

  it('certifies a network on a table of points, and the certificate stands', async () => {
    const { code, stdout, stderr } = await runCli(['bound', ...common, '--out', out]);
    expect(stderr).toMatch(/optimising the bound/u);
    expect(code).toBe(0);
    const { certificate, study } = read(out);
    expect(certificate.claim.vacuous).toBe(false);
    expect(certificate.claim.bound).toBeLessThan(0.4);
    expect(certificate.claim.confidence).toBeCloseTo(0.965, 12);
    expect(study.sections.networkBound!.value).toBe(certificate.claim.bound);
    expect(study.sections.networkBound!.test!.mean).toBeLessThan(certificate.claim.bound);
    expect(stdout).toMatch(/certified error/u);
    // a sixth of 900 for testing, an eleventh of the rest held out
    expect(certificate.theorem.n).toBe(682);
    expect(certificate.risk).toMatchObject({ kind: 'drawn', scheme: 'per-example', trials: 4 * 682, units: 4 * 682 });
    const weights = Object.fromEntries(
      [...weightsFromNpz(readFileSync(join(out, 'posterior.npz')))].map(([name, { data }]) => [name, data]),
    );
    const verified = await verifyCertificate(certificate, { weights });
    expect(verified.reasons).toEqual([]);
    weights['posterior.std'] = weights['posterior.std'].map((s) => 0.5 * s);
    expect((await verifyCertificate(certificate, { weights })).verdict).toBe('refused');
    for (const name of ['report.html', 'breakdown.svg', 'bound-history.svg'])
      expect(existsSync(join(out, name))).toBe(true);
  });

  it('draws again when it is verified', async () => {
    const args = ['verify', join(out, 'certificate.json'), '--model', join(out, 'posterior.npz'), '--data', csv];
    const { code, stdout } = await runCli(args);
    expect(stdout).toMatch(/fresh draws/u);
    expect(stdout).toMatch(/ verified /u);
    expect(code).toBe(0);
  });

  it('gives the same certificate again, and another one for another seed', async () => {
    const [again, other] = [join(folder, 'again'), join(folder, 'other')];
    await runCli(['bound', ...common, '--out', again]);
    await runCli(['bound', ...common, '--seed', '1', '--out', other]);
    expect(read(again).certificate.claim).toEqual(read(out).certificate.claim);
    expect(read(other).certificate.claim.bound).not.toBe(read(out).certificate.claim.bound);
  });

  it('trains a prior on a part, which the bound leaves out and the certificate names', async () => {
    const learnt = join(folder, 'learnt');
    const { code } = await runCli(['bound', ...common, '--prior-fraction', '0.5', '--out', learnt]);
    expect(code).toBe(0);
    const { certificate } = read(learnt);
    expect(certificate.theorem.n).toBe(375);
    expect(certificate.prior.mean.saw).toEqual(['prior']);
    expect(certificate.data.splits.map(({ name, count }) => [name, count])).toEqual([
      ['bound', 375],
      ['prior', 375],
    ]);
    expect((await verifyCertificate(certificate)).verdict).toBe('incomplete');
  });

  it('takes the trained prior itself for the posterior, at no divergence, and verifies that too', async () => {
    const still = join(folder, 'still');
    const args = ['bound', ...common, '--prior-fraction', '0.5', '--epochs', '0', '--out', still];
    expect((await runCli(args)).code).toBe(0);
    const { certificate, study } = read(still);
    // the deviations are rounded to float32, the prior is not
    expect(certificate.divergence.kl).toBeLessThan(1e-12);
    expect(study.sections.networkBound!.price).toBe(0);
    // all deviations are equal: such a file must still be one that verify reads
    const model = ['--model', join(still, 'posterior.npz'), '--data', csv];
    const { code, stdout } = await runCli(['verify', join(still, 'certificate.json'), ...model]);
    expect(stdout).toMatch(/fresh draws/u);
    expect(code).toBe(0);
    // the prior is kept: going on does not train it again
    const again = await runCli([...args, '--resume']);
    expect(again.stderr).not.toMatch(/training the prior/u);
    expect(read(still).certificate.claim).toEqual(certificate.claim);
  });

  it('is certified where it was interrupted, and goes on from there', async () => {
    const stopped = join(folder, 'stopped');
    const long = [...common.slice(0, 4), '--epochs', '400', ...common.slice(6), '--out', stopped];
    const first = await runCli(['bound', ...long], /optimising the bound/u);
    expect(first.code).toBe(130);
    const partial = read(stopped);
    expect(partial.study.status.complete).toBe(false);
    expect((await verifyCertificate(partial.certificate)).verdict).toBe('incomplete');
    const kept = readKept(join(stopped, 'checkpoint.npz'), 'test', (record) => record as { step: number });
    const { step } = kept!.record;
    expect(step).toBeLessThan(400 * 13);
    const second = await runCli(['bound', ...long, '--resume']);
    expect(second.code).toBe(0);
    expect(second.stderr).toContain(`going on at step ${step}`);
    expect(read(stopped).study.status.complete).toBe(true);
    expect(read(stopped).study.sections.networkBound!.history).toHaveLength(400);
    // another posterior meets other draws: nothing that was seen at the interruption counts again
    const seedOf = ({ risk }: Certificate): number => (risk as DrawnRisk).seed;
    expect(seedOf(read(stopped).certificate)).not.toBe(seedOf(partial.certificate));
    // and the same posterior the same ones, to the same certificate
    const whole = read(stopped).certificate;
    const again = await runCli(['bound', ...long, '--resume']);
    expect(again.code).toBe(0);
    expect(read(stopped).certificate.risk).toEqual(whole.risk);
    const changed = await runCli(['bound', ...long, '--resume', '--seed', '9']);
    expect(changed.code).toBe(2);
    expect(changed.stderr).toMatch(/--resume: .* is of a run with other options/u);
  });

  it('certifies nothing of a prior whose training was interrupted: nobody could make it again', async () => {
    const half = join(folder, 'half');
    const args = ['bound', ...common, '--prior-fraction', '0.5', '--prior-epochs', '4000', '--out', half];
    const { code, stderr } = await runCli(args, /training the prior/u);
    expect(code).toBe(130);
    expect(stderr).toMatch(/stopped before there was a result/u);
    expect(existsSync(join(half, 'certificate.json'))).toBe(false);
    expect(existsSync(join(half, 'posterior.npz'))).toBe(false);
  });

  it('says that a bound on random labels is vacuous', async () => {
    const random = join(folder, 'random');
    const { stdout } = await runCli(['bound', ...common, '--random-labels', '--out', random]);
    expect(stdout).toMatch(/vacuous/u);
    const { certificate } = read(random);
    expect(certificate.claim.vacuous).toBe(true);
    expect(certificate.claim.bound).toBeGreaterThanOrEqual(0.5);
    expect(certificate.caveats.join()).toMatch(/random/u);
    expect(certificate.data.labels).toEqual({ kind: 'random', seed: 0, purpose: 'random-labels' });
    const verify = ['verify', join(random, 'certificate.json'), '--data', csv];
    const checked = await runCli([...verify, '--model', join(random, 'posterior.npz')]);
    expect(checked.stdout).toMatch(/✔ verified[\s\S]*replaced by random ones of seed 0[\s\S]*fresh draws/u);
    expect(checked.code).toBe(0);
    // and nobody can say that they are the data's own
    const silent = { ...certificate, data: { ...certificate.data, labels: null } };
    writeFileSync(join(random, 'silent.json'), JSON.stringify({ ...silent, digest: certificateDigest(silent) }));
    expect((await runCli(['verify', join(random, 'silent.json'), '--data', csv])).code).toBe(1);
    const told = await runCli([...verify, '--random-labels', '0']);
    expect(told.stderr).toMatch(/--random-labels: the certificate tells itself/u);
    expect(told.code).toBe(2);
  });

  it.each([
    [['--prior-fraction', '1'], '--prior-fraction: must be in [0, 1), got "1"'],
    [['--delta', '0'], '--delta: must be in (0, 0.99), got "0"'],
    [['--method', 'method2', '--architecture', 'lenet'], '--architecture: lenet'],
    [
      ['--prior-fraction', '0.5', '--prior-shift', '1'],
      '--prior-shift: needs square images, but 3 features are no square',
    ],
    [['--published', 'good'], '--published: expected a number and its source, got "good"'],
    [['--resume'], '--resume: '],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await runCli(['bound', ...common, ...args, '--out', join(folder, 'refused')]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
