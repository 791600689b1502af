// Oracle: one set of examples in the files that people keep it in is one set of examples.
import { gzipSync } from 'node:zlib';
import { examplesFromArrays, examplesIdentity, writeNpy, writeNpz, type WritableArray } from '@hyperribbon/data';
import { describe, expect, it } from 'vitest';
import { loadNamed, type DataOptions } from '../../src/input/dataSource.js';
import { loadSplit } from '../../src/input/splitSource.js';
import { readInput } from '../../src/input/readInput.js';
import { file } from '../cases/files.js';

const count = 24;
const numbers = Float64Array.from({ length: 3 * count }, (_, i) => ((i * 37) % 41) / 8 - 2);
const classes = Array.from({ length: count }, (_, i) => (i * i) % 3);
const x: WritableArray = { shape: [count, 3], data: numbers };
const y: WritableArray = {
  shape: [count],
  data: Uint8Array.from(classes, (c) => ((c === 1 ? 2 : c) % 3 === 2 ? 1 : 0)),
};
const label = (i: number): number => Number(y.data[i]);
const expected = examplesIdentity(examplesFromArrays(x, y));
const identity = async (options: DataOptions, classes?: number): Promise<string> =>
  examplesIdentity((await loadNamed(options, classes)).examples);

const cells = (i: number, spell: (value: number) => string = String): string[] =>
  [0, 1, 2].map((j) => spell(numbers[3 * i + j]));
const table = (rows: (i: number) => readonly string[], delimiter = ',', head?: string, n = count): string =>
  [...(head === undefined ? [] : [head]), ...Array.from({ length: n }, (_, i) => rows(i).join(delimiter))].join('\n');
const plain = (i: number): string[] => [...cells(i), String(label(i))];
const comma = (value: number): string => String(value).replace('.', ',');

