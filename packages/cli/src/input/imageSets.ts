import { statSync } from 'node:fs';
import { cifar10, cifar100, fashionMnist, fashionMnistClasses, type ImageSplits, mnist } from '@hyperribbon/data';
import type { Dtype } from '@hyperribbon/kernels';
import { isUserFault } from '../userFault.js';
import { UsageError } from '../usageError.js';
import { standardized } from './standardization.js';

/** What is told apart in a set of images that leaves a choice. */
export type Task = 'digits' | 'binary' | 'fine' | 'coarse';

export type SetName = 'mnist' | 'fashion-mnist' | 'cifar10' | 'cifar100';

/** A set of images that a source names, or a part of it: cifar10:FOLDER, mnist:test:0:1000. */
export interface NamedSet {
  readonly name: SetName;
  readonly directory?: string;
  /** absent: the set as a whole */
  readonly part?: { readonly which: 'train' | 'test'; readonly from: string; readonly to?: string };
}

interface Kind {
  readonly title: string;
  /** where it is read from must be said: no package has the files */
  readonly folder?: true;
  /** the first is what is asked where nobody says */
  readonly tasks: readonly Task[];
  readonly load: (options: LoadOptions) => Promise<ImageSplits>;
  /** what is told apart, in words */
  readonly words: (task: Task | undefined) => string;
}

interface LoadOptions {
  readonly directory: string | undefined;
  readonly task: Task | undefined;
  readonly dtype: Dtype;
}

const at = (directory: string | undefined): { readonly directory?: string } =>
  directory === undefined ? {} : { directory };

const kinds: Readonly<Record<SetName, Kind>> = {
  mnist: {
    title: 'MNIST',
    tasks: ['digits', 'binary'],
    load: ({ directory, task, dtype }) => mnist({ ...at(directory), task: task as 'digits' | 'binary', dtype }),
    words: (task) => (task === 'binary' ? 'binary: digits 0-4 against 5-9' : 'ten digits'),
  },
  'fashion-mnist': {
    title: 'Fashion-MNIST',
    tasks: [],
    load: ({ directory, dtype }) => fashionMnist({ ...at(directory), dtype }),
    words: () => `10 classes (${fashionMnistClasses.slice(0, 3).join(', ')}, … ${fashionMnistClasses[9]})`,
  },
  cifar10: {
    title: 'CIFAR-10',
    folder: true,
    tasks: [],
    load: ({ directory, dtype }) => cifar10({ directory: directory!, dtype }),
    words: () => '10 classes',
  },
  cifar100: {
    title: 'CIFAR-100',
    folder: true,
    tasks: ['fine', 'coarse'],
    load: ({ directory, task, dtype }) => cifar100({ directory: directory!, labels: task as 'fine' | 'coarse', dtype }),
    words: (task) => (task === 'coarse' ? '20 classes (coarse labels)' : '100 classes (fine labels)'),
  },
};

export const titleOf = ({ name }: NamedSet): string => kinds[name].title;
/** The first is asked where nobody says. */
export const tasksOf = ({ name }: NamedSet): readonly Task[] => kinds[name].tasks;
export const taskWords = ({ name }: NamedSet, task: Task | undefined): string => kinds[name].words(task);

/** With which tasks data are read until what is looked for is found: the given one, or all that a set has. */
export function tasksToTry(set: NamedSet | undefined, given: Task | undefined): readonly (Task | undefined)[] {
  const tasks = set === undefined ? [] : tasksOf(set);
  return given !== undefined || tasks.length === 0 ? [given] : tasks;
}

const partWords = new Set(['train', 'test']);

/**
 * The set of images that a source names, undefined for a file: NAME, NAME:FOLDER, and either with a part, :train, :test, :train:FROM:TO.
 *
 * @throws UsageError for a set that wants a folder, a folder that there is not, and what is no part
 */
export function imageSet(source: string): NamedSet | undefined {
  const [name, ...rest] = source.split(':');
  if (!Object.hasOwn(kinds, name)) return undefined;
  const kind = kinds[name as SetName];
  const end = rest.findIndex((word) => partWords.has(word));
  const [folder, part] = end < 0 ? [rest, []] : [rest.slice(0, end), rest.slice(end)];
  const directory = folder.length === 0 ? undefined : folder.join(':');
  const named = kind.folder === undefined ? name : `${name}:FOLDER`;
  const expected = `expected ${named}, ${named}:train:FROM:TO or ${named}:test:FROM:TO`;
  const fail = (why: string): never => {
    throw new UsageError(
      `--data: ${expected}${kind.folder === undefined ? `, or a folder as ${name}:FOLDER` : ''}, got "${source}"${why}`,
    );
  };
  if (part.length > 3) fail('');
  if (directory === undefined && kind.folder !== undefined) fail('');
  if (directory !== undefined && !isFolder(directory)) fail(`: there is no folder "${directory}"`);
  const [which, from = '0', to] = part;
  return {
    name: name as SetName,
    ...at(directory),
    ...(which === undefined
      ? {}
      : { part: { which: which as 'train' | 'test', from, ...(to === undefined ? {} : { to }) } }),
  };
}

function isFolder(path: string): boolean {
  return path !== '' && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The set as a whole that a source names; undefined for files and parts. */
export function wholeSet(source: string): NamedSet | undefined {
  const set = imageSet(source);
  return set?.part === undefined ? set : undefined;
}

interface SetOptions {
  readonly task?: Task | undefined;
  readonly dtype?: Dtype | undefined;
  readonly standardize?: string | undefined;
}

/**
 * Reads a set.
 *
 * @param options task: what is told apart, default the set's own; dtype: of the pixels; standardize: what becomes of them
 * @throws UsageError for a task of another set, and where the files are not there
 */
export async function loadSet(set: NamedSet, options: SetOptions): Promise<ImageSplits> {
  const { task, dtype = 'float32', standardize } = options;
  const { title, tasks, load } = kinds[set.name];
  if (task !== undefined && !tasks.includes(task))
    throw new UsageError(`--task: ${title} is asked for ${tasks.join(' or ')}, got "${task}"`);
  try {
    const { train, prior, test } = await load({ directory: set.directory, task: task ?? tasks[0], dtype });
    return {
      train: standardized(train, standardize),
      prior: standardized(prior, standardize),
      test: standardized(test, standardize),
    };
  } catch (error) {
    if (!isUserFault(error) || error instanceof UsageError) throw error;
    throw new UsageError(`--data: ${error.message.replace(/^(mnist|fashionMnist|cifar100?): /, '')}`, { cause: error });
  }
}
