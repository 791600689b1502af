// Oracle: a folder belongs to one run. Whatever was there before, and wherever a run ends, no files of two runs lie beside each other and nothing
// of another run is lost unless that was asked for.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AbortError } from '@hyperribbon/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { inRunFolder, type FolderRequest, type RunFolder } from '../../src/runs/runFolder.js';
import { outputFile } from '../../src/runs/outputFile.js';
import { newRecord, readRecord, writeRecord, type RunIdentity } from '../../src/runs/runRecord.js';
import { scratchFolder } from '../runCli.js';

const one: RunIdentity = { command: 'test', seed: 1, weights: Float32Array.of(1, 2) };
const two: RunIdentity = { command: 'test', seed: 2, weights: Float32Array.of(1, 2) };

let base = '';
beforeEach(() => (base = join(scratchFolder(), 'results')));

interface Asked extends Partial<FolderRequest> {
  readonly files?: readonly string[];
  readonly status?: 'interrupted' | 'failed' | 'complete';
  /** what happens before the end */
  readonly meanwhile?: (folder: RunFolder) => void;
}

/** A run whose files hold its seed. */
async function run(
  identity: RunIdentity,
  { files = ['report.json', 'a.svg'], status = 'complete', meanwhile, ...request }: Asked = {},
) {
  return inRunFolder({ byDefault: base, force: false, ...request }, identity, 'hyperribbon test', async (folder) => {
    meanwhile?.(folder);
    folder.finish(
      files.map((name) => [name, String(identity['seed'])] as const),
      status,
    );
    return folder.path;
  });
}

const listed = (path: string): string[] => readdirSync(path).sort();
const read = (path: string, name: string): string => readFileSync(join(path, name), 'utf8');
const dies = (meanwhile: (folder: RunFolder) => void = () => undefined): Asked => ({
  meanwhile: (folder) => {
    meanwhile(folder);
    throw new Error('died');
  },
});

/** What a process that was killed leaves: its record says that it runs, and it does not. */
function killed(path: string): void {
  writeRecord(path, { ...readRecord(path, 'test')!, status: 'running', process: 2 ** 22 + 1 });
}

describe('a folder by default', () => {
  it('is a new one where another run was, and its number is the next', async () => {
    expect(await run(one)).toBe(base);
    expect(await run(two)).toBe(`${base}-2`);
    expect(await run(one)).toBe(`${base}-3`);
    expect(read(base, 'report.json')).toBe('1');
    expect(read(`${base}-2`, 'report.json')).toBe('2');
  });

  it('is one where the same run was not finished', async () => {
    await run(one, { status: 'interrupted', files: ['report.json', 'old.svg'] });
    await run(two);
    expect(await run(one)).toBe(base);
    // what the earlier attempt left and this one has not is gone
    expect(listed(base)).toEqual(['a.svg', 'report.json', 'run.json']);
  });

  it('may hold things that are no results', async () => {
    mkdirSync(base);
    writeFileSync(join(base, 'points.csv'), 'x');
    expect(await run(one)).toBe(base);
    expect(listed(base)).toEqual(['a.svg', 'points.csv', 'report.json', 'run.json']);
  });

  it('is none with results that no record tells of', async () => {
    mkdirSync(base);
    writeFileSync(join(base, 'certificate.json'), '{}');
    expect(await run(one)).toBe(`${base}-2`);
    writeFileSync(`${base}-3`, 'a file');
    expect(await run(two)).toBe(`${base}-4`);
  });
});

