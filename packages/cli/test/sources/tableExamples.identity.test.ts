// Oracle: one table with its columns in other places holds the same examples.
import { type DataSet, examplesIdentity } from '@hyperribbon/data';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadNamed, type DataOptions } from '../../src/input/dataSource.js';
import { loadSplit } from '../../src/input/splitSource.js';
import { tableExamples } from '../../src/input/files/tableExamples.js';
import { file, inputs, labels } from '../cases/files.js';

const read = (text: string, options: DataOptions = {}): string =>
  examplesIdentity(tableExamples('t.csv', new TextEncoder().encode(text), options).examples);
const plain = read('0.5,1.5,0\n2.5,3.5,1\n4.5,5.5,1\n');

describe('a csv file', () => {
  it.each<[string, string, DataOptions]>([
    ['labels last, named', 'a,b,label\n0.5,1.5,0\n2.5,3.5,1\n4.5,5.5,1\n', {}],
    ['labels last, called anything', 'a,b,z\n0.5,1.5,0\n2.5,3.5,1\n4.5,5.5,1\n', {}],
    ['coordinates x and y before their label', 'x,y,label\n0.5,1.5,0\n2.5,3.5,1\n4.5,5.5,1\n', {}],
    ['labels first', 'label,a,b\n0,0.5,1.5\n1,2.5,3.5\n1,4.5,5.5\n', { labelColumn: 'label' }],
    ['labels in the middle', 'a,q,b\n0.5,0,1.5\n2.5,1,3.5\n4.5,1,5.5\n', { labelColumn: 'q' }],
    ['names that are numbers', '0,1,2\n0.5,1.5,0\n2.5,3.5,1\n4.5,5.5,1\n', { header: 'true' }],
    [
      'names that are numbers, one of them the label',
      '0,1,2\n0,0.5,1.5\n1,2.5,3.5\n1,4.5,5.5\n',
      { header: 'true', labelColumn: '0' },
    ],
    ['a label column by its number, with names', 'label,a,b\n0,0.5,1.5\n1,2.5,3.5\n1,4.5,5.5\n', { labelColumn: '1' }],
    [
      'a label column whose name is a number',
      '3,2,1\n0,0.5,1.5\n1,2.5,3.5\n1,4.5,5.5\n',
      { header: 'true', labelColumn: '3' },
    ],
    [
      'a column dropped by its number, with names',
      'id,a,b,label\n7,0.5,1.5,0\n5,2.5,3.5,1\n2,4.5,5.5,1\n',
      { drop: '1' },
    ],
    ['counts and names of classes before it', '3,2,no,yes\n0.5,1.5,0\n2.5,3.5,1\n4.5,5.5,1\n', {}],
    ['names of which some are numbers', '0,1,label\n0.5,1.5,0\n2.5,3.5,1\n4.5,5.5,1\n', { header: 'true' }],
  ])('%s', (_, text, options) => {
    expect(read(text, options)).toBe(plain);
  });

  it('whose first line counts its columns is data where one says so', () => {
    expect(read('0,1,2\n3,4,0\n', { header: 'false' })).toBe(read('0.0,1.0,2\n3,4,0\n', { header: 'false' }));
    expect(() => read('0,1,2\n3,4,0\n')).toThrow(/line 1 counts 0 to 2/);
  });
});

describe('tables of scikit-learn', () => {
  const read = (text: string, options: DataOptions = {}) => {
    const found = tableExamples('t.csv', new TextEncoder().encode(text), options);
    return { ...found, examples: found.examples as DataSet };
  };
  const rows = '1,2,3,0\n1,2,4,1\n5,6,7,2\n2,2,2,0\n';

  it('name their classes, which their numbers stand for', () => {
    const { task, examples, classNames } = read(`4,3,a,b,c\n${rows}`);
    expect([task, examples.classes, classNames]).toEqual(['3 classes (a, b, c)', 3, undefined]);
    // a class without examples is one all the same
    expect(read(`4,3,a,b,c,d\n${rows}`).examples.classes).toBe(4);
  });

  it('lend these names to no other column', () => {
    const { task, examples } = read(`4,3,a,b,c\n${rows}`, { labelColumn: '1' });
    expect([task, examples.classes]).toEqual(['3 classes (1, 2, 5)', 3]);
  });

  const installed = '/usr/lib/python3/dist-packages/sklearn/datasets/data';
  // where Debian's package python3-sklearn is installed
  if (existsSync(installed))
    it.each<[string, number, number, string]>([
      ['iris.csv', 150, 4, '3 classes (setosa, versicolor, virginica)'],
      ['wine_data.csv', 178, 13, '3 classes (class_0, class_1, class_2)'],
      ['breast_cancer.csv', 569, 30, '2 classes (malignant, benign)'],
      ['digits.csv.gz', 1797, 64, '10 classes'],
    ])('%s of Debian', async (name, count, features, task) => {
      const found = await loadNamed({ data: `${installed}/${name}` });
      expect([found.examples.count, found.examples.features, found.task]).toEqual([count, features, task]);
    });
});

describe('labels', () => {
  const x = inputs('twelve.npy', [12, 2], (i) => i / 5);
  const load = (name: string, values: readonly number[]) => ({ inputs: x, labels: labels(name, values) });

  it('that leave classes out say which', async () => {
    const taskOf = async (name: string, values: readonly number[]) => (await loadNamed(load(name, values))).task;
    expect(
      await taskOf(
        'all.npy',
        Array.from({ length: 12 }, (_, i) => i % 3),
      ),
    ).toBe('3 classes');
    expect(
      await taskOf(
        'from1.npy',
        Array.from({ length: 12 }, (_, i) => 1 + (i % 3)),
      ),
    ).toBe('3 classes (1, 2, 3)');
    expect(
      await taskOf(
        'gap.npy',
        Array.from({ length: 12 }, (_, i) => 2 * (i % 2)),
      ),
    ).toBe('3 classes, none of class 1');
    const few = await taskOf(
      'few.npy',
      Array.from({ length: 12 }, (_, i) => 9 * (i % 2)),
    );
    expect(few).toBe('2 classes (0, 9)');
  });

  it.each([0, 1, 7])('that are all %d are refused where something is trained', async (label) => {
    const constant = load(
      `constant${label}.npy`,
      Array.from({ length: 12 }, () => label),
    );
    await expect(loadSplit(constant, 1)).rejects.toThrow(
      `--data: every label is ${label}: there is nothing to tell apart`,
    );
    const table = file(
      `constant${label}.csv`,
      Array.from({ length: 12 }, (_, i) => `${i % 2},${i},${label}\n`).join(''),
    );
    await expect(loadSplit({ data: table }, 1)).rejects.toThrow(/every label is/);
  });
});
