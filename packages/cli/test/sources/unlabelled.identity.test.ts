// Oracle: what does not depend on labels is the same with any labels and with none.
import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { examplesFromArrays, examplesIdentity, writeNpy, writeNpz } from '@hyperribbon/data';
import { isTargeted } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { loadAny, loadNamed, type DataOptions } from '../../src/input/dataSource.js';
import { file, good, labels, out, x, y } from '../cases/files.js';
import { inProcess } from '../inProcess.js';

const rows = ['0.5,1.5', '2.5,3.5', '4.5,5.5', '6.5,0.5'];
const features = file('unlabelled-features.csv', rows.join('\n'));
const arrays = { shape: [4, 2], data: Float64Array.from(rows.join().split(',').map(Number)) };
const marks = { shape: [4], data: Uint8Array.of(0, 1, 1, 0) };
const expected = examplesIdentity(examplesFromArrays(arrays, marks));

describe('labels in a file of their own', () => {
  const none: DataOptions = { data: features, labelColumn: 'none' };
  it.each<[string, string, string | Uint8Array]>([
    ['a csv file', 'l.csv', '0\n1\n1\n0\n'],
    ['with a header', 'm.csv', 'class\n0\n1\n1\n0\n'],
    ['with the index of pandas', 'n.csv', ',class\n0,0\n1,1\n2,1\n3,0\n'],
    ['in words', 'o.csv', 'no\nyes\nyes\nno\n'],
    ['in words, with a header', 'v.csv', 'answer\nno\nyes\nyes\nno\n'],
    ['one-hot', 'p.csv', '1,0\n0,1\n0,1\n1,0\n'],
    ['compressed', 'q.csv.gz', gzipSync('0\n1\n1\n0\n')],
    ['an npy file', 'r.npy', writeNpy(marks)],
  ])('%s, beside a table of features', async (_, name, content) => {
    const { examples } = await loadNamed({ ...none, labels: file(`unlabelled-${name}`, content) });
    expect(examplesIdentity(examples)).toBe(expected);
  });

  it('beside an npy file may be a table too', async () => {
    const data = file('unlabelled-x.npy', writeNpy(arrays));
    const found = await loadNamed({ data, labels: file('unlabelled-s.csv', '0\n1\n1\n0\n') });
    expect(examplesIdentity(found.examples)).toBe(expected);
  });

  it('lose the rows that their table loses', async () => {
    const data = file('unlabelled-holed.csv', ['NA,1', ...rows].join('\n'));
    const options = { data, labelColumn: 'none', missing: 'drop' } as const;
    for (const beside of ['5\n0\n1\n1\n0\n', 'no\nno\nyes\nyes\nno\n', '1,1\n1,0\n0,1\n0,1\n1,0\n']) {
      const found = await loadNamed({ ...options, labels: file('unlabelled-five.csv', beside) });
      expect(examplesIdentity(found.examples)).toBe(expected);
    }
  });

  it('may be numbers to predict', async () => {
    const found = await loadAny({ ...none, labels: file('unlabelled-t.csv', '0.5\n1\n2\n3\n') });
    expect(isTargeted(found.examples) && [...found.examples.targets]).toEqual([0.5, 1, 2, 3]);
    expect(found.task).toBe('regression (1 target)');
  });

  it.each<[string, DataOptions, RegExp]>([
    ['that are not there', none, /^--label-column: none, but labels are needed here; name their file with --labels/],
    ['beside a label column', { data: features, labels: y }, /^--labels: the labels of a csv file are its last column/],
    ['of other rows', { ...none, labels: y }, /labels must have shape \(4,\) like the inputs, got \[6\]/],
    ['and targets', { ...none, labels: y, target: '1' }, /^--target: is of train|^--target and --labels/],
    [
      'in an npz file',
      { ...none, labels: good },
      /^--labels: .*good\.npz is a file of the kind npz, not npy, idx or a table/,
    ],
    ['with holes', { ...none, labels: file('unlabelled-u.csv', 'a\n1\nNA\n1\n0\n') }, /missing value/],
  ])('%s are refused', async (_, options, message) => {
    await expect(loadNamed(options)).rejects.toThrow(message);
  });

  // where Debian's package python3-sklearn is installed
  const installed = '/usr/lib/python3/dist-packages/sklearn/datasets/data';
  if (existsSync(installed))
    it('of the diabetes data of Debian', async () => {
      const found = await loadAny({
        data: `${installed}/diabetes_data_raw.csv.gz`,
        labelColumn: 'none',
        labels: `${installed}/diabetes_target.csv.gz`,
        answers: 'real',
      });
      expect([found.examples.count, found.examples.features, found.task]).toEqual([442, 10, 'regression (1 target)']);
      expect(isTargeted(found.examples) && found.examples.targets[0]).toBe(151);
    });
});

