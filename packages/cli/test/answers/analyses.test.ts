// Oracle: what an analysis may say of data whose answers are no classes, or are not there: no error, no bound, and the reason.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeNpz } from '@hyperribbon/data';
import { mlp } from '@hyperribbon/nn';
import { onnxOf } from '@hyperribbon/onnx';
import { parseStudy, type Study } from '@hyperribbon/report';
import { expect, test } from 'vitest';
import { runCli, scratchFolder } from '../runCli.js';

const folder = scratchFolder();
const path = (name: string): string => join(folder, name);
const few = ['--quick', '--epochs', '2', '--batch-size', '20', '--curvature-examples', '40', '--top', '3'];
const small = [...few, '--density-steps', '4', '--density-probes', '2'];

const count = 90;
const x = { shape: [count, 3], data: Float32Array.from({ length: 3 * count }, (_, i) => ((i * 37) % 101) / 50 - 1) };
const y = Float32Array.from({ length: count }, (_, i) => x.data[3 * i] - 0.5 * x.data[3 * i + 1] + 0.01 * (i % 7));
writeFileSync(path('real.npz'), writeNpz({ x, y: { shape: [count], data: y } }));
writeFileSync(path('alone.npz'), writeNpz({ x }));
const tokens = Int32Array.from({ length: 60 * 5 }, (_, i) => (3 * Math.floor(i / 5) + (i % 5) * (1 + (i % 3))) % 7);
writeFileSync(path('tokens.npz'), writeNpz({ tokens: { shape: [60, 5], data: tokens } }));
const given = mlp([3, 4, 5], { activation: 'relu' });
writeFileSync(path('given.onnx'), onnxOf(given, given.init(3)));

async function analyze(out: string, ...args: string[]): Promise<{ study: Study; stderr: string; stdout: string }> {
  const { code, stderr, stdout } = await runCli(['analyze', ...args, ...small, '--out', path(out)]);
  expect(stderr).not.toMatch(/internal fault/);
  expect(code).toBe(0);
  expect(existsSync(path(join(out, 'certificate.json')))).toBe(false);
  return { study: parseStudy(readFileSync(path(join(out, 'report.json')), 'utf8')), stderr, stdout };
}

const matrices = ({ sections }: Study): readonly string[] => (sections.curvature ?? []).map(({ id }) => id);
const noBound = ({ notes = [] }: Study): string | undefined => notes.find(({ title }) => title === 'No bound')?.text;

test('numbers to predict: losses and spectra of the squared error, no errors and no bound', async () => {
  const { study, stdout } = await analyze('real', '--data', path('real.npz'), '--architecture', 'mlp:tanh:4');
  expect(study.status.complete).toBe(true);
  expect(matrices(study)).toEqual(['hessian', 'gauss-newton', 'fisher-end', 'fisher-init']);
  const [run] = study.sections.training!;
  expect([run.final.trainError, run.guessing!.error, run.lossUnit]).toEqual([
    undefined,
    undefined,
    'half the squared error',
  ]);
  expect(run.final.testLoss).toBeGreaterThan(0);
  const page = readFileSync(path('real/report.html'), 'utf8');
  expect(page.includes('is no better than a constant')).toBe(run.final.testLoss! >= run.guessing!.loss);
  expect(study.sections.analyticBound).toBeUndefined();
  expect(study.setting!.classes).toBeUndefined();
  expect(noBound(study)).toMatch(/answers are numbers/);
  expect(stdout).toMatch(/loss, plain +[\d.]+/);
  expect(stdout.includes('NO BETTER THAN A CONSTANT')).toBe(run.final.testLoss! >= run.guessing!.loss);
  // of the squared error the Fisher matrix is the Gauss-Newton matrix
  const top = (id: string): number => study.sections.curvature!.find((one) => one.id === id)!.eigenvalues[0];
  expect(Math.abs(top('fisher-end') - top('gauss-newton'))).toBeLessThan(1e-5 * top('gauss-newton'));
}, 120_000);

test('tokens: spectra of the cross-entropy of tokens, no spectrum of their numbers, no bound', async () => {
  const { study } = await analyze('tokens', '--data', path('tokens.npz'), '--architecture', 'gpt:4,1,1');
  expect(study.status.complete).toBe(true);
  expect(matrices(study)).toEqual(['hessian', 'gauss-newton', 'fisher-end', 'fisher-init']);
  expect(study.sections.inputSpectrum).toBeUndefined();
  expect(study.setting!.loss).toMatch(/nats per token/);
  expect(noBound(study)).toMatch(/tokens of a sequence/);
}, 120_000);

test('inputs alone: what needs no labels', async () => {
  const { study, stderr } = await analyze('alone', '--data', path('alone.npz'), '--model', path('given.onnx'));
  expect(stderr).toMatch(/without labels\): 90 examples, given\.onnx with 41 weights/);
  expect(study.status.complete).toBe(true);
  expect(matrices(study)).toEqual(['gauss-newton', 'fisher-end', 'fisher-whole', 'fisher-init']);
  expect([study.sections.training, study.sections.analyticBound]).toEqual([undefined, undefined]);
  expect(noBound(study)).toMatch(/no labels/);
}, 120_000);

test('batch norms whose statistics were learnt: spectra with them, no bound; kept as they start: a bound', async () => {
  const layers = [
    { kind: 'linear', out: 6 },
    { kind: 'batchNorm', name: 'bn' },
    { kind: 'relu' },
    { kind: 'linear', out: 2 },
  ];
  writeFileSync(path('layers.json'), JSON.stringify({ input: [3], layers }));
  const labels = Int32Array.from(y, (value) => (value > 0 ? 1 : 0));
  writeFileSync(path('classes.npz'), writeNpz({ x, y: { shape: [count], data: labels } }));
  const data = ['--data', path('classes.npz'), '--architecture', path('layers.json')];
  const { study } = await analyze('batch', ...data);
  expect(noBound(study)).toMatch(/--batch-norm fixed/);
  expect(study.setting!.options!['batch norm statistics']).toMatch(/running averages/);
  const fixed = path('fixed');
  const more = ['--stiff-directions', '2', '--draws', '20', '--batch-norm', 'fixed', '--out', fixed];
  expect((await runCli(['analyze', ...data, ...small, ...more])).code).toBe(0);
  const { sections, notes } = parseStudy(readFileSync(join(fixed, 'report.json'), 'utf8'));
  expect(sections.analyticBound?.best).toBeDefined();
  expect(notes!.some(({ title }) => title === 'No bound')).toBe(false);
}, 120_000);
