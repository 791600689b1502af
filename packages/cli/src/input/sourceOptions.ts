import type { Given } from '../options/option.js';
import { flagOf } from '../options/option.js';
import type { answerOptions, dataOptions } from '../options/shared.js';
import { UsageError } from '../usageError.js';
import type { FileKind } from './files/fileKind.js';
import type { SetName } from './imageSets.js';

export type SourceOptions = Given<typeof dataOptions & typeof answerOptions>;

/** With what commands that split examples say of rows beside it. */
type Beside = SourceOptions & { readonly repeatedRows?: string | undefined };

type Kind = FileKind | SetName;

/** What goes with a source beside its name, and what is said of the others. */
const belongs: Readonly<Record<Exclude<keyof Beside, 'data' | 'inputs'>, readonly [Kind[], string]>> = {
  labels: [['npy', 'idx', 'table'], 'goes with --inputs, an npy or an idx file, or a table with --label-column none'],
  header: [['table'], 'only csv files have one'],
  labelColumn: [['table'], 'only csv files have columns'],
  target: [['table'], 'only csv files have columns; --answers real says it of others'],
  answers: [['table', 'npz', 'npy', 'idx'], 'is of csv, npz, npy and idx files'],
  classes: [['table', 'npz', 'npy', 'idx'], 'is of csv, npz, npy and idx files'],
  tokens: [['npz', 'npy', 'idx'], 'is of arrays in npz, npy and idx files'],
  drop: [['table'], 'only csv files have columns'],
  missing: [['table'], 'only csv files have missing values'],
  layout: [['npy', 'npz', 'idx'], 'is of images in npy, npz and idx files'],
  standardize: [
    ['table', 'npz', 'npy', 'idx', 'cifar', 'mnist', 'fashion-mnist', 'cifar10', 'cifar100'],
    'is of inputs that are numbers',
  ],
  task: [['mnist', 'cifar100'], 'is of MNIST and CIFAR-100 alone'],
  repeatedRows: [
    ['table', 'npz', 'npy', 'idx', 'cifar'],
    'is of files and parts of MNIST and its like, which are split at random; these sets as a whole come split',
  ],
};

const labelsOf: Readonly<Partial<Record<Kind, string>>> = {
  npz: 'an npz file holds its labels itself, as y',
  mnist: 'MNIST has labels of its own',
  'fashion-mnist': 'Fashion-MNIST has labels of its own',
  cifar10: 'CIFAR-10 has labels of its own',
  cifar100: 'CIFAR-100 has labels of its own',
  cifar: 'the files of CIFAR have labels of their own',
};

const files: readonly Kind[] = ['table', 'npz', 'npy', 'idx', 'cifar'];

/** Refuses options that a source of this kind has no use for. */
export function requireUsed(options: Beside, kind: Kind, source: string): void {
  for (const [name, [kinds, why]] of Object.entries(belongs)) {
    if (options[name as keyof typeof belongs] === undefined || kinds.includes(kind)) continue;
    throw new UsageError(
      `${flagOf(name)}: ${(name === 'labels' && labelsOf[kind]) || why}; ${source} is ${files.includes(kind) ? `a file of the kind ${kind}` : 'a set of images'}`,
    );
  }
}

/** Refuses all of them where no data are named. */
export function requireNoSource(options: Beside): void {
  const unused = Object.keys(belongs).find((name) => options[name as keyof typeof belongs] !== undefined);
  if (unused !== undefined) throw new UsageError(`${flagOf(unused)}: is about --data or --inputs; name one of them`);
}
