// Oracle: one set of examples with targets in the files that people keep it in is one set; a linear network's curvature is XᵀX/n.
import { readFileSync } from 'node:fs';
import {
  examplesIdentity,
  parseNpz,
  type ShapedArray,
  targetExamplesFromArrays,
  writeNpy,
  writeNpz,
  type WritableArray,
} from '@hyperribbon/data';
import { isTargeted, type TargetExamples } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { loadAny, loadNamed, type DataOptions } from '../../src/input/dataSource.js';
import { guessingOf } from '../../src/input/guessing.js';
import { loadAnySplit, loadSplit } from '../../src/input/splitSource.js';
import { file, out } from '../cases/files.js';
import { inProcess } from '../inProcess.js';

const count = 24;
const x: WritableArray = {
  shape: [count, 2],
  data: Float64Array.from({ length: 2 * count }, (_, i) => ((i * 37) % 41) / 8 - 2),
};
const row = (i: number): number[] => [Number(x.data[2 * i]), Number(x.data[2 * i + 1])];
const price = (i: number): number => 1 + 2 * row(i)[0] - 0.5 * row(i)[1];
const y: WritableArray = { shape: [count], data: Float64Array.from({ length: count }, (_, i) => price(i)) };
const expected = examplesIdentity(targetExamplesFromArrays(x as ShapedArray, y as ShapedArray));
const table = (cells: (i: number) => readonly (number | string)[], head?: string): string =>
  [...(head === undefined ? [] : [head]), ...Array.from({ length: count }, (_, i) => cells(i).join())].join('\n');

const targeted = async (options: DataOptions): Promise<TargetExamples> => {
  const { examples } = await loadAny(options);
  if (!isTargeted(examples)) throw new Error('labels');
  return examples;
};

describe('the same targets', () => {
  it.each<[string, string, string | Uint8Array, DataOptions?]>([
    ['the last column, as they are no whole numbers', 'a.csv', table((i) => [...row(i), price(i)])],
    ['a column by name', 'b.csv', table((i) => [price(i), ...row(i)], 'price,a,b'), { target: 'price' }],
    ['a column by number', 'c.csv', table((i) => [row(i)[0], price(i), row(i)[1]], 'a,price,b'), { target: '2' }],
    ['the label column', 'd.csv', table((i) => [price(i), ...row(i)], 'price,a,b'), { labelColumn: 'price' }],
    ['y of an npz', 'a.npz', writeNpz({ x, y })],
    ['y of an npz, a column', 'b.npz', writeNpz({ X: x, target: { ...y, shape: [count, 1] } })],
    ['said to be real', 'c.npz', writeNpz({ x, y }), { answers: 'real' }],
    ['an npy file', 'a.npy', writeNpy(x), { labels: file('targets-y.npy', writeNpy(y)) }],
    ['a csv file of scikit-learn', 'e.csv', `${count},2,,\n${table((i) => [...row(i), price(i)], 'a,b,price')}`],
  ])('%s', async (_, name, content, options = {}) => {
    const found = await loadAny({ data: file(`targets-${name}`, content), ...options });
    expect(examplesIdentity(found.examples)).toBe(expected);
    expect([found.loss, found.task.startsWith('regression (')]).toEqual([{ kind: 'squared-error' }, true]);
  });

  it('in several columns, in the order in which they are named', async () => {
    const data = file(
      'targets-two.csv',
      table((i) => [price(i), ...row(i), i], 'price,a,b,rank'),
    );
    const { targets, outputs, features } = await targeted({ data, target: 'rank,price' });
    expect([outputs, features, ...targets.subarray(0, 4)]).toEqual([2, 2, 0, price(0), 1, price(1)]);
    expect((await loadAny({ data, target: 'rank,price' })).task).toBe('regression ("rank", "price")');
  });

  it('as whole numbers, where somebody says that they are to be predicted', async () => {
    const ages = { shape: [count], data: Int32Array.from({ length: count }, (_, i) => (3 * i) % 7) };
    const data = file('targets-ages.npz', writeNpz({ x, y: ages }));
    expect((await loadNamed({ data })).examples.classes).toBe(7);
    expect([...(await targeted({ data, answers: 'real' })).targets]).toEqual([...ages.data]);
    const ids = file(
      'targets-ids.csv',
      table((i) => [...row(i), 100 + i]),
    );
    await expect(loadAny({ data: ids })).rejects.toThrow(
      /ids or measurements.*; for numbers to predict say --answers real$/,
    );
    expect((await targeted({ data: ids, answers: 'real' })).targets[3]).toBe(103);
  });

  it('as probabilities of classes', async () => {
    const p = {
      shape: [count, 2],
      data: Float32Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? 0.25 : 0.75)),
    };
    const data = file('targets-p.npz', writeNpz({ x, y: p }));
    const found = await loadAny({ data });
    expect([found.loss.kind, found.task]).toEqual(['softmax-cross-entropy', 'probabilities of 2 classes']);
    expect(found.notes.join()).toMatch(/rows of 2 numbers that add up to 1: probabilities of classes/);
    expect((await loadAny({ data, answers: 'real' })).loss.kind).toBe('squared-error');
    const hot = { shape: [count, 2], data: p.data.map((_, i) => Number(i % 4 === 0 || i % 4 === 3)) };
    expect((await loadNamed({ data: file('targets-hot.npz', writeNpz({ x, y: hot })) })).examples.labels[1]).toBe(1);
  });

  it('are told where nobody said what they are', async () => {
    const data = file('targets-told.npz', writeNpz({ x, y }));
    expect((await loadAny({ data })).notes).toEqual([
      'labels are no numbers of classes: they are real targets, for the squared error',
    ]);
    expect((await loadAny({ data, answers: 'real' })).notes).toEqual([]);
    const large = { ...y, data: Float64Array.from(y.data as Float64Array, (value) => 1000 * value) };
    const notes = (await loadAny({ data: file('targets-large.npz', writeNpz({ x, y: large })), answers: 'real' }))
      .notes;
    expect(notes).toEqual([expect.stringMatching(/^targets are not scaled: they reach \d\.\d\de\+3; networks learn/)]);
  });
});