describe('without labels', () => {
  const spectrum = (...typed: string[]) =>
    inProcess(['spectrum', '--model', good, '--architecture', 'mlp:tanh', '--full', '--deterministic', ...typed]);
  const values = async (...typed: string[]): Promise<readonly number[]> => {
    const record = out('unlabelled.json');
    const { code, stderr } = await spectrum(...typed, '--json', record);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    return JSON.parse(readFileSync(record, 'utf8')).values;
  };

  it('the Gauss-Newton and the Fisher matrix are what they are with any', async () => {
    for (const operator of ['ggn', 'fisher']) {
      const bare = await values('--data', x, '--operator', operator);
      for (const beside of [y, labels('unlabelled-other.npy', [1, 1, 0, 0, 1, 0])])
        expect(await values('--data', x, '--labels', beside, '--operator', operator)).toEqual(bare);
    }
  });

  it('nothing is said of loss, error and gradient', async () => {
    const record = out('unlabelled-record.json');
    const { stdout } = await spectrum('--data', x, '--operator', 'ggn', '--json', record);
    expect(stdout).toMatch(/no labels: loss and error are not known/);
    expect(stdout).not.toMatch(/gradient norm|guessing/);
    const written = Object.keys(JSON.parse(readFileSync(record, 'utf8')));
    expect(written).not.toEqual(expect.arrayContaining(['loss']));
    for (const name of ['gradientNorm', 'error', 'guessing']) expect(written).not.toContain(name);
  });

  it.each(['hessian', 'empirical-fisher'])('the %s is refused', async (operator) => {
    const { code, stderr } = await spectrum('--data', x, '--operator', operator);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/--operator: .* needs labels, and .*x\.npy holds none; ggn and fisher do not/),
    ]);
  });

  it('inputs have a spectrum, in a table, an npy and an npz file, and bytes in either type', async () => {
    const trace = async (...typed: string[]): Promise<string> => {
      const { code, stdout } = await inProcess(['inputs', ...typed]);
      expect(code).toBe(0);
      return /trace (\S+),/.exec(stdout)![1];
    };
    const npy = await trace('--data', file('unlabelled-y.npy', writeNpy(arrays)));
    expect(await trace('--data', features, '--label-column', 'none')).toBe(npy);
    expect(await trace('--data', file('unlabelled-y.npz', writeNpz({ x: arrays })))).toBe(npy);
    const bytes = file('unlabelled-bytes.npy', writeNpy({ shape: [6, 1], data: Uint8Array.of(1, 2, 3, 4, 5, 6) }));
    const squares = [1, 2, 3, 4, 5, 6].map((byte) => byte / 255);
    const of = (numbers: readonly number[]): string => (numbers.reduce((sum, v) => sum + v * v, 0) / 6).toPrecision(8);
    expect(await trace('--data', bytes)).toBe(of(squares.map(Math.fround)));
    expect(await trace('--data', bytes, '--dtype', 'float64')).toBe(of(squares));
    expect(of(squares.map(Math.fround))).not.toBe(of(squares));
  });
});
