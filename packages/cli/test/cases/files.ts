import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeNpy, writeNpz } from '@hyperribbon/data';
import { scratchFolder } from '../runCli.js';

/** One call of the command line and what must come of it. */
export interface CommandCase {
  readonly name: string;
  readonly args: readonly string[];
  /** default 2: a mistake that is refused before any work */
  readonly code?: number;
  /** default: anything; what is refused says so here */
  readonly stderr?: RegExp;
  readonly stdout?: RegExp;
  /** files that must be there afterwards; those of a refusal must not */
  readonly writes?: readonly string[];
  /** a file of JSON with the check of what is in it */
  readonly record?: readonly [file: string, check: (record: never) => boolean];
}

export const folder = scratchFolder();

export function file(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Rows of three features and a label that alternates. */
export function table(value: (i: number, j: number) => string | number, count = 60): string {
  const row = (i: number): string => [...[0, 1, 2].map((j) => value(i, j)), i % 2].join(',');
  return Array.from({ length: count }, (_, i) => row(i)).join('\n');
}

/** 60 points in three dimensions, which a line nearly divides. */
export const points = file(
  'points.csv',
  table((i, j) => ((((i * 7 + j * 3) % 61) / 60 + (i % 2) * (j + 1)) / 2).toFixed(3)),
);

/** The points with a first line. */
function csv(name: string, firstLine: string): string {
  return file(name, `${firstLine}\n${readFileSync(points, 'utf8')}`);
}

/** A folder of CIFAR-100: 30 training and 5 test images in 20 superclasses, image i of class (7 i) mod 100. */
export function cifar100Folder(name: string): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  const batch = (first: number, count: number): Uint8Array =>
    Uint8Array.from({ length: 3074 * count }, (_, at) => {
      const [i, byte] = [first + Math.floor(at / 3074), at % 3074];
      return byte === 0 ? i % 20 : byte === 1 ? (7 * i) % 100 : (31 * i + 7 * (byte - 2)) % 256;
    });
  writeFileSync(join(path, 'train.bin'), batch(0, 30));
  writeFileSync(join(path, 'test.bin'), batch(30, 5));
  return path;
}

type Arrays = Map<string, { shape: number[]; data: Float32Array }>;

/** Weights of a network 4-3-2, changed. */
export function weights(name: string, change: (arrays: Arrays) => void = () => {}): string {
  const arrays: Arrays = new Map([
    ['W1', { shape: [4, 3], data: Float32Array.from({ length: 12 }, (_, i) => Math.fround(0.1 * i - 0.5)) }],
    ['b1', { shape: [3], data: new Float32Array(3) }],
    ['W2', { shape: [3, 2], data: Float32Array.from({ length: 6 }, (_, i) => Math.fround(0.3 - 0.1 * i)) }],
    ['b2', { shape: [2], data: new Float32Array(2) }],
  ]);
  change(arrays);
  return file(name, writeNpz(arrays));
}

export const good = weights('good.npz');

export function inputs(name: string, shape: [number, number], value: (i: number) => number): string {
  const data = Float32Array.from({ length: shape[0] * shape[1] }, (_, i) => value(i));
  return file(name, writeNpy({ shape, data }));
}

export function labels(name: string, values: readonly number[]): string {
  return file(name, writeNpy({ shape: [values.length], data: Uint8Array.from(values) }));
}

/** Six examples of four features, with labels. */
export const x = inputs('x.npy', [6, 4], (i) => (i % 5) / 5);
export const y = labels('y.npy', [0, 1, 0, 1, 1, 0]);

export const missing = join(folder, 'none');
export const out = (name: string): string => join(folder, name);

/** Sources of examples that every command refuses alike. */
export function badSources(command: readonly string[]): readonly CommandCase[] {
  const bad = (name: string, args: readonly string[], stderr: RegExp): CommandCase => ({
    name,
    args: [...command, ...args],
    stderr,
  });
  return [
    bad('an unknown option', ['--dat', 'x'], /unknown option/),
    bad('a file that is not there', ['--data', `${missing}.csv`], /--data: cannot read .*no such file/),
    bad('a folder as file', ['--data', folder], /--data: cannot read .*it is a folder/),
    bad('a csv with text', ['--data', file('text.csv', '1,2,0\n3,x,1\n')], /csv/i),
    bad('a csv of one column', ['--data', file('thin.csv', '1\n0\n')], /1 column; features and a label/),
    bad(
      'a csv whose first line counts its columns',
      ['--data', csv('counts.csv', '0,1,2,3')],
      /counts 0 to 3.*Say header/,
    ),
    bad('the same in quotes', ['--data', csv('quoted.csv', '"0","1","2","3"')], /line 1 counts 0 to 3/),
    bad('the same with points', ['--data', csv('points0.csv', '0.0,1.0,2.0,3.0')], /line 1 counts 0 to 3/),
    bad(
      'a label in another column',
      ['--data', csv('other.csv', 'label,a,b,c')],
      /last column .* "c", .* called "label"/,
    ),
    bad('a target in the middle', ['--data', csv('middle.csv', 'a,Target,b,c')], /called "Target"; say which/),
    bad('a class, quoted, first', ['--data', csv('classFirst.csv', '"class",a,b,c')], /called "class"; say which/),
    bad(
      'a column that there is not',
      ['--data', csv('columns.csv', 'a,b,c,label'), '--label-column', 'labels'],
      /--label-column: .* has the columns a, b, c, label, none is called "labels"/,
    ),
    bad('a column without header', ['--data', points, '--label-column', 'a'], /has no header, none is called "a"/),
    bad('a header of an npz', ['--data', good, '--header', 'true'], /--header: only csv files have one/),
    bad('labels beside a csv', ['--data', points, '--labels', y], /the labels of a csv file are its last column/),
    bad('an npz without inputs', ['--data', good], /must hold an array x or X/),
    bad('inputs without labels', ['--inputs', x], /--labels: .*holds inputs only/),
    bad('too few labels', ['--inputs', x, '--labels', labels('few.npy', [0, 1])], /labels must have/),
    bad('--data and --inputs', ['--inputs', x, '--data', 'mnist'], /give one of the two/),
    bad('a part of MNIST that there is not', ['--data', 'mnist:valid'], /expected mnist, mnist:train:FROM:TO/),
    bad('a range of MNIST that there is not', ['--data', 'mnist:train:5:70000'], /FROM < TO ≤ 60000/),
    bad('both ends alike', ['--data', 'mnist:train:5:5'], /FROM < TO/),
    bad('a task that there is not', ['--task', 'letters'], /Allowed choices are binary, digits/),
    bad(
      'NaN in the inputs',
      ['--inputs', inputs('nan.npy', [6, 4], (i) => (i === 9 ? NaN : 0.5)), '--labels', y],
      /finite, got .*NaN/,
    ),
  ];
}
