// Oracle: the promise of exit codes (0 verified, 1 refused with reasons, 2 no certificate, 3 incomplete) and of what is said with each.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { examplesIdentity, writeNpy } from '@hyperribbon/data';
import { certificateDigest, dataSplit, issueCertificate } from '@hyperribbon/pac-bayes';
import { describe, expect, test } from 'vitest';
import { runCli, scratchFolder } from './runCli.js';

const folder = scratchFolder();
const write = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const count = 40;
const inputs = Float32Array.from({ length: count * 3 }, (_, i) => ((i * 7) % 11) / 11 + i / 1024);
const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
const x = write('x.npy', writeNpy({ shape: [count, 3], data: inputs }));
const y = write('y.npy', writeNpy({ shape: [count], data: Uint8Array.from(labels) }));
const changed = write(
  'changed.npy',
  writeNpy({ shape: [count, 3], data: inputs.map((v, i) => (i === 50 ? v + 1 : v)) }),
);

const from = 10;
const whole = { inputs, labels, count, features: 3, classes: 2 };
const part = {
  inputs: inputs.subarray(from * 3),
  labels: labels.subarray(from),
  count: count - from,
  features: 3,
  classes: 2,
};
const certificate = issueCertificate({
  theorem: 'maurer',
  delta: 0.025,
  loss: { kind: 'zero-one', description: '0-1 error' },
  risk: { kind: 'drawn', scheme: 'per-example', passes: 100, errors: 30, delta: 0.01, seed: 1, purpose: 'certify' },
  divergence: { family: 'gaussian-diagonal', dimension: 8, covariance: 1, displacement: 2 },
  prior: { mean: { description: 'random initialisation', saw: [] }, scales: [] },
  posterior: { description: 'made up', saw: ['bound'], weights: [] },
  data: {
    bound: 'bound',
    splits: [
      dataSplit({
        name: 'bound',
        dataset: examplesIdentity(whole),
        digest: examplesIdentity(part),
        indices: { kind: 'ranges', ranges: [[from, count]] },
      }),
    ],
  },
});
const kept = new URL('../../../docs/studies/results/certificates/', import.meta.url).pathname;
const good = write('good.json', JSON.stringify(certificate));
const smaller = { ...certificate, claim: { ...certificate.claim, bound: certificate.claim.bound / 2 } };
const tampered = write('tampered.json', JSON.stringify({ ...smaller, digest: certificateDigest(smaller) }));

describe('hyperribbon verify', () => {
  test('accepts a certificate whose rows it finds in the data, and says what is claimed and what has to be believed', async () => {
    const { code, stdout, stderr } = await runCli(['verify', good, '--inputs', x, '--labels', y]);
    expect(stderr).toBe('');
    expect(code).toBe(3);
    expect(stdout).toMatch(/! not verified {2}nothing speaks against it, but not all was checked/);
    expect(stdout).toMatch(/claims: true error of the random classifier ≤ [0-9.]+ % with probability ≥ 96\.50 %/);
    expect(stdout).toMatch(/3000 trials, per-example draws: 3000 independent units/);
    expect(stdout).toMatch(/checked +digest.*\n +the examples and which rows of the data they are/);
    expect(stdout).toMatch(/not checked +the recorded draws, made again/);
    expect(stdout).toMatch(/to believe +The examples of the bound split are independent draws/);
  });
  test('rounds what it prints to the side on which it stays true', async () => {
    const { code, stdout } = await runCli(['verify', good]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/arithmetic only: the numbers fit each other, which those of a forged certificate do too/);
    const shown = Number(/≤ ([0-9.]+) %/.exec(stdout)![1]) / 100;
    expect(shown).toBeGreaterThanOrEqual(certificate.claim.bound);
    expect(shown - certificate.claim.bound).toBeLessThanOrEqual(1.001e-4);
    expect(stdout).toMatch(/not checked +the examples and which rows of the data they are: give the data/);
  });
  test('refuses a smaller bound with a digest made anew: exit code 1, the reason, and what the ingredients give', async () => {
    const { code, stdout } = await runCli(['verify', tampered]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✘ refused/);
    expect(stdout).toMatch(/bound-too-small \$\.claim\.bound/);
    expect(stdout).not.toMatch(/to believe/);
  });
  test.each(['t600', 'lenet-method4'])('reads %s of version 1, whose data have names of another kind', async (name) => {
    const { code, stdout, stderr } = await runCli(['verify', join(kept, `${name}.json`), '--data', 'mnist']);
    expect(stderr).toBe('');
    expect(code).toBe(3);
    expect(stdout).toMatch(/! not verified/);
    expect(stdout).toMatch(/of the data/);
    expect(stdout).toMatch(/not checked +how draws and prior were made, which version 1 does not tell: issue it again/);
  });
  test('refuses other data for a certificate of version 1 too', async () => {
    const { code, stdout } = await runCli(['verify', join(kept, 't600.json'), '--inputs', x, '--labels', y]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/data-differs.*fnx128:[0-9a-f]{32} instead of fnx128:9f0fccd390678fce31552ed597ab124d/s);
  });
  test('refuses other data', async () => {
    const { code, stdout } = await runCli(['verify', good, '--inputs', changed, '--labels', y]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/data-differs/);
  });
  test.each([
    ['none in a pipe, on a CI service too', { CI: 'true' }, false],
    ['some when they are asked for', { FORCE_COLOR: '1' }, true],
    ['none when they are refused', { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('colours: %s', async (_name, environment: Record<string, string>, colored) => {
    const { stdout } = await runCli(['verify', good], undefined, environment);
    expect(stdout.includes('\u001b[')).toBe(colored);
    expect(stdout).toMatch(/! not verified/);
  });
  test('prints JSON for programs', async () => {
    const { code, stdout } = await runCli(['verify', tampered, '--json']);
    const result = JSON.parse(stdout) as {
      verdict: string;
      reasons: { code: string }[];
      recomputed: { bound: number };
    };
    expect(code).toBe(1);
    expect(result.verdict).toBe('refused');
    expect(result.reasons.map((reason) => reason.code)).toContain('bound-too-small');
    expect(Math.abs(result.recomputed.bound - certificate.claim.bound)).toBeLessThan(1e-13);
  });
  test.concurrent.each<[string, string[], RegExp]>([
    ['a folder', [folder], /is no file/],
    ['no JSON', [write('text.json', 'hello')], /certificate: .*text\.json: character 0/],
    ['a huge file', [write('huge.json', ' '.repeat(8_000_001))], /at most 8000000/],
    ['a level out of range', [good, '--level', '2'], /--level/],
  ])('ends with exit code 2 for %s', async (_name, args, message) => {
    const { code, stderr, stdout } = await runCli(['verify', ...args]);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