describe('a folder that was named', () => {
  it.each<[string, Asked, RunIdentity, RegExp]>([
    [
      'of another run',
      {},
      two,
      /--out: .* holds another run \(hyperribbon test, .*\), complete\. Name another folder, or --force/,
    ],
    ['of the same run, done', {}, one, /holds this very run, complete\. Name another folder, or --force/],
    [
      'of another run, not done',
      { status: 'interrupted' },
      two,
      /holds another run \(.*\)\. Name another folder, or --force/,
    ],
  ])('%s is refused, and nothing in it changes', async (_, before, identity, message) => {
    await run(one, { out: base, ...before });
    const kept = listed(base).map((name) => read(base, name));
    await expect(run(identity, { out: base })).rejects.toThrow(message);
    expect(listed(base).map((name) => read(base, name))).toEqual(kept);
    // by force the files of the old run go, and only they
    writeFileSync(join(base, 'mine.txt'), 'x');
    await run(identity, { out: base, force: true, files: ['b.svg'] });
    expect(listed(base)).toEqual(['b.svg', 'mine.txt', 'run.json']);
  });

  it('with files of a run and no record is refused, by force too', async () => {
    mkdirSync(base);
    writeFileSync(join(base, 'report.json'), '{}');
    for (const force of [false, true])
      await expect(run(one, { out: base, force })).rejects.toThrow(/no record of which/);
    writeFileSync(join(base, 'run.json'), '{"schema": "x"}');
    await expect(run(one, { out: base })).rejects.toThrow(
      /run\.json: .*must be "hyperribbon\/run".*Name another folder/,
    );
  });

  it('where another process is at work is refused', async () => {
    mkdirSync(base);
    const record = newRecord(one, 'hyperribbon test', []);
    writeRecord(base, { ...record, process: process.ppid });
    await expect(run(one, { out: base })).rejects.toThrow(new RegExp(`is being written by process ${process.ppid}`));
    expect(await run(two)).toBe(`${base}-2`);
    writeRecord(base, { ...record, process: process.ppid, status: 'interrupted' });
    expect(await run(one, { out: base })).toBe(base);
  });

  it('in which two runs begin at the same moment is that of one of them', async () => {
    await expect(
      run(one, { out: base, meanwhile: () => undefined, keeps: [] }).then(() => run(two, { out: base })),
    ).rejects.toThrow(/holds another run/);
    const other = join(scratchFolder(), 'x');
    const begun: Promise<unknown>[] = [one, two].map((identity) => run(identity, { out: other }));
    const ended = await Promise.allSettled(begun);
    expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('a run that ends early', () => {
  it('by an error leaves nothing where there is nothing', async () => {
    await expect(run(one, dies())).rejects.toThrow('died');
    expect(existsSync(base)).toBe(false);
    mkdirSync(base);
    await expect(run(one, dies())).rejects.toThrow('died');
    expect(listed(base)).toEqual([]);
  });

  it.each([
    [new Error('died'), 'failed'],
    [new AbortError('x', undefined), 'interrupted'],
  ] as const)('by %s leaves what it keeps, and goes on only where that is asked for', async (error, status) => {
    const keeps = ['checkpoint.npz'];
    const meanwhile = ({ path }: RunFolder): void => {
      writeFileSync(join(path, 'checkpoint.npz'), 'step 25,952');
      throw error;
    };
    await expect(run(one, { out: base, keeps, meanwhile })).rejects.toBe(error);
    expect(readRecord(base, 'test')!.status).toBe(status);
    const again = { out: base, keeps };
    await expect(run(one, again)).rejects.toThrow(
      /this very run, not finished, with checkpoint\.npz: --resume goes on, --force/,
    );
    await expect(run(two, { ...again, resume: true })).rejects.toThrow(
      /^--resume: .* other options:\n {2}seed: 1, not 2$/,
    );
    expect(read(base, 'checkpoint.npz')).toBe('step 25,952');
    expect(await run(one, { ...again, resume: true })).toBe(base);
    expect(listed(base)).toEqual(['a.svg', 'checkpoint.npz', 'report.json', 'run.json']);
    await run(two, { ...again, force: true });
    expect(existsSync(join(base, 'checkpoint.npz'))).toBe(false);
  });

  it('by a power cut is the same run when it comes again, and another one is told', async () => {
    await run(one, { out: base, status: 'interrupted' });
    killed(base);
    await expect(run(two, { out: base })).rejects.toThrow(/another run/);
    expect(await run(one, { out: base })).toBe(base);
  });

  it('while its results are written is no finished one', async () => {
    await run(one, { out: base, status: 'interrupted', files: ['report.json', 'old.svg'] });
    const written = run(one, {
      out: base,
      // a folder stands where a file is to go: the disk refuses
      meanwhile: ({ path }) => mkdirSync(join(path, 'a.svg')),
    });
    await expect(written).rejects.toThrow(/cannot write .*a\.svg \(it is a folder\)|cannot write/);
    const { status, files } = readRecord(base, 'test')!;
    expect(status).toBe('writing');
    expect(Object.keys(files).sort()).toEqual(['a.svg', 'old.svg', 'report.json']);
  });

  it('while it goes on from a finished one leaves that finished', async () => {
    await run(one, { out: base });
    await expect(run(one, { out: base, resume: true, ...dies() })).rejects.toThrow('died');
    expect(readRecord(base, 'test')!.status).toBe('complete');
    expect(read(base, 'report.json')).toBe('1');
  });
});

describe('--resume', () => {
  it('finds the run among the folders of the default name', async () => {
    await run(one, { status: 'interrupted' });
    await run(two);
    expect(await run(one, { resume: true })).toBe(base);
    await expect(run({ ...one, seed: 3 }, { resume: true })).rejects.toThrow(
      /results-2 is of a run with other options/,
    );
  });

  it('of nothing is refused', async () => {
    await expect(run(one, { resume: true })).rejects.toThrow(/--resume: .* holds no run/);
    await expect(run(one, { resume: true, out: base })).rejects.toThrow(/--resume: .* holds no run/);
    expect(existsSync(base)).toBe(false);
  });

  it('holds to the version that began', async () => {
    await run(one, { status: 'interrupted' });
    const record = readRecord(base, 'test')!;
    writeRecord(base, { ...record, id: 'sha256:other', identity: { ...record.identity, version: '0.0.1' } });
    await expect(run(one, { out: base, resume: true })).rejects.toThrow(/version: "0\.0\.1", not "/);
  });
});

describe('a file of weights', () => {
  it('that is there is not replaced without a word', () => {
    const file = join(scratchFolder(), 'net.npz');
    expect(outputFile(file, 'weights.npz', false)).toBe(file);
    writeFileSync(file, 'hours of training');
    expect(() => outputFile(file, 'weights.npz', false)).toThrow(
      /--out: .*net\.npz is there already\. Name another file, or --force/,
    );
    expect(outputFile(file, 'weights.npz', true)).toBe(file);
    expect(outputFile('/dev/null', 'weights.npz', false)).toBe('/dev/null');
  });

  it('without a name is the next that is free', () => {
    const base = join(scratchFolder(), 'weights.npz');
    expect(outputFile(undefined, base, false)).toBe(base);
    writeFileSync(base, '');
    writeFileSync(base.replace('.npz', '-2.npz'), '');
    expect(outputFile(undefined, base, false)).toBe(base.replace('.npz', '-3.npz'));
    expect(outputFile(undefined, base, true)).toBe(base);
  });
});