describe('targets are split', () => {
  const data = file('targets-split.npz', writeNpz({ x, y }));
  const test = file(
    'targets-test.csv',
    table((i) => [...row(i).map((value) => value + 0.01), price(i) / 2]),
  );

  it('with their inputs, a sixth for testing', async () => {
    const {
      train,
      test: held,
      loss,
    } = (await loadAnySplit({ data }, 3)) as { train: TargetExamples; test: TargetExamples; loss: object };
    expect([train.count, held.count, loss]).toEqual([20, 4, { kind: 'squared-error' }]);
    for (const { inputs, targets, count } of [train, held])
      for (let i = 0; i < count; i++) expect(targets[i]).toBe(1 + 2 * inputs[2 * i] - 0.5 * inputs[2 * i + 1]);
  });

  it('with test examples of their own, in a file or in the same', async () => {
    const { train, test: own } = await loadAnySplit({ data, test }, 3);
    expect([train.count, own.count, (own as TargetExamples).targets[0]]).toEqual([count, count, price(0) / 2]);
    const both = file(
      'targets-both.npz',
      writeNpz({
        x_train: x,
        y_train: y,
        x_test: { shape: [1, 2], data: Float64Array.of(9, 9) },
        y_test: { shape: [1], data: Int32Array.of(7) },
      }),
    );
    expect(((await loadAnySplit({ data: both }, 3)).test as TargetExamples).targets).toEqual(Float64Array.of(7));
    const wide = file(
      'targets-wide.csv',
      table((i) => [...row(i), 0.5, price(i)]),
    );
    await expect(loadAnySplit({ data, test: wide }, 3)).rejects.toThrow(/--test: .* has 3 features, but .* have 2/);
    await expect(loadAnySplit({ data, test: wide, target: '3,4' }, 3)).rejects.toThrow(/^--target: only csv files/);
  });

  it('not where every one is the same, and not for what is about classes', async () => {
    const flat = file(
      'targets-flat.npz',
      writeNpz({ x, y: { shape: [count], data: new Float64Array(count).fill(0.5) } }),
    );
    await expect(loadAnySplit({ data: flat }, 3)).rejects.toThrow(/^--data: every target is 0\.5/);
    await expect(loadSplit({ data }, 3)).rejects.toThrow(
      /labels must be integers, got .*; bin measurements into classes first/,
    );
    await expect(loadSplit({ data, answers: 'real' }, 3)).rejects.toThrow(
      /^--answers: is of train, spectrum and inputs/,
    );
    await expect(loadNamed({ data: test, target: '3' })).rejects.toThrow(/^--target: is of train, spectrum and inputs/);
  });

  it.each<[string, DataOptions, RegExp]>([
    ['two ways to name a column', { target: '3', labelColumn: '3' }, /^--target and --label-column: give one/],
    [
      'a column that there is not',
      { target: '4' },
      /^--target: .* none is called "4"; columns go by their numbers too, 1 to 3/,
    ],
    ['a column twice', { target: '3,3' }, /^--target: column 3 is named twice/],
    ['a column that is dropped', { target: '3', drop: '3' }, /^--drop: column 3 is a target/],
  ])('%s is refused', async (_, options, message) => {
    await expect(loadAny({ data: test, ...options })).rejects.toThrow(message);
  });
});

