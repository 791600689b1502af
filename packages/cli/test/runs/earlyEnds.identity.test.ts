// Oracle: a run that was never stopped. Whenever a command is told to stop, what is on the disk is true, the exit code tells by which signal, and
// going on ends in the same bits.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sloppyGaussian } from '@hyperribbon/data';
import { parseStudy } from '@hyperribbon/report';
import { describe, expect, it } from 'vitest';
import { readRecord } from '../../src/runs/runRecord.js';
import { scratchFolder } from '../runCli.js';

const entry = new URL('../../bin/hyperribbon.js', import.meta.url).pathname;
const folder = scratchFolder();
const at = (...names: string[]): string => join(folder, ...names);
const { inputs, labels, count } = sloppyGaussian({ dimension: 5, decay: 0.5, count: 360, classes: 2, seed: 6 });
const csv = at('points.csv');
const row = (i: number): string => [...inputs.subarray(i * 5, i * 5 + 5), labels[i]].join(',');
writeFileSync(csv, Array.from({ length: count }, (_, i) => row(i)).join('\n'));
const data = ['--data', csv, '--architecture', 'mlp:tanh:4'];

/** Sends the signals one after the other, each when standard error, from the last one on, says what it waits for. */
function stopped(
  args: readonly string[],
  signals: readonly (readonly [when: RegExp, signal: NodeJS.Signals])[] = [],
): Promise<{ readonly code: number | null; readonly stderr: string; readonly stdout: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr, since, sent] = ['', '', '', 0];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      since += chunk.toString();
      if (signals[sent]?.[0].test(since) !== true) return;
      since = '';
      child.kill(signals[sent++][1]);
    });
    child.on('close', (code) => resolve({ code, stderr, stdout }));
  });
}

describe('bound', () => {
  const bound = (out: string, ...more: string[]): string[] => [
    'bound',
    ...data,
    '--batch-size',
    '20',
    ...more,
    '--out',
    at(out),
  ];
  const learnt = ['--prior-fraction', '0.5', '--prior-epochs', '400', '--epochs', '3', '--passes', '1'];

  it('stopped while its prior trains certifies nothing, and goes on to the bits of a run that was not', async () => {
    const first = await stopped(bound('prior', ...learnt), [[/training the prior's mean/, 'SIGINT']]);
    expect(first.stderr).toMatch(/kept at step \d+: --resume goes on[\s\S]*stopped before there was a result/);
    expect(first.code).toBe(130);
    expect(readdirSync(at('prior')).sort()).toEqual(['prior-training.npz', 'run.json']);
    expect(readRecord(at('prior'), 'test')!.status).toBe('interrupted');
    // what is kept is not thrown away without a word
    const anew = await stopped(bound('prior', ...learnt));
    expect(anew.stderr).toMatch(/not finished, with prior-training\.npz: --resume goes on, --force starts anew/);
    expect(anew.code).toBe(2);
    const again = await stopped(bound('prior', ...learnt, '--resume'));
    const whole = await stopped(bound('whole', ...learnt));
    expect([again.code, whole.code]).toEqual([0, 0]);
    for (const name of ['posterior.npz', 'prior.npz'])
      expect(Buffer.compare(readFileSync(at('prior', name)), readFileSync(at('whole', name)))).toBe(0);
    expect(existsSync(at('prior', 'prior-training.npz'))).toBe(false);
  });

  it('told twice ends at once, with the first as with the second signal what is there is true', async () => {
    const long = bound('twice', '--epochs', '1', '--passes', '200000');
    const { code, stderr } = await stopped(long, [
      [/- certifying/, 'SIGTERM'],
      [/again to leave at once/, 'SIGTERM'],
    ]);
    expect(stderr).not.toMatch(/✔ certifying/);
    expect(code).toBe(143);
    // no certificate of draws that were not all made; the optimisation is there
    expect(readdirSync(at('twice')).sort()).toEqual(['checkpoint.npz', 'run.json']);
    const again = await stopped(bound('twice', '--epochs', '1', '--passes', '1', '--resume'));
    expect(again.stderr).toMatch(/going on at step \d+/);
    expect(again.code).toBe(0);
  });
});

describe('analyze', () => {
  const analyze = (out: string, ...more: string[]): string[] => [
    'analyze',
    ...data,
    '--quick',
    '--workers',
    '1',
    ...more,
    '--out',
    at(out),
  ];

  it('stopped by SIGTERM leaves a report of what is done, exit code 143, and the same command ends as if nothing had been', async () => {
    // so many draws that the signal finds them at work on any machine
    const many = analyze('term', '--epochs', '300', '--draws', '20000');
    const first = await stopped(many, [[/✔ training /, 'SIGTERM']]);
    expect(first.code).toBe(143);
    const { status, sections } = parseStudy(readFileSync(at('term', 'report.json'), 'utf8'));
    expect(status).toMatchObject({ complete: false, reason: 'interrupted' });
    expect(status.missing).toContain('bound');
    expect(sections.training!.map(({ name }) => name)).toContain('plain');
    expect(existsSync(at('term', 'certificate.json'))).toBe(false);
    // another run is told that the folder is taken, before any work
    const other = await stopped(analyze('term', '--seed', '1'));
    expect(other.stderr).toMatch(/--out: .* holds another run .*Name another folder, or --force/);
    expect(other.code).toBe(2);
    const again = await stopped(many);
    expect(again.code).toBe(0);
    const record = readRecord(at('term'), 'test')!;
    expect(record.status).toBe('complete');
    expect(Object.keys(record.files).sort()).toEqual(
      readdirSync(at('term'))
        .filter((name) => name !== 'run.json')
        .sort(),
    );
  });

  it('stopped while it reads leaves nothing at all', async () => {
    const { code } = await stopped(['analyze', '--out', at('reading')], [[/reading the data/, 'SIGINT']]);
    expect(code).toBe(130);
    expect(existsSync(at('reading'))).toBe(false);
  });
});
