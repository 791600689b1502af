// Oracle: an option that is given is used, or refused by its name, whatever the data are.
import { examplesIdentity, writeNpy, writeNpz, type WritableArray } from '@hyperribbon/data';
import { describe, expect, it } from 'vitest';
import { loadNamed, type DataOptions } from '../../src/input/dataSource.js';
import { loadSplit } from '../../src/input/splitSource.js';
import { flagOf } from '../../src/options/option.js';
import { answerOptions, dataOptions } from '../../src/options/shared.js';
import {
  cifar100Folder,
  file,
  inputs as npyFile,
  labels as labelFile,
  x as sixInputs,
  y as sixLabels,
} from '../cases/files.js';

const count = 24;
const x: WritableArray = {
  shape: [count, 3],
  data: Float64Array.from({ length: 3 * count }, (_, i) => ((i * 37) % 41) / 8 - 2),
};
const y: WritableArray = {
  shape: [count],
  data: Uint8Array.from({ length: count }, (_, i) => ((i * i) % 3 > 0 ? 1 : 0)),
};
/** A table with the names 0, 1, 2, label and a hole in its sixth row. */
const holed = [
  '0,1,2,label',
  ...Array.from({ length: count }, (_, i) =>
    [i === 5 ? '' : x.data[3 * i], x.data[3 * i + 1], x.data[3 * i + 2], y.data[i]].join(),
  ),
].join('\n');

describe('every option beside a source', () => {
  const other = file(
    'other-labels.npy',
    writeNpy({ shape: [count], data: Uint8Array.from({ length: count }, (_, i) => i % 2) }),
  );
  const [own, images] = [file('own-labels.npy', writeNpy(y)), npyFile('rank2.npy', [count, 3], (i) => i / 100)];
  const cube = file(
    'cube.npy',
    writeNpy({ shape: [count, 3, 3, 3], data: Uint8Array.from({ length: 27 * count }, (_, i) => i) }),
  );
  const sources: readonly (readonly [string, DataOptions])[] = [
    ['nothing', {}],
    ['MNIST', { data: 'mnist:test:0:40' }],
    [
      'a csv file',
      {
        data: file('headed-source.csv', holed),
        header: 'true',
        missing: 'drop',
      },
    ],
    ['an npz file', { data: file('source.npz', writeNpz({ x, y })) }],
    ['an npy file', { data: images, labels: own }],
    ['images in an npy file', { data: cube, labels: own, layout: 'channels-first' }],
    ['--inputs', { inputs: sixInputs, labels: sixLabels }],
    ['CIFAR', { data: file('test_batch.bin', new Uint8Array(2 * 3073)) }],
    ['CIFAR-100 by its folder', { data: `cifar100:${cifar100Folder('beside-options')}` }],
    ['a part of it', { data: `cifar100:${cifar100Folder('beside-options')}:test:1:3` }],
  ];
  const others: Readonly<
    Record<Exclude<keyof (typeof dataOptions & typeof answerOptions), 'data' | 'inputs'>, readonly (string | true)[]>
  > = {
    labels: [other, labelFile('six-other.npy', [1, 1, 0, 0, 1, 0])],
    header: ['false'],
    labelColumn: ['1'],
    target: ['0'],
    answers: ['real'],
    tokens: [true],
    classes: ['a,b'],
    drop: ['0'],
    missing: ['refuse'],
    layout: ['channels-last', 'nhwc', 'nhw'],
    standardize: ['0.25:0.5'],
    task: ['binary', 'coarse'],
  };

  /** What came of a source, as text. */
  const outcome = (options: DataOptions): Promise<string> =>
    loadNamed(options).then(
      ({ examples, task, notes }) => [examplesIdentity(examples), task, ...notes].join('\n'),
      (error: Error) => error.message,
    );

  it('knows them all', () => {
    expect(['data', 'inputs', ...Object.keys(others)].sort()).toEqual(
      Object.keys({ ...dataOptions, ...answerOptions }).sort(),
    );
  });

  it.each(sources)('%s: is used, or refused by its name', async (_, source) => {
    const before = await outcome(source);
    for (const [name, values] of Object.entries(others)) {
      const outcomes = await Promise.all(values.map((value) => outcome({ ...source, [name]: value } as DataOptions)));
      for (const after of outcomes) {
        const refused = after.startsWith(`${flagOf(name)}: `);
        expect(refused || after !== before, `${name}: ${after}`).toBe(true);
      }
    }
  });

  it.each<[string, DataOptions, RegExp]>([
    [
      'labels beside an npz',
      { data: 'F.npz', labels: other },
      /^--labels: an npz file holds its labels itself, as y; .*is a file of the kind npz/,
    ],
    ['labels beside MNIST', { data: 'mnist', labels: other }, /^--labels: MNIST has labels of its own/],
    [
      'labels beside a part of MNIST',
      { data: 'mnist:test:0:9', labels: other },
      /^--labels: MNIST has labels of its own/,
    ],
    ['labels alone', { labels: other }, /^--labels: MNIST has labels of its own/],
    ['a task beside an npz', { data: 'F.npz', task: 'binary' }, /^--task: is of MNIST and CIFAR-100 alone/],
    [
      'a task beside --inputs',
      { inputs: images, labels: own, task: 'digits' },
      /^--task: is of MNIST and CIFAR-100 alone/,
    ],
    [
      'a layout beside rows',
      { data: images, labels: own, layout: 'channels-last' },
      /^--layout: nhwc \(channels-last\) is of images with four dimensions, these inputs have shape \[24, 3\]/,
    ],
  ])('%s is refused, for training too', async (_, options, message) => {
    const npz = sources[3][1].data!;
    const given = options.data === 'F.npz' ? { ...options, data: npz } : options;
    await expect(loadNamed(given)).rejects.toThrow(message);
    await expect(loadSplit(given, 0)).rejects.toThrow(message);
  });

  it('are not what a command settles itself: MNIST as a whole has rows that ribbon takes for independent', async () => {
    const { train, test } = await loadSplit({}, 0, { task: 'digits', rowsByDefault: 'independent' });
    expect([train.classes, train.features, test.count]).toEqual([10, 784, 10000]);
    await expect(loadSplit({}, 0, { rows: 'independent' })).rejects.toThrow(/--repeated-rows: is of files/);
  });
});
