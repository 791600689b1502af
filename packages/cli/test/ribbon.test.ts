// Oracle: the promises of `hyperribbon ribbon` on a small data set: all files, a complete record that can be read back, the same
// numbers for any number of workers and after any interruption.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseNpz, sloppyGaussian } from '@hyperribbon/data';
import { bhattacharyyaDivergences, inpca } from '@hyperribbon/linear-dynamics';
import { parseStudy, type Study } from '@hyperribbon/report';
import { runCli, scratchFolder } from './runCli.js';

const folder = scratchFolder();
const examples = sloppyGaussian({ dimension: 6, decay: 0.5, count: 480, classes: 3, seed: 3, hidden: 6 });
const csv = join(folder, 'points.csv');
writeFileSync(
  csv,
  Array.from({ length: examples.count }, (_, i) =>
    [...examples.inputs.subarray(i * 6, i * 6 + 6), examples.labels[i]].join(','),
  ).join('\n'),
);
const small = [
  'ribbon',
  '--quick',
  '--data',
  csv,
  '--samples',
  '60',
  '--regression-runs',
  '16',
  '--regression-steps',
  '20',
  '--epochs',
  '6',
];
const read = (out: string): Study => parseStudy(readFileSync(join(out, 'report.json'), 'utf8'));
/** What must not depend on workers, folders or interruptions. */
const numbers = ({ sections }: Study): object => sections;

const first = join(folder, 'first');

test('writes a complete report, the figures, the runs and a record that can be read back', async () => {
  const result = await runCli([...small, '--out', first]);
  expect(result.stderr).not.toMatch(/internal fault|hyperribbon: /);
  expect(result.code).toBe(0);
  const { status, sections } = read(first);
  const { runs, checkpointEpochs, maps } = sections.ensemble!;
  expect(status).toEqual({ complete: true, missing: [] });
  expect(runs.length).toBe(10);
  expect(checkpointEpochs.length).toBe(22);
  expect(maps!.map(({ samples, models }) => [samples, models])).toEqual([
    ['train', 220],
    ['test', 220],
  ]);
  for (const { stress, statement } of maps!) {
    expect(stress.map(({ id }) => id)).toEqual(['all', 'nonlinear', 'linear', 'all-in-linear', 'nonlinear-in-linear']);
    expect(statement!.perSeed.map(({ seed }) => seed)).toEqual([0, 1]);
    // explained stress of a map of one's own grows with every dimension
    const [all] = stress;
    for (let k = 1; k < all.values.length; k++) expect(all.values[k]).toBeGreaterThan(all.values[k - 1]);
  }
  expect(sections.linearRegression!.phase!.explained3.length).toBe(400);
  expect(readdirSync(join(first, 'runs')).length).toBe(10);
  expect(readdirSync(first).filter((name) => name.endsWith('.svg')).length).toBe(13);
  const html = readFileSync(join(first, 'report.html'), 'utf8');
  expect(html).toContain('reconstruction following arXiv 2505.08915');
  expect(html).not.toMatch(/src="|href="(?!#)/);
  expect(result.stdout).toMatch(/nonlinear, told by linear/);
});

test('its stresses are those of the runs that it kept', async () => {
  const stressOf = async (wanted: RegExp, half: 'train' | 'test'): Promise<Float64Array> => {
    const rows: number[][] = [];
    for (const name of readdirSync(join(first, 'runs')).filter((file) => wanted.test(file))) {
      const { shape, data } = parseNpz(readFileSync(join(first, 'runs', name))).get('amplitudes')!;
      const [checkpoints, samples, classes] = shape;
      const from = half === 'train' ? 0 : samples / 2;
      for (let k = 0; k < checkpoints; k++) {
        const start = (k * samples + from) * classes;
        rows.push(Array.from(data.subarray(start, start + (samples / 2) * classes) as Uint16Array));
      }
    }
    const probabilities = Float64Array.from(rows.flat(), (a) => a * a);
    for (let i = 0; i < probabilities.length; i += 3) {
      const sum = probabilities[i] + probabilities[i + 1] + probabilities[i + 2];
      for (let c = i; c < i + 3; c++) probabilities[c] /= sum;
    }
    const set = { probabilities, models: rows.length, samples: rows[0].length / 3, classes: 3 };
    return (await inpca(bhattacharyyaDivergences(set), { dimensions: 10 })).explainedStress;
  };
  const [linear, nonlinear] = [/^(?:softmax|linear)-/, /^(?:tanh|relu)-/];
  const reported = (half: 'train' | 'test', id: string): readonly number[] =>
    read(first)
      .sections.ensemble!.maps!.find(({ samples }) => samples === half)!
      .stress.find((curve) => curve.id === id)!.values;
  for (const [half, id, wanted] of [
    ['train', 'linear', linear],
    ['train', 'nonlinear', nonlinear],
    ['test', 'linear', linear],
  ] as const) {
    const expected = await stressOf(wanted, half);
    // divergences of float32 probabilities: 1e-7 per sample
    reported(half, id).forEach((value, k) => expect(Math.abs(value - expected[k])).toBeLessThan(1e-4));
  }
  // negative control: the families differ by more than ten tolerances
  expect(Math.abs(reported('train', 'linear')[0] - reported('train', 'nonlinear')[0])).toBeGreaterThan(1e-3);
  expect(Math.abs(reported('train', 'linear')[0] - reported('test', 'linear')[0])).toBeGreaterThan(1e-3);
});

test('Ctrl-C leaves a report of what is done; the same command then ends with the numbers of two workers and no interruption', async () => {
  const out = join(folder, 'stopped');
  const command = [...small, '--out', out, '--workers', '1'];
  const stopped = await runCli(command, /✔ input spectrum/);
  expect(stopped.code).toBe(130);
  const partial = read(out);
  expect(partial.status.complete).toBe(false);
  expect(partial.status.reason).toBe('interrupted');
  expect(partial.status.missing).toContain('training the ensemble');
  expect(partial.sections.inputSpectrum).toBeDefined();
  expect(existsSync(join(out, 'report.html'))).toBe(true);
  const continued = await runCli(command);
  expect(continued.code).toBe(0);
  expect(numbers(read(out))).toEqual(numbers(read(first)));
  // the runs themselves, bit for bit; nothing unfinished is left
  const names = readdirSync(join(first, 'runs'));
  expect(readdirSync(join(out, 'runs'))).toEqual(names);
  for (const name of names) {
    expect(Buffer.compare(readFileSync(join(out, 'runs', name)), readFileSync(join(first, 'runs', name)))).toBe(0);
  }
});