describe('the same examples', () => {
  it.each<[string, string, string | Uint8Array, DataOptions?]>([
    ['csv', 'a.csv', table(plain)],
    ['CSV', 'a.CSV', table(plain)],
    ['csv.gz', 'a.csv.gz', gzipSync(table(plain))],
    ['tsv', 'a.tsv', table(plain, '\t', 'a\tb\tc\tlabel')],
    ['txt of blanks', 'a.txt', table(plain, '  ')],
    ['a file without an ending', 'table', table(plain, ' | ')],
    ['semicolons and decimal commas', 'b.csv', table((i) => [...cells(i, comma), String(label(i))], ';', 'a;b;c;d')],
    ['blanks after commas, blank lines at the end', 'c.csv', `${table(plain, ', ', 'a, b, c, label')}\n\n`],
    ['labels True and False', 'd.csv', table((i) => [...cells(i), label(i) ? 'True' : 'False'])],
    ['labels -1 and 1', 'e.csv', table((i) => [...cells(i), label(i) ? '1' : '-1'])],
    ['labels 1 and 2', 'f.csv', table((i) => [...cells(i), String(label(i) + 1)])],
    ['labels in words', 'g.csv', table((i) => [...cells(i), label(i) ? 'yes' : 'no'])],
    ['labels in words, first', 'h.csv', table((i) => [label(i) ? 'yes' : 'no', ...cells(i)]), { labelColumn: '1' }],
    [
      'one-hot labels',
      'i.csv',
      table((i) => [...cells(i), String(1 - label(i)), String(label(i))]),
      { labelColumn: '4,5' },
    ],
    ['the index of pandas', 'j.csv', table((i) => [String(i), ...plain(i)], ',', ',a,b,c,label')],
    ['the index of R', 'k.csv', table((i) => [`"${i + 1}"`, ...plain(i)], ',', '"","a","b","c","label"')],
    ['R, write.table', 'l.txt', table((i) => [`"${i + 1}"`, ...plain(i)], ' ', '"a" "b" "c" "label"')],
    ['ids that are dropped', 'm.csv', table((i) => [`p${i}`, ...plain(i)], ',', 'who,a,b,c,label'), { drop: 'who' }],
    ['columns dropped by number', 'n.csv', table((i) => [...cells(i), '7', String(label(i))]), { drop: '4' }],
    ['npz x, y', 'a.npz', writeNpz({ x, y })],
    ['npz X_train, y_train', 'b.npz', writeNpz({ X_train: x, y_train: y })],
    [
      'npz train_images, train_labels',
      'c.npz',
      writeNpz({ train_images: x, train_labels: { ...y, shape: [count, 1] } }),
    ],
    ['npz data, target', 'd.npz', writeNpz({ data: x, target: y })],
    ['npz trainX, trainY', 'e.npz', writeNpz({ trainX: x, trainY: y })],
    ['npz xtrain, ytrain', 'f.npz', writeNpz({ xtrain: x, ytrain: y })],
    ['npz arr_0, arr_1', 'g.npz', writeNpz({ arr_0: x, arr_1: y })],
    ['npz arr_1, arr_0', 'h.npz', writeNpz({ arr_0: y, arr_1: x })],
    ['npz x_test, y_test alone', 'i.npz', writeNpz({ x_test: x, y_test: y })],
    ['npz.gz', 'a.npz.gz', gzipSync(writeNpz({ x, y }))],
    ['npy', 'a.npy', writeNpy(x), { labels: file('y.npy.gz', gzipSync(writeNpy(y))) }],
    ['npy.gz', 'a.npy.gz', gzipSync(writeNpy(x)), { labels: file('own-y.npy', writeNpy(y)) }],
    [
      'npy with one-hot labels',
      'b.npy',
      writeNpy(x),
      {
        labels: file(
          'hot.npy',
          writeNpy({
            shape: [count, 2],
            data: Float32Array.from({ length: 2 * count }, (_, k) => Number(label(k >> 1) === k % 2)),
          }),
        ),
      },
    ],
  ])('%s', async (_, name, content, options = {}) => {
    expect(await identity({ data: file(`same-${name}`, content), ...options })).toBe(expected);
  });

  it('idx and idx.gz, CIFAR and an npz of its images in either layout', async () => {
    const idx = Uint8Array.of(
      0,
      0,
      8,
      3,
      0,
      0,
      0,
      12,
      0,
      0,
      0,
      2,
      0,
      0,
      0,
      3,
      ...Array.from({ length: 72 }, (_, i) => i),
    );
    const marks = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 12, ...Array.from({ length: 12 }, (_, i) => i % 2));
    const [images, imagesGz] = [file('i-idx3-ubyte', idx), file('i-idx3-ubyte.gz', gzipSync(idx))];
    const labels = file('l-idx1-ubyte', marks);
    expect(await identity({ data: imagesGz, labels: file('l.gz', gzipSync(marks)) })).toBe(
      await identity({ data: images, labels }),
    );
    expect((await loadNamed({ data: images, labels })).examples.inputs[71]).toBe(Math.fround(71 / 255));

    const batch = Uint8Array.from({ length: 12 * 3073 }, (_, i) => (i % 3073 === 0 ? (i / 3073) % 5 : (i * 7) % 253));
    const pixels = (of: (i: number, p: number, c: number) => number): Uint8Array => {
      const out = new Uint8Array(12 * 3072);
      for (let i = 0; i < 12; i++)
        for (let c = 0; c < 3; c++)
          for (let p = 0; p < 1024; p++) out[of(i, p, c)] = batch[i * 3073 + 1 + c * 1024 + p];
      return out;
    };
    const own = { shape: [12], data: Uint8Array.from({ length: 12 }, (_, i) => i % 5) };
    const last = { shape: [12, 32, 32, 3], data: pixels((i, p, c) => i * 3072 + p * 3 + c) };
    const first = { shape: [12, 3, 32, 32], data: pixels((i, p, c) => i * 3072 + c * 1024 + p) };
    const whole = await identity({ data: file('data_batch_1.bin', batch) });
    const turned = await loadNamed({ data: file('last.npz', writeNpz({ x: last, y: own })) });
    expect(examplesIdentity(turned.examples)).toBe(whole);
    expect(turned.notes.join()).toMatch(/shape \(32, 32, 3\) are ordered channel, row, column/);
    const straight = await loadNamed({ data: file('first.npz', writeNpz({ x: first, y: own })) });
    expect(examplesIdentity(straight.examples)).toBe(whole);
    expect(straight.notes).toEqual(['images of shape (3, 32, 32) are taken for 3 channels of 32 × 32 (--layout nchw)']);
    expect([turned.examples.shape, straight.examples.shape]).toEqual([
      [3, 32, 32],
      [3, 32, 32],
    ]);
  });
});

