// Oracle: the promises of the main job on a small data set: all files, a complete record, a report of what is done so far.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sloppyGaussian, weightsFromNpz, writeNpz, type WeightArray } from '@hyperribbon/data';
import {
  certificateDigest,
  drawSeed,
  parseCertificate,
  verifyCertificate,
  weightsDigest,
  type Certificate,
  type DrawnRisk,
} from '@hyperribbon/pac-bayes';
import { parseStudy, type Study } from '@hyperribbon/report';
import { runCli, scratchFolder } from './runCli.js';

const folder = scratchFolder();
const examples = sloppyGaussian({ dimension: 8, decay: 0.3, count: 600, classes: 2, seed: 3 });
const csv = join(folder, 'points.csv');
writeFileSync(
  csv,
  Array.from({ length: examples.count }, (_, i) =>
    [...examples.inputs.subarray(i * 8, i * 8 + 8), examples.labels[i]].join(','),
  ).join('\n'),
);
const small = [
  '--data',
  csv,
  '--architecture',
  'mlp:tanh:6',
  '--curvature-examples',
  '200',
  '--top',
  '5',
  '--stiff-directions',
  '8',
];
const quick = [
  ...small,
  '--epochs',
  '8',
  '--batch-size',
  '50',
  '--density-steps',
  '8',
  '--draws',
  '60',
  '--examples-per-draw',
  '50',
];

const read = (out: string): Study => parseStudy(readFileSync(join(out, 'report.json'), 'utf8'));

