// Oracle: examples whose inputs are standardized are those of a file that was written so.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { examplesIdentity, writeNpz } from '@hyperribbon/data';
import { describe, expect, it } from 'vitest';
import { analysisPlan } from '../../src/analysis/plan.js';
import { setting } from '../../src/analysis/settingSection.js';
import { analyzeOptions } from '../../src/analysis/analysisOptions.js';
import { loadBoundData } from '../../src/bound/boundData.js';
import { loadNamed } from '../../src/input/dataSource.js';
import { loadSplit } from '../../src/input/splitSource.js';
import { defaultsOf } from '../../src/options/option.js';
import { cifar100Folder, file, out } from '../cases/files.js';
import { inProcess } from '../inProcess.js';

const count = 30;
const x = Float64Array.from({ length: 2 * count }, (_, i) => Math.sin(3 * i) + 5);
const y = { shape: [count], data: Uint8Array.from({ length: count }, (_, i) => i % 2) };
const written = (name: string, values: Float64Array): string =>
  file(`standardize-${name}.npz`, writeNpz({ x: { shape: [count, 2], data: values }, y }));
const raw = written('raw', x);
const moved = written(
  'moved',
  x.map((value, i) => (value - [5, 4][i % 2]) / [0.5, 2][i % 2]),
);
const asked = { data: raw, standardize: '5,4:0.5,2' };

describe('--standardize', () => {
  it('makes the same examples as a file that holds them so', async () => {
    expect(examplesIdentity((await loadNamed(asked)).examples)).toBe(
      examplesIdentity((await loadNamed({ data: moved })).examples),
    );
    const [a, b] = [await loadSplit(asked, 4), await loadSplit({ data: moved }, 4)];
    expect([a.train, a.test].map(examplesIdentity)).toEqual([b.train, b.test].map(examplesIdentity));
    const bound = await loadBoundData(asked, 4, true, undefined);
    expect(examplesIdentity(bound.train)).toBe(
      examplesIdentity((await loadBoundData({ data: moved }, 4, true, undefined)).train),
    );
  });

  it('leaves nothing to say of the scale of what it moved', async () => {
    const wide = written(
      'wide',
      x.map((value) => 1000 * value),
    );
    expect((await loadNamed({ data: wide })).notes.join()).toMatch(/inputs are not scaled: .*\(--standardize\)/);
    expect((await loadNamed({ data: wide, standardize: '5000:1000' })).notes).toEqual([]);
  });

  it('moves test examples by the same numbers', async () => {
    const test = written(
      'test',
      x.map((value) => value + 0.125),
    );
    const own = await loadSplit({ ...asked, test }, 4);
    expect(own.test.inputs[0]).toBe((x[0] + 0.125 - 5) / 0.5);
  });

  it('knows the numbers that people use, for each channel', async () => {
    const data = `cifar100:${cifar100Folder('standardize')}:test`;
    const plain = (await loadNamed({ data, dtype: 'float64' })).examples;
    const { inputs } = (await loadNamed({ data, dtype: 'float64', standardize: 'cifar100' })).examples;
    expect(inputs[0]).toBe((plain.inputs[0] - 0.5071) / 0.2673);
    expect(inputs[3071]).toBe((plain.inputs[3071] - 0.4409) / 0.2762);
    const split = await loadSplit({ data: data.replace(':test', ''), standardize: 'imagenet' }, 0);
    expect(split.test.inputs[1024]).toBe(Math.fround((Math.fround(plain.inputs[1024]) - 0.456) / 0.224));
  });

  it('stands in the setting of a report', async () => {
    const options = { ...defaultsOf(analyzeOptions), ...asked, architecture: 'mlp:tanh:3', quick: true };
    const plan = await analysisPlan(options as never, 'hyperribbon analyze');
    expect(setting(plan).options).toMatchObject({ standardize: '5,4:0.5,2' });
    expect(setting(await analysisPlan({ ...options, standardize: undefined } as never, '')).options).not.toHaveProperty(
      'standardize',
    );
  });

  it.each<[string, RegExp]>([
    ['imagenets', /^--standardize: expected MEANS:DEVIATIONS, .*or one of imagenet, .*got "imagenets"/],
    ['0.5', /^--standardize: expected MEANS:DEVIATIONS/],
    ['0.5:', /^--standardize: expected MEANS:DEVIATIONS/],
    ['1:2:3', /^--standardize: expected MEANS:DEVIATIONS/],
    ['0:0', /^--standardize: deviations must be positive and finite, got 0/],
    ['0,1:1', /^--standardize: needs as many deviations as means, got 2 means and 1/],
    ['imagenet', /^--standardize: needs one mean for all inputs, or each of 2 features, got 3/],
  ])('%s is refused', async (standardize, message) => {
    await expect(loadNamed({ data: raw, standardize })).rejects.toThrow(message);
    await expect(loadNamed({ data: raw, standardize })).rejects.toMatchObject({ name: 'UsageError' });
  });

  it('is part of what a certificate is checked with', async () => {
    const folder = out('standardize-bound');
    const made = await inProcess([
      'bound',
      '--data',
      raw,
      '--standardize',
      asked.standardize,
      '--architecture',
      'mlp:tanh:3',
      '--quick',
      '--epochs',
      '1',
      '--start-epochs',
      '1',
      '--out',
      folder,
    ]);
    expect([made.code, made.stderr]).toEqual([0, expect.any(String)]);
    const verify = (...typed: string[]) =>
      inProcess([
        'verify',
        join(folder, 'certificate.json'),
        '--model',
        join(folder, 'posterior.npz'),
        '--data',
        raw,
        ...typed,
      ]);
    const [same, other] = [await verify('--standardize', asked.standardize), await verify()];
    expect(same.stdout).not.toBe(other.stdout);
    expect([same.code, other.code]).toEqual([0, 1]);
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')).setting.options.standardize).toBe(
      asked.standardize,
    );
  });
});

// where Debian's package dataset-fashion-mnist is installed
if (existsSync('/usr/share/datasets/fashion-mnist'))
  it('the numbers of Fashion-MNIST are those of its training images', async () => {
    const { inputs } = (await loadNamed({ data: 'fashion-mnist:train', standardize: 'fashion-mnist' })).examples;
    let [sum, squares] = [0, 0];
    for (const value of inputs) {
      sum += value;
      squares += value * value;
    }
    const mean = sum / inputs.length;
    expect(Math.abs(mean)).toBeLessThan(2e-4);
    expect(Math.abs(Math.sqrt(squares / inputs.length - mean * mean) - 1)).toBeLessThan(2e-4);
  });