describe('what was made of a file is said', () => {
  const notes = async (name: string, content: string | Uint8Array, options: DataOptions = {}): Promise<string> =>
    (await loadNamed({ data: file(`said-${name}`, content), ...options })).notes.join('\n');

  it.each<[string, string, string | Uint8Array, RegExp | '', DataOptions?]>([
    ['nothing', 'a.csv', table(plain), ''],
    ['codes', 'b.csv', table((i) => [...cells(i), String(2 * label(i) + 2)]), /^labels 2, 4 are classes 0, 1$/],
    ['words', 'c.csv', table((i) => [...cells(i), label(i) ? 'yes' : 'no']), /^labels no, yes are classes 0, 1$/],
    [
      'a class without examples',
      'd.csv',
      table((i) => [...cells(i), String(2 * label(i))]),
      /^3 classes, none of class 1$/,
    ],
    [
      'an index',
      'e.csv',
      table((i) => [String(i), ...plain(i)], ',', ',a,b,c,label'),
      /^column 1 counts the rows or is empty; it is left out$/,
    ],
    [
      'a named index',
      'f.csv',
      table((i) => [String(i), ...plain(i)], ',', 'id,a,b,c,label'),
      /^"id" counts the rows: if it is no feature, say --drop id$/,
    ],
    [
      'rows dropped',
      'g.csv',
      table((i) => (i % 8 === 0 ? ['NA', '1', '2', '1'] : plain(i))),
      /^3 of 24 rows have missing values; they are left out$/,
      { missing: 'drop' },
    ],
    [
      'a large column',
      'h.csv',
      table((i) => [...cells(i), String(1e4 + i), String(label(i))], ',', 'a,b,c,income,label'),
      /not scaled: "income" reaches 1\.00e\+4; networks learn badly/,
    ],
    [
      'pixels as numbers',
      'i.csv',
      table((i) => [String((i * 11) % 256), '255', '0', String(label(i))]),
      /whole numbers up to 255. Pixels\? Save them as uint8/,
    ],
    ['names', 'j.npz', writeNpz({ data: x, target: y }), /^inputs are data, labels target$/],
    [
      'what is left aside',
      'k.npz',
      writeNpz({ x, y, history: x, epoch: { shape: [], data: Int32Array.of(3) } }),
      /^left aside in .*said-k\.npz: history, epoch$/,
    ],
    [
      'test examples',
      'l.npz',
      writeNpz({ x_train: x, y_train: y, x_test: x, y_test: y }),
      /^inputs are x_train, labels y_train, test examples x_test and y_test$/,
    ],
  ])('%s', async (_, name, content, said, options) => {
    if (said === '') expect(await notes(name, content, options)).toBe('');
    else expect(await notes(name, content, options)).toMatch(said);
  });
});

describe('test examples of a file', () => {
  const test = {
    x_test: { shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) },
    y_test: { shape: [2], data: Uint8Array.of(8, 4) },
  };
  const coded = { shape: [count], data: Uint8Array.from({ length: count }, (_, i) => 4 + 4 * label(i)) };

  it('are the test set: none is held out, and labels are coded as those of the others', async () => {
    const data = file('with-test.npz', writeNpz({ x_train: x, y_train: coded, ...test }));
    const { train, test: own, origin } = await loadSplit({ data }, 3);
    expect([train.count, own.count, own.classes]).toEqual([count, 2, 2]);
    expect([...own.inputs, ...own.labels]).toEqual([1, 2, 3, 4, 5, 6, 1, 0]);
    expect([...train.inputs].sort((a, b) => a - b)).toEqual([...numbers].sort((a, b) => a - b));
    expect(origin.indices).toMatchObject({ kind: 'permutation', seed: 3, of: count, from: 0, to: count });
    const alone = await loadSplit({ data: file('without-test.npz', writeNpz({ x, y: coded })) }, 3);
    expect([alone.train.count, alone.test.count]).toEqual([count - 4, 4]);
  });

  it('in a file of their own are coded as those that are trained on, though they miss a class', async () => {
    const other = (value: number): string => String(value + 0.01);
    const data = file(
      'coded-train.csv',
      table((i) => [...cells(i), ['low', 'mid', 'top'][i % 3]]),
    );
    const few = file(
      'coded-test.csv',
      table((i) => [...cells(i, other), ['top', 'mid'][i % 2]]),
    );
    expect([...(await loadSplit({ data, test: few }, 0)).test.labels].slice(0, 4)).toEqual([2, 1, 2, 1]);
    const from1 = file(
      'from1-train.csv',
      table((i) => [...cells(i), String(1 + (i % 3))]),
    );
    const from1Test = file(
      'from1-test.csv',
      table((i) => [...cells(i, other), String(2 + (i % 2))]),
    );
    expect([...(await loadSplit({ data: from1, test: from1Test }, 0)).test.labels].slice(0, 4)).toEqual([1, 2, 1, 2]);
    const strange = file(
      'strange-test.csv',
      table((i) => [...cells(i, other), ['top', 'new'][i % 2]]),
    );
    await expect(loadSplit({ data, test: strange }, 0)).rejects.toThrow(
      /label "new" is none of the classes "low", "mid", "top"/,
    );
    const both = file('both.npz', writeNpz({ x_train: x, y_train: coded, ...test }));
    await expect(loadSplit({ data: both, test: both }, 0)).rejects.toThrow(
      /^--test: .*both\.npz has test examples of its own/,
    );
  });

  it('of other features or classes are refused', async () => {
    for (const [name, odd, message] of [
      ['wide', { x_test: { shape: [2, 2], data: new Float64Array(4) } }, /test examples have 2 features, the others 3/],
      ['strange', { y_test: { shape: [2], data: Uint8Array.of(5, 4) } }, /label 5 is none of the classes 4, 8/],
    ] as const)
      await expect(
        loadSplit({ data: file(`${name}.npz`, writeNpz({ x_train: x, y_train: coded, ...test, ...odd })) }, 0),
      ).rejects.toThrow(message);
  });
});

