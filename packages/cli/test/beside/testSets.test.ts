// Oracle: counting. What stands beside a bound is counted again from the files; what guessing costs is one minus a share of labels.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  certificateDigest,
  parseTestSetCertificate,
  type Certificate,
  type TestSetCertificate,
} from '@hyperribbon/pac-bayes';
import { parseStudy } from '@hyperribbon/report';
import { stream } from '@hyperribbon/random';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli, scratchFolder } from '../runCli.js';

const folder = scratchFolder();
const [points, rare] = [join(folder, 'points.csv'), join(folder, 'rare.csv')];

beforeAll(() => {
  const noise = stream({ seed: 3, purpose: 'test/columns' }).normal(new Float64Array(4 * 600));
  const row = (i: number, label: number, shift: number): string =>
    [0, 1, 2].map((k) => (noise[3 * i + k] + (label === 1 ? shift : -shift)).toFixed(5)).join(',') + `,${label}`;
  writeFileSync(points, Array.from({ length: 600 }, (_, i) => row(i, i % 2, 1)).join('\n'));
  // 9.2 % ones, and inputs that know nothing of them
  writeFileSync(rare, Array.from({ length: 500 }, (_, i) => row(i, Number(i % 250 < 23), 0)).join('\n'));
});

const network = ['--architecture', 'mlp:tanh:6'];
const short = ['--epochs', '4', '--batch-size', '50', '--passes', '1'];
const certificateIn = (out: string): Certificate =>
  JSON.parse(readFileSync(join(out, 'certificate.json'), 'utf8')) as Certificate;
const studyIn = (out: string) => parseStudy(readFileSync(join(out, 'report.json'), 'utf8'));

describe('the certificate of a test set', () => {
  const out = join(folder, 'learnt');
  const [file, model] = [join(out, 'test-set.json'), join(out, 'network.npz')];
  const verify = (certificate: string, ...given: string[]) => runCli(['verify', certificate, ...given]);

  it('is verified whole: rows, weights, the mistakes counted again, what guessing costs', async () => {
    const args = ['bound', '--data', points, ...network, ...short, '--prior-fraction', '0.5', '--out', out];
    expect((await runCli(args)).code).toBe(0);
    for (const [certificate, weights] of [
      [file, model],
      [join(out, 'test-set-prior.json'), join(out, 'prior-network.npz')],
    ]) {
      const { code, stdout } = await verify(certificate, '--data', points, '--model', weights);
      expect(stdout).toContain('mistakes, counted again');
      expect(stdout).not.toContain('not checked');
      expect(code).toBe(0);
    }
  });

  it('is incomplete without data or weights, and says what was not looked at', async () => {
    const { code, stdout } = await verify(file);
    expect(code).toBe(3);
    expect(stdout).toMatch(/not checked\s+mistakes, counted again/u);
  });

  it('is refused for other data, other weights, or another count under a digest of its own', async () => {
    const honest = parseTestSetCertificate(readFileSync(file));
    expect((await verify(file, '--data', rare, '--model', model)).stdout).toContain('data-differs');
    const others = await verify(file, '--data', points, '--model', join(out, 'prior-network.npz'));
    expect([others.code, others.stdout]).toEqual([1, expect.stringContaining('weights-differ')]);
    const forged = join(folder, 'forged.json');
    const changed: Omit<TestSetCertificate, 'digest'> = {
      ...honest,
      classifier: { ...honest.classifier, saw: [...honest.classifier.saw, 'test'] },
    };
    writeFileSync(forged, JSON.stringify({ ...changed, digest: certificateDigest(changed) }));
    const { code, stdout } = await verify(forged, '--data', points, '--model', model);
    expect([code, stdout]).toEqual([1, expect.stringContaining('test-overlap')]);
  });

  it('takes no options of draws', async () => {
    const { code, stderr } = await verify(file, '--passes', '3');
    expect(code).toBe(2);
    expect(stderr).toContain('--passes');
  });

  it('is not issued where the start was read from a file, which may have seen the test examples', async () => {
    const from = join(folder, 'from');
    const args = [
      'bound',
      '--data',
      points,
      ...network,
      ...short,
      '--method',
      'isotropic',
      '--model',
      model,
      '--out',
      from,
    ];
    expect((await runCli(args)).code).toBe(0);
    expect(studyIn(from).sections.networkBound!.testSets).toEqual([]);
  });
});

describe('what guessing costs', () => {
  it('is the error of the best constant answer, in bound and in analyze, by labels beside the bound’s own', async () => {
    const [bound, analysis] = [join(folder, 'bound'), join(folder, 'analysis')];
    expect((await runCli(['bound', '--data', rare, ...network, ...short, '--out', bound])).code).toBe(0);
    const measured = ['--curvature-examples', '50', '--top', '3', '--stiff-directions', '4', '--density-steps', '4'];
    const few = [...measured, '--draws', '40', '--epochs', '2'];
    expect((await runCli(['analyze', '--data', rare, ...network, ...few, '--out', analysis])).code).toBe(0);
    for (const [out, section] of [
      [bound, 'networkBound'],
      [analysis, 'analyticBound'],
    ] as const) {
      const { claim, data } = certificateIn(out);
      const { guessing } = studyIn(out).sections[section]!;
      expect(guessing!.answer).toBe(0);
      expect(guessing!.split).toBe(data.chance);
      expect(guessing!.split).not.toBe(data.bound);
      // 1 − 1/classes would be a half
      expect(guessing!.error).toBeLessThan(0.2);
      expect([claim.chance, claim.vacuous]).toEqual([guessing!.error, true]);
    }
  });
});
