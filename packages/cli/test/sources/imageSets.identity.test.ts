// Oracle: a set of images by its folder is what the package of data reads there; a part of it is rows of that.
import { existsSync } from 'node:fs';
import { cifar100, examplesIdentity, fashionMnist, type ImageSplits } from '@hyperribbon/data';
import { describe, expect, it } from 'vitest';
import { loadBoundData } from '../../src/bound/boundData.js';
import { loadNamed } from '../../src/input/dataSource.js';
import { imageSet } from '../../src/input/imageSets.js';
import { loadSplit } from '../../src/input/splitSource.js';
import { join, rows } from '../../src/input/splits.js';
import { cifar100Folder, folder, good } from '../cases/files.js';
import { inProcess } from '../inProcess.js';

const directory = cifar100Folder('cifar-100-binary');
const source = `cifar100:${directory}`;
const whole = ({ train, prior }: ImageSplits) => join(train, prior);

describe('a set of images', () => {
  it('is found by its name, its folder and its part', () => {
    expect(imageSet('mnist')).toEqual({ name: 'mnist' });
    expect(imageSet('fashion-mnist:test')).toEqual({ name: 'fashion-mnist', part: { which: 'test', from: '0' } });
    expect(imageSet(`${source}:train:2:9`)).toEqual({
      name: 'cifar100',
      directory,
      part: { which: 'train', from: '2', to: '9' },
    });
    for (const file of ['points.csv', 'mnist.npz', 'cifar10.bin', 'C:\\data\\mnist', 'toString', ''])
      expect(imageSet(file)).toBeUndefined();
  });

  it('comes in its own parts', async () => {
    const splits = await cifar100({ directory });
    const { train, test, beside, testKind, dataset, task, origin } = await loadSplit({ data: source }, 5);
    expect([train, beside.examples, test].map(examplesIdentity)).toEqual(
      [splits.train, splits.prior, splits.test].map(examplesIdentity),
    );
    expect([testKind, dataset, task, train.shape]).toEqual([
      'own',
      'CIFAR-100',
      '100 classes (fine labels)',
      [3, 32, 32],
    ]);
    expect(origin).toEqual({
      dataset: examplesIdentity(whole(splits)),
      indices: { kind: 'ranges', ranges: [[0, 27]] },
    });
    const bound = await loadBoundData({ data: source }, 5, false, undefined);
    expect(examplesIdentity(bound.train)).toBe(examplesIdentity(splits.train));
    expect([bound.heldOut?.from, bound.heldOut?.examples.count, bound.test.count]).toEqual([27, 3, 5]);
  });

  it('is asked for either of its labels, and for what a network tells apart', async () => {
    const splits = await cifar100({ directory, labels: 'coarse' });
    const coarse = await loadSplit({ data: source, task: 'coarse' }, 5);
    expect(examplesIdentity(coarse.train)).toBe(examplesIdentity(splits.train));
    expect(coarse.task).toBe('20 classes (coarse labels)');
    const part = rows(whole(splits), 3, 8);
    for (const found of [
      await loadNamed({ data: `${source}:train:3:8`, task: 'coarse' }),
      await loadNamed({ data: `${source}:train:3:8` }, 20),
    ])
      expect(examplesIdentity(found.examples)).toBe(examplesIdentity(part));
    expect((await loadNamed({ data: `${source}:test` }, 100)).examples.classes).toBe(100);
  });

  it('is scaled in the type that is asked for', async () => {
    const { inputs } = (await loadNamed({ data: `${source}:test`, dtype: 'float64' })).examples;
    expect([...inputs.subarray(0, 3)]).toEqual([30 * 31, 30 * 31 + 7, 30 * 31 + 14].map((byte) => (byte % 256) / 255));
  });

  it.each<[string, string, RegExp]>([
    ['without a folder', 'cifar10', /^--data: expected cifar10:FOLDER, cifar10:FOLDER:train:FROM:TO .*got "cifar10"$/],
    ['without a folder, in part', 'cifar100:test:0:9', /^--data: expected cifar100:FOLDER/],
    ['in a folder that there is not', 'cifar10:/nowhere', /got "cifar10:\/nowhere": there is no folder "\/nowhere"$/],
    ['in a file', `fashion-mnist:${good}`, /there is no folder ".*good\.npz"$/],
    [
      'in a folder of something else',
      `cifar10:${directory}`,
      /^--data: cannot read .*data_batch_1\.bin or its \.gz; the folder must hold/,
    ],
    [
      'in another folder of something else',
      `mnist:${folder}`,
      /^--data: cannot read .*the folder must hold the four idx files/,
    ],
    [
      'of a part that there is not',
      'mnist:valid',
      /^--data: expected mnist, mnist:train:FROM:TO .*or a folder as mnist:FOLDER, got "mnist:valid": there/,
    ],
    ['of too many parts', `${source}:train:0:3:4`, /^--data: expected cifar100:FOLDER/],
    ['beyond its end', `${source}:test:0:6`, /FROM < TO ≤ 5 \(test images\)/],
    ['from no number', `${source}:test:a:5`, /FROM and TO must be whole numbers/],
  ])('%s is refused', async (_, data, message) => {
    await expect(loadNamed({ data })).rejects.toThrow(message);
    await expect(loadSplit({ data }, 0)).rejects.toMatchObject({ name: 'UsageError' });
  });

  it.each<[string, object, RegExp]>([
    [
      'a task of another',
      { data: source, task: 'digits' },
      /^--task: CIFAR-100 is asked for fine or coarse, got "digits"/,
    ],
    [
      'a task of another, of a part',
      { data: 'mnist:test:0:9', task: 'fine' },
      /^--task: MNIST is asked for digits or binary/,
    ],
    [
      'a task',
      { data: 'fashion-mnist', task: 'binary' },
      /^--task: is of MNIST and CIFAR-100 alone; fashion-mnist is a set of images/,
    ],
    ['repeated rows', { data: source, rows: 'independent' }, /^--repeated-rows: is of files/],
    ['a test set', { data: source, test: good }, /^--test: CIFAR-100 has test images of its own/],
    ['a layout', { data: source, layout: 'channels-last' }, /^--layout: is of images in npy, npz and idx files/],
  ])('with %s is refused', async (_, { rows, ...options }: { rows?: 'independent' }, message) => {
    await expect(loadSplit(options, 0, rows === undefined ? {} : { rows })).rejects.toThrow(message);
    await expect(
      loadBoundData({ ...options, ...(rows === undefined ? {} : { repeatedRows: rows }) }, 0, false, undefined),
    ).rejects.toThrow(message);
  });

  it('goes to every command', async () => {
    const part = `${source}:train:0:24`;
    const { code, stdout } = await inProcess(['inputs', '--data', part]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/numerical rank/)]);
  });
});

// where Debian's package dataset-fashion-mnist is installed
if (existsSync('/usr/share/datasets/fashion-mnist'))
  describe('Fashion-MNIST of Debian', () => {
    it('is found by its name alone', async () => {
      const { dataset, train, test, task, beside } = await loadSplit({ data: 'fashion-mnist' }, 0);
      expect([dataset, train.count, beside.examples.count, test.count]).toEqual([
        'Fashion-MNIST',
        55_000,
        5_000,
        10_000,
      ]);
      expect(task).toBe('10 classes (T-shirt/top, Trouser, Pullover, … Ankle boot)');
      const part = await loadNamed({ data: 'fashion-mnist:/usr/share/datasets/fashion-mnist:train:54998:55003' });
      const { train: all, prior } = await fashionMnist();
      expect(examplesIdentity(part.examples)).toBe(examplesIdentity(rows(join(all, prior), 54_998, 55_003)));
    });
  });
