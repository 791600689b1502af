// Oracle: a run that was never interrupted. A process that is killed leaves whole files; the same command then ends with the same numbers.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sloppyGaussian } from '@hyperribbon/data';
import type { Certificate } from '@hyperribbon/pac-bayes';
import { parseStudy, type Study } from '@hyperribbon/report';
import { describe, expect, it } from 'vitest';
import { runCli, scratchFolder } from '../runCli.js';

const folder = scratchFolder();
const { inputs, labels, count, features } = sloppyGaussian({
  dimension: 5,
  decay: 0.5,
  count: 360,
  classes: 2,
  seed: 6,
});
const csv = join(folder, 'points.csv');
const row = (i: number): string => [...inputs.subarray(i * features, (i + 1) * features), labels[i]].join(',');
writeFileSync(csv, Array.from({ length: count }, (_, i) => row(i)).join('\n'));

const killed = (args: readonly string[], when: (stderr: string) => boolean) => runCli(args, undefined, {}, when);

describe('ribbon', () => {
  const small = [
    'ribbon',
    '--quick',
    '--data',
    csv,
    '--samples',
    '40',
    '--regression-runs',
    '8',
    '--regression-steps',
    '10',
  ];
  const command = (out: string): string[] => [...small, '--epochs', '8', '--workers', '2', '--out', join(folder, out)];
  const runsOf = (out: string): string[] => {
    const runs = join(folder, out, 'runs');
    return existsSync(runs) ? readdirSync(runs).filter((name) => !name.startsWith('.')) : [];
  };
  const read = (out: string): Study => parseStudy(readFileSync(join(folder, out, 'report.json'), 'utf8'));

  it('goes on after a power cut with the runs that were finished, to the same numbers', async () => {
    const cut = await killed(command('cut'), () => runsOf('cut').length >= 2);
    expect(cut.code).toBeNull();
    expect(existsSync(join(folder, 'cut', 'report.json'))).toBe(false);
    const finished = runsOf('cut').filter((name) => !name.includes('partial'));
    const kept = new Map(finished.map((name) => [name, readFileSync(join(folder, 'cut', 'runs', name))]));
    const [again, whole] = [await runCli(command('cut')), await runCli(command('whole'))];
    expect([again.code, whole.code]).toEqual([0, 0]);
    expect(read('cut').sections).toEqual(read('whole').sections);
    // what was finished was not run again
    for (const [name, bytes] of kept)
      expect(Buffer.compare(readFileSync(join(folder, 'cut', 'runs', name)), bytes)).toBe(0);
    // a process that was killed may leave a temporary file of its own, and nothing else
    expect(runsOf('cut')).toEqual(runsOf('whole'));
  });
});

describe('bound', () => {
  const prior = [
    '--prior-fraction',
    '0.5',
    '--prior-epochs',
    '30',
    '--batch-size',
    '20',
    '--epochs',
    '12',
    '--passes',
    '1',
  ];
  const command = (out: string): string[] => [
    'bound',
    '--data',
    csv,
    '--architecture',
    'mlp:tanh:4',
    ...prior,
    '--out',
    join(folder, out),
  ];
  const claim = (out: string): Certificate['claim'] =>
    (JSON.parse(readFileSync(join(folder, out, 'certificate.json'), 'utf8')) as Certificate).claim;

  it('goes on after a power cut with the prior that was trained, to the same certificate', async () => {
    const cut = await killed(command('bound-cut'), () => existsSync(join(folder, 'bound-cut', 'prior.npz')));
    expect(cut.code).toBeNull();
    const again = await runCli([...command('bound-cut'), '--resume']);
    expect(again.stderr).toMatch(/✔ the prior's mean  trained before/);
    expect(again.code).toBe(0);
    const other = await runCli([...command('bound-cut'), '--prior-epochs', '31', '--resume']);
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(/--resume: .* is of a run with other options:\n {2}priorEpochs: 30, not 31/);
    expect((await runCli(command('bound-whole'))).code).toBe(0);
    expect(claim('bound-cut')).toEqual(claim('bound-whole'));
  });
});