test('analyze writes a complete report, the figures and a record that can be read back', async () => {
  const out = join(folder, 'report');
  const result = await runCli(['analyze', ...quick, '--out', out]);
  expect(result.stderr).not.toMatch(/internal fault|hyperribbon: /);
  expect(result.code).toBe(0);
  const { status, sections } = read(out);
  expect(status).toEqual({ complete: true, missing: [] });
  expect(sections.training?.map(({ name }) => name)).toEqual(['plain', 'decayed']);
  expect(new Set(sections.curvature?.map(({ id }) => id))).toEqual(
    new Set(['fisher-init', 'fisher-whole', 'hessian', 'gauss-newton', 'fisher-end', 'hessian-decayed']),
  );
  expect(sections.analyticBound?.best?.confidence).toBeCloseTo(0.965, 12);
  expect(sections.analyticBound?.selection).toMatch(/fresh draws/);
  const certificate = readFileSync(join(out, 'certificate.json'), 'utf8');
  const { verdict, reasons } = await verifyCertificate(certificate);
  expect(reasons).toEqual([]);
  expect(verdict).toBe('incomplete');
  expect(parseCertificate(certificate).claim.bound).toBe(sections.analyticBound?.best?.value);
  const checked = await runCli(['verify', join(out, 'certificate.json'), '--data', csv]);
  expect(checked.stdout).toMatch(/! not verified[\s\S]*which rows of the data/);
  expect(checked.code).toBe(3);
  const model = ['--model', join(out, 'posterior.npz'), '--data', csv];
  const drawn = await runCli(['verify', join(out, 'certificate.json'), ...model]);
  expect(drawn.stdout).toMatch(/✔ verified[\s\S]*own draws certify[\s\S]*fresh draws +mean [0-9.]+ % of 60/);
  expect(drawn.code).toBe(0);
  expect(drawn.stdout).not.toMatch(/not checked/);
  expect(result.stdout).toContain(['verify', join(out, 'certificate.json'), ...model].join(' '));
  const html = readFileSync(join(out, 'report.html'), 'utf8');
  expect(html).toContain('</html>');
  expect(html).not.toMatch(/src="http|href="http[^"]*\.css/);
  expect(readdirSync(out).filter((name) => name.endsWith('.svg')).length).toBeGreaterThanOrEqual(4);
});

test('verify refuses a posterior that was changed, and one that fits its certificate but not its divergence', async () => {
  const out = join(folder, 'report'); // of the test before
  const certificate = parseCertificate(readFileSync(join(out, 'certificate.json'), 'utf8'));
  const arrays = new Map(weightsFromNpz(readFileSync(join(out, 'posterior.npz'))));
  const check = async (
    changed: Map<string, WeightArray>,
    written: Certificate = certificate,
  ): Promise<{ reasons: { code: string }[] }> => {
    writeFileSync(join(out, 'changed.npz'), writeNpz(changed, { compress: false }));
    writeFileSync(join(out, 'changed.json'), JSON.stringify(written));
    const args = ['verify', join(out, 'changed.json'), '--model', join(out, 'changed.npz'), '--data', csv, '--json'];
    return JSON.parse((await runCli(args)).stdout) as { reasons: { code: string }[] };
  };
  const codes = ({ reasons }: { reasons: { code: string }[] }): string[] => reasons.map(({ code }) => code);
  expect(codes(await check(arrays))).toEqual([]);
  const { shape, data } = arrays.get('posterior.std')!;
  const narrow = new Map(arrays).set('posterior.std', { shape, data: data.map((s) => 0.3 * s) });
  expect(codes(await check(narrow))).toEqual(['weights-differ']);
  // the same posterior under a certificate that names it: the digests agree, the divergence does not
  const weights = certificate.posterior.weights.map(({ name, digest }) => ({
    name,
    digest: name === 'posterior.std' ? weightsDigest(narrow.get(name)!.data) : digest,
  }));
  const renamed = { ...certificate, posterior: { ...certificate.posterior, weights } };
  const forged = { ...renamed, digest: certificateDigest(renamed) };
  // its draws are those of another posterior
  expect(codes(await check(narrow, forged))).toEqual(['draw-seed']);
  const { scheme, passes, trials, draws } = certificate.risk as DrawnRisk;
  const seed = drawSeed(weights, { scheme, passes, trials, ...draws! });
  const drawn = { ...renamed, risk: { ...certificate.risk, seed } };
  const followed = { ...drawn, digest: certificateDigest(drawn) };
  expect(codes(await check(narrow, followed))).toContain('divergence-differs');
});

test('the same seed gives the same numbers for one and for two workers', async () => {
  const values = async (workers: string): Promise<unknown> => {
    const out = join(folder, `workers-${workers}`);
    await runCli(['analyze', ...quick, '--out', out, '--workers', workers]);
    const { sections } = read(out);
    const spectra = [...(sections.curvature ?? [])].sort((a, b) => a.id.localeCompare(b.id));
    return [spectra.map(({ id, eigenvalues }) => [id, eigenvalues]), sections.analyticBound?.best];
  };
  expect(await values('1')).toEqual(await values('2'));
});

test('Ctrl-C leaves a report of what is done so far, and exit code 130', async () => {
  const out = join(folder, 'interrupted');
  const result = await runCli(['analyze', ...quick, '--epochs', '20000', '--out', out], /input spectrum {2}/);
  expect(result.code).toBe(130);
  const { status, sections } = read(out);
  expect(status.complete).toBe(false);
  expect(status.reason).toBe('interrupted');
  expect(status.missing).toContain('bound');
  expect(sections.inputSpectrum).toBeDefined();
  expect(existsSync(join(out, 'report.html'))).toBe(true);
});

test('train writes weights that spectrum reads', async () => {
  const out = join(folder, 'net.npz');
  const trained = await runCli(['train', '--data', csv, '--architecture', 'mlp:tanh:6', '--epochs', '2', '--out', out]);
  expect(trained.code).toBe(0);
  const spectrum = await runCli([
    'spectrum',
    '--model',
    out,
    '--architecture',
    'mlp:tanh',
    '--data',
    csv,
    '--top',
    '3',
  ]);
  expect(spectrum.code).toBe(0);
  expect(spectrum.stdout).toMatch(/eigenvalue/);
});

test('analyze --model measures the given network and trains only the second one', async () => {
  const weights = join(folder, 'given.npz');
  const architecture = ['--architecture', 'mlp:tanh:6'];
  await runCli(['train', '--data', csv, ...architecture, '--epochs', '3', '--out', weights]);
  const out = join(folder, 'given');
  const { code, stderr } = await runCli(
    ['analyze', '--data', csv, ...architecture, '--model', weights, '--out', out, '--epochs', '2', '--top', '3'].concat(
      ['--stiff-directions', '5', '--draws', '20', '--density-steps', '5', '--density-probes', '2'],
      ['--convention', '4(n-1)/ln2'],
    ),
  );
  expect([code, stderr]).toEqual([0, expect.anything()]);
  const [given, decayed] = read(out).sections.training!;
  expect([given.name, given.history, decayed.name]).toEqual(['given', [], 'decayed']);
  expect(given.final.trainError).toBeGreaterThanOrEqual(0);
  expect(given.final.trainLoss).toBeGreaterThan(0);
  expect(decayed.history).toHaveLength(2);
  const { divergence, posterior } = parseCertificate(readFileSync(join(out, 'certificate.json'), 'utf8'));
  expect(divergence.analytic?.convention).toBe('4(n-1)/ln2');
  // the first direction has precision ε + 4(n − 1) λ₁/ln 2
  const { eigenvalues, precision } = divergence.analytic!;
  const std = weightsFromNpz(readFileSync(join(out, 'posterior.npz'))).get('posterior.std')!.data;
  const factor = (4 * (500 - 1)) / Math.LN2;
  expect(Math.abs(std[0] ** -2 / (precision + factor * eigenvalues[0]) - 1)).toBeLessThan(1e-12);
  expect(posterior.weights.map(({ name }) => name)).toContain('subspace.directions');
});