describe('guessing targets', () => {
  it('costs half the variance, or the entropy of the mean', () => {
    const of = (targets: number[], outputs: number): TargetExamples => ({
      inputs: new Float64Array(targets.length / outputs),
      count: targets.length / outputs,
      features: 1,
      targets: Float64Array.from(targets),
      outputs,
    });
    expect(guessingOf(of([1, 3], 1), { kind: 'squared-error' })).toEqual({ error: NaN, loss: 0.5 });
    expect(guessingOf(of([1, 10, 3, 10], 2), { kind: 'squared-error' }).loss).toBe(0.5);
    expect(guessingOf(of([1, 0, 0.5, 0.5], 2), { kind: 'softmax-cross-entropy' }).loss).toBeCloseTo(0.5623351446, 9);
    // tokens 5, 5, 7, and one that is left out
    const found = guessingOf(of([5, 5, 7, -100], 2), { kind: 'token-cross-entropy', positions: 2 });
    expect([found.error, found.loss]).toEqual([expect.closeTo(1 / 3, 12), expect.closeTo(0.6365141683, 9)]);
  });
});

describe('commands', () => {
  /** Columns that are orthogonal to each other and to 1, with squares of mean 1, 4 and 1. */
  const signs = Array.from({ length: 64 }, (_, i) => [i & 1 ? 1 : -1, i & 2 ? 2 : -2]);
  const exact = {
    x: { shape: [64, 2], data: Float64Array.from(signs.flat()) },
    y: { shape: [64], data: Float64Array.from(signs, ([a, b]) => 0.25 * a - 0.5 * b + 0.125) },
  };
  const linear = file('targets-linear.npz', writeNpz(exact));
  const weights = file(
    'targets-weights.npz',
    writeNpz({
      W1: { shape: [2, 1], data: Float64Array.of(0.25, -0.5) },
      b1: { shape: [1], data: Float64Array.of(0.125) },
    }),
  );

  it('spectrum of a linear network under squared error is that of [X 1]ᵀ[X 1]/n: 4, 1, 1', async () => {
    for (const operator of ['hessian', 'ggn']) {
      const record = out(`targets-${operator}.json`);
      const { code, stdout } = await inProcess([
        'spectrum',
        '--model',
        weights,
        '--architecture',
        'mlp:tanh',
        '--data',
        linear,
        '--answers',
        'real',
        '--full',
        '--dtype',
        'float64',
        '--operator',
        operator,
        '--json',
        record,
      ]);
      expect([code, stdout]).toEqual([0, expect.stringMatching(/loss 0\.000 \(guessing 0\.5313\)\n/)]);
      const { values, lossKind, guessing, error } = JSON.parse(readFileSync(record, 'utf8'));
      expect(values).toEqual([4, 1, 1].map((value) => expect.closeTo(value, 12)));
      expect([lossKind, guessing, error]).toEqual(['squared-error', { loss: 0.53125 }, undefined]);
    }
  });

  it('train fits a line, and says losses in place of errors', async () => {
    const to = out('targets-trained.npz');
    const { code, stderr } = await inProcess([
      'train',
      '--data',
      linear,
      '--repeated-rows',
      'independent',
      '--architecture',
      'mlp:tanh:2,1',
      '--epochs',
      '300',
      '--batch-size',
      '54',
      '--learning-rate',
      '0.05',
      '--dtype',
      'float64',
      '--deterministic',
      '--out',
      to,
    ]);
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/✔ training mlp:tanh:2,1 on .*loss \S+ on training, \S+ on test/),
    ]);
    const learnt = parseNpz(readFileSync(to));
    expect([...learnt.get('W1')!.data, ...learnt.get('b1')!.data].map(Number)).toEqual(
      [0.25, -0.5, 0.125].map((value) => expect.closeTo(value, 2)),
    );
  });

  it('refuse networks with other outputs, by name', async () => {
    const two = ['--architecture', 'lenet:6,16:120,84:3'];
    const train = await inProcess([
      'train',
      '--data',
      linear,
      '--repeated-rows',
      'independent',
      ...two,
      '--out',
      out('no.npz'),
    ]);
    expect([train.code, train.stderr]).toEqual([
      2,
      expect.stringMatching(
        /--architecture: .*takes 784 inputs and has 3 outputs; the data have 2 features and 1 target/,
      ),
    ]);
    const wide = file(
      'targets-wide.npz',
      writeNpz({ ...exact, y: { shape: [64, 2], data: new Float64Array(128).map((_, i) => i / 7) } }),
    );
    const spectrum = await inProcess(['spectrum', '--model', weights, '--architecture', 'mlp:tanh', '--data', wide]);
    expect([spectrum.code, spectrum.stderr]).toEqual([
      2,
      expect.stringMatching(/--data: the examples have 2 targets each, but mlp:tanh:2,1 has 1 outputs/),
    ]);
    const bound = await inProcess(['bound', '--data', linear, '--target', '1']);
    expect([bound.code, bound.stderr]).toEqual([2, expect.stringMatching(/unknown option '--target'/)]);
  });

  it('inputs asks nothing of targets', async () => {
    const { code, stdout } = await inProcess(['inputs', '--data', linear]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/trace 5\.0000000/)]);
  });
});
