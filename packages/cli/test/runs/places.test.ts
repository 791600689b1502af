// Oracle: the file system. What a path leads to is written, and links, pipes and devices stay what they were.
import { execFileSync, spawn } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { placeOf } from '../../src/output/placeOf.js';
import { requireWritableFile, writeWhole } from '../../src/output/writeFiles.js';
import { certificate } from '../cases/certificate.js';
import { good, points, x, y } from '../cases/files.js';
import { inProcess } from '../inProcess.js';
import { scratchFolder } from '../runCli.js';

const folder = scratchFolder();
const at = (name: string): string => join(folder, name);

describe('writeWhole', () => {
  it('replaces a file by one of the same mode, and leaves nothing beside it', () => {
    mkdirSync(at('alone'));
    const file = at('alone/file.txt');
    writeFileSync(file, 'before', { mode: 0o640 });
    writeWhole(file, 'after');
    expect(readFileSync(file, 'utf8')).toBe('after');
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(at('alone'))).toEqual(['file.txt']);
  });

  it('writes what a link leads to, over any number of links, also where nothing is yet', () => {
    writeFileSync(at('target'), 'before');
    symlinkSync('target', at('link'));
    symlinkSync(at('link'), at('second'));
    symlinkSync(at('to come'), at('dangling'));
    for (const name of ['link', 'second', 'dangling']) writeWhole(at(name), name);
    expect(readFileSync(at('target'), 'utf8')).toBe('second');
    expect(readFileSync(at('to come'), 'utf8')).toBe('dangling');
    expect(['link', 'second', 'dangling'].map((name) => readlinkSync(at(name)))).toEqual([
      'target',
      at('link'),
      at('to come'),
    ]);
  });

  it('writes into a device and a named pipe', async () => {
    symlinkSync('/dev/null', at('null'));
    writeWhole(at('null'), 'nothing');
    expect(lstatSync(at('null')).isSymbolicLink()).toBe(true);
    execFileSync('mkfifo', [at('pipe')]);
    const reader = spawn('cat', [at('pipe')]);
    let read = '';
    reader.stdout.on('data', (chunk: Buffer) => (read += chunk.toString()));
    writeWhole(at('pipe'), 'through');
    await new Promise((resolve) => reader.on('close', resolve));
    expect(read).toBe('through');
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
  });

  it('says what is the matter', () => {
    symlinkSync('b', at('a'));
    symlinkSync('a', at('b'));
    const refusals: readonly (readonly [string, RegExp])[] = [
      [folder, /--json: .* is a folder\. Name a file/],
      [join(at('target'), 'below'), /--json: cannot write .*\(a part of its path is a file\)/],
      ['/dev/stdin', /--json: cannot write .*standard input/],
    ];
    for (const [file, message] of refusals) expect(() => requireWritableFile(file, '--json')).toThrow(message);
    expect(() => writeWhole(join(folder, 'gone', 'file'), '')).toThrow(
      /\(its folder is not there\)\. Choose another place\.$/,
    );
    expect(() => writeWhole(at('a'), '')).toThrow(/\(its links lead in a circle\)/);
  });
});

test('the streams of the process are known by every name', () => {
  symlinkSync('/dev/stdout', at('out'));
  for (const name of ['-', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1', at('out')])
    expect(placeOf(name)).toEqual({ kind: 'stream', descriptor: 1 });
  expect(placeOf('/dev/stderr')).toEqual({ kind: 'stream', descriptor: 2 });
  expect(placeOf(at('none'))).toEqual({ kind: 'file', path: at('none') });
});

describe('--json', () => {
  const spectrum = [
    'spectrum',
    '--model',
    good,
    '--architecture',
    'mlp:tanh',
    '--inputs',
    x,
    '--labels',
    y,
    '--top',
    '2',
    '--workers',
    '1',
  ];
  const commands = {
    inputs: ['inputs', '--data', points],
    spectrum,
    verify: ['verify', certificate],
  };

  it.each(Object.entries(commands))('of %s has standard output for itself, by any name', async (_, command) => {
    const file = at('record.json');
    const typed = await inProcess([...command, '--json', file]);
    expect(typed.stdout).toMatch(/\S/);
    const record: unknown = JSON.parse(readFileSync(file, 'utf8'));
    for (const name of [['-'], [], ['/dev/stdout']]) {
      const { code, stdout } = await inProcess([...command, '--json', ...name]);
      expect(code).toBe(typed.code);
      expect(JSON.parse(stdout)).toEqual(record);
    }
  });

  it('that took the certificate says so', async () => {
    const { code, stderr } = await inProcess(['verify', '--json', commands.verify[1]]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/missing required argument 'certificate'; --json took .*Put the certificate first/);
  });
});