describe('what cannot be read says what to do', () => {
  const ids = table((i) => [...cells(i), String(100 + i)]);
  it.each<[string, string, string | Uint8Array, RegExp, DataOptions?]>([
    [
      'missing values',
      'a.csv',
      table((i) => (i === 3 ? ['1', '', '2', '1'] : plain(i)), ',', 'a,b,c,d'),
      /--missing: .*1 missing value, the first in line 5, "b"; say --missing drop/,
    ],
    [
      'text among the features',
      'b.csv',
      table((i) => ['Paris', ...plain(i)], ',', 'city,a,b,c,label'),
      /line 2, "city" holds text \("Paris"\).*say --drop city, --label-column city/,
    ],
    [
      'text first, without names',
      'c.csv',
      table((i) => ['M', ...plain(i)]),
      /line 1, column 1 holds text \("M"\).*say --drop 1, --label-column 1/,
    ],
    ['ids as labels', 'd.csv', ids, /24 different labels among 24 examples are ids or measurements/],
    [
      'measurements as labels',
      'e.csv',
      table((i) => [String(label(i)), ...cells(i)]),
      /labels must be integers, got .*bin measurements/,
    ],
    [
      'one-hot labels at the end',
      'f.csv',
      table((i) => [...cells(i), String(1 - label(i)), String(label(i))], ',', 'a,b,c,no,yes'),
      /--label-column: the last 2 columns .*say --label-column no,yes/,
    ],
    [
      'infinite numbers',
      'g.csv',
      table((i) => (i === 2 ? ['inf', '1', '2', '1'] : plain(i))),
      /line 3, column 1 is Infinity; inputs must be finite/,
    ],
    [
      'a pickle',
      'data_batch_1',
      Uint8Array.of(0x80, 2, 0x7d, 0x71),
      /a Python pickle, which is never loaded; take the binary version/,
    ],
    ['HDF5', 'a.h5', Uint8Array.of(0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10), /an HDF5 file .*numpy\.savez/],
    ['Excel', 'a.xlsx', writeNpz({ x }), /an Excel workbook; save it as csv/],
    ['Parquet', 'a.parquet', new TextEncoder().encode('PAR1xxxx'), /a Parquet file; save it as csv/],
    ['an image', 'a.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10), /an image; save all images as one array/],
    ['noise', 'a.bin', Uint8Array.of(200, 1, 2, 3), /of no format that is read here: csv, tsv, npy/],
    ['gzip that is damaged', 'b.csv.gz', gzipSync(table(plain)).subarray(0, 60), /compressed and damaged/],
    ['an empty file', 'h.csv', '', /csv: the file is empty/],
    ['no labels in an npz', 'a.npz', writeNpz({ x }), /must hold an array x or X.*it has x$/],
    ['two arrays of inputs', 'b.npz', writeNpz({ x, images: x, y }), /holds x and images; keep one array of inputs/],
    ['whole and parts', 'c.npz', writeNpz({ x, y, x_train: x, y_train: y }), /holds x and x_train; keep one/],
    [
      'a sparse matrix',
      'd.npz',
      writeNpz({ indices: y, indptr: y, shape: y, data: y }),
      /sparse matrix of SciPy; save it with/,
    ],
  ])('%s', async (_, name, content, message, options = {}) => {
    await expect(loadNamed({ data: file(`bad-${name}`, content), ...options })).rejects.toThrow(message);
    await expect(loadNamed({ data: file(`bad-${name}`, content), ...options })).rejects.toMatchObject({
      name: 'UsageError',
    });
    await expect(loadNamed({ data: file(`bad-${name}`, content), ...options })).rejects.not.toThrow(
      /^(parse|class|examples|open|channels)\w*:|: (parse|class|examples|channels)[A-Z]\w+:/,
    );
  });

  it('images of a doubtful layout, until one says which', async () => {
    const data = file(
      'doubt.npz',
      writeNpz({
        x: { shape: [2, 3, 3, 3], data: Uint8Array.from({ length: 54 }, (_, i) => i) },
        y: { shape: [2], data: Uint8Array.of(0, 1) },
      }),
    );
    await expect(loadNamed({ data })).rejects.toThrow(
      /^--layout: images of shape \[2, 3, 3, 3\] may have their channels first or last; say nchw or nhwc/,
    );
    const [first, last] = [await identity({ data, layout: 'nchw' }), await identity({ data, layout: 'nhwc' })];
    expect(first).not.toBe(last);
    expect(await identity({ data, layout: 'channels-first' })).toBe(first);
    expect(await identity({ data, layout: 'channels-last' })).toBe(last);
    await expect(loadNamed({ data, layout: 'nhw' })).rejects.toThrow(
      /^--layout: nhw is of images with three dimensions/,
    );
  });

  it('grey images of three dimensions are told and said', async () => {
    const pixels = Uint8Array.from({ length: 24 }, (_, i) => 10 * i);
    const y2 = { shape: [2], data: Uint8Array.of(0, 1) };
    const data = file('grey.npz', writeNpz({ x: { shape: [2, 3, 4], data: pixels }, y: y2 }));
    const told = await loadNamed({ data });
    expect(told.notes).toEqual(['images of shape (3, 4) are taken for grey ones, of one channel (--layout nhw)']);
    const said = await loadNamed({ data, layout: 'nhw' });
    expect(said.notes).toEqual([]);
    expect(said.examples).toEqual(told.examples);
    expect([told.examples.shape, told.examples.inputs[23]]).toEqual([[1, 3, 4], Math.fround(230 / 255)]);
    const reals = file('sequences.npz', writeNpz({ x: { shape: [2, 3, 4], data: Float32Array.from(pixels) }, y: y2 }));
    expect((await loadNamed({ data: reals })).examples.shape).toEqual([3, 4]);
    expect((await loadNamed({ data: reals, layout: 'nhw' })).examples.shape).toEqual([1, 3, 4]);
    await expect(loadNamed({ data, layout: 'nhwc' })).rejects.toThrow(
      /^--layout: nhwc \(channels-last\) is of images with four/,
    );
  });
});

it('pixels are scaled in the type that is asked for, as is MNIST', async () => {
  const bytes = file(
    'bytes.npz',
    writeNpz({ x: { shape: [2, 2], data: Uint8Array.of(1, 2, 3, 254) }, y: { shape: [2], data: Uint8Array.of(0, 1) } }),
  );
  const wide = (await loadNamed({ data: bytes, dtype: 'float64' })).examples.inputs;
  expect([...wide]).toEqual([1 / 255, 2 / 255, 3 / 255, 254 / 255]);
  expect([...(await loadNamed({ data: bytes })).examples.inputs]).toEqual([...wide].map(Math.fround));
  const digits = (await loadNamed({ data: 'mnist:test:0:3', dtype: 'float64' })).examples.inputs;
  expect([...digits].every((value) => value * 255 === Math.round(value * 255))).toBe(true);
  expect(digits.BYTES_PER_ELEMENT).toBe(8);
});

it('files are read in pieces to their end', async () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
  for (const piece of [1000, 999, 64, 1])
    expect(await readInput(file('pieces.bin', bytes), '--data', piece)).toEqual(bytes);
  expect(await readInput(file('nothing.bin', ''), '--data')).toEqual(new Uint8Array(0));
});
