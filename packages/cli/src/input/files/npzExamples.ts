import { openNpz, type NpzFile, type NumericArray } from '@hyperribbon/data';
import { UsageError } from '../../usageError.js';
import { areSequences, namesTokens, nextTokens } from './tokenArrays.js';
import { labelled, type FileExamples, type Labelled, type LabelledOptions } from './labelled.js';

type Part = 'train' | 'test' | 'validation';
type Role = 'inputs' | 'labels';

/** What people call the parts of a data set, and what is in them: x_train, trainImages, Ytest, data and target. */
const words: Readonly<Record<string, Part | Role>> = {
  ...all('train', 'train', 'training', 'tr'),
  ...all('test', 'test', 'testing', 'te'),
  ...all('validation', 'val', 'valid', 'validation', 'dev'),
  ...all('inputs', 'x', 'xs', 'input', 'inputs', 'image', 'images', 'data', 'feature', 'features', 'sample', 'samples'),
  ...all('inputs', 'token', 'tokens', 'ids'),
  ...all('labels', 'y', 'ys', 'label', 'labels', 'target', 'targets'),
};

function all<W extends string>(meaning: W, ...names: readonly string[]): Readonly<Record<string, W>> {
  return Object.fromEntries(names.map((name) => [name, meaning]));
}

interface Meaning {
  readonly role: Role;
  readonly part?: Part;
}

/** What a name says, undefined if one of its words is none of these. */
function meaningOf(name: string): Meaning | undefined {
  const parts = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .flatMap((word) => /^([xy])(train|test|val|valid)$/.exec(word)?.slice(1) ?? [word])
    .filter((word) => word !== '');
  const found = parts.map((word) => (Object.hasOwn(words, word) ? words[word] : undefined));
  const roles = found.filter((word): word is Role => word === 'inputs' || word === 'labels');
  const ofPart = found.filter((word): word is Part => word !== undefined && word !== 'inputs' && word !== 'labels');
  // "train_data_x" says inputs twice
  const role = roles[roles.length - 1];
  const twice = roles.includes('inputs') && roles.includes('labels') && !parts.includes('data');
  if (role === undefined || found.includes(undefined) || ofPart.length > 1 || twice) return undefined;
  return ofPart.length === 0 ? { role } : { role, part: ofPart[0] };
}

/** Names of inputs and of their labels, which sequences of tokens need not have: what follows a token is its label. */
type Pair = readonly [inputs: string, labels?: string];

/** Which arrays of an archive are examples, and which test examples. */
function pairsOf(
  file: string,
  npz: NpzFile,
  unlabelled: boolean,
): { readonly own: Pair; readonly test: Pair | undefined } {
  const meanings = npz.names.map((name) => [name, meaningOf(name)] as const);
  const find = (role: Role, part: Part | undefined): string | undefined => {
    const found = meanings.filter(([, meaning]) => meaning?.role === role && meaning.part === part);
    if (found.length > 1)
      throw new UsageError(
        `--data: ${file} holds ${found.map(([name]) => name).join(' and ')}; keep one array of ${role} in it`,
      );
    return found[0]?.[0];
  };
  const pairOf = (part: Part | undefined): Pair | undefined => {
    const [inputs, labels] = [find('inputs', part), find('labels', part)];
    if (inputs === undefined) return undefined;
    if (labels !== undefined) return [inputs, labels];
    return unlabelled || namesTokens(inputs) ? [inputs] : undefined;
  };
  const [whole, train, test] = [pairOf(undefined), pairOf('train'), pairOf('test')];
  if (whole !== undefined && train !== undefined)
    throw new UsageError(`--data: ${file} holds ${whole[0]} and ${train[0]}; keep one array of inputs in it`);
  const own = whole ?? train ?? test ?? positional(npz);
  if (own === undefined) refuseNames(file, npz);
  return { own, test: own === test ? undefined : test };
}

/** Examples of an archive: its inputs and labels by their names, its test examples if it has some. What else it holds is named. */
export function npzExamples(file: string, bytes: Uint8Array, options: LabelledOptions): FileExamples {
  const npz = openNpz(bytes);
  const { unlabelled = false } = options;
  const { own, test } = pairsOf(file, npz, unlabelled);
  const pair = ([inputs, labels]: Pair): Labelled => {
    const x = read(npz, inputs);
    if (labels !== undefined) return { inputs: x, labels: read(npz, labels, true) };
    if (unlabelled && !namesTokens(inputs)) return { inputs: x };
    if (x.shape.length === 2 && x.shape[1] >= 3) return nextTokens(x);
    throw new UsageError(
      `${inputs} holds sequences without labels, so it must have shape (count, length), length ≥ 3, got (${x.shape.join(', ')})`,
    );
  };
  const examples = pair(own);
  const tokens = options.tokens ?? (namesTokens(own[0]) || areSequences(examples));
  const result = labelled(examples, { ...options, tokens, test: test && pair(test) });
  const used = new Set([...own, ...(test ?? [])]);
  const rest = [...npz.names.filter((name) => !used.has(name)), ...npz.others];
  const notes = [
    `inputs are ${own[0]}${tokens ? ', tokens' : ''}, labels ${own[1] ?? (examples.labels === undefined ? 'none' : 'the tokens that follow')}${test === undefined ? '' : `, test examples ${test.join(' and ')}`}`,
    ...(rest.length === 0
      ? []
      : [`left aside in ${file}: ${rest.slice(0, 8).join(', ')}${rest.length > 8 ? ', …' : ''}`]),
  ];
  const plain = own.join() === 'x,y' && test === undefined && !tokens;
  return { ...result, notes: [...(plain ? notes.slice(1) : notes), ...result.notes] };
}

/** Two arrays that were saved without names: the labels are the one with a number each. */
function positional(npz: NpzFile): Pair | undefined {
  if (npz.names.join() !== 'arr_0,arr_1') return undefined;
  const [first, second] = npz.names.map((name) => read(npz, name).shape);
  const flat = (shape: readonly number[]): boolean => shape.length === 1;
  if (flat(first) === flat(second) || first[0] !== second[0]) return undefined;
  return flat(second) ? ['arr_0', 'arr_1'] : ['arr_1', 'arr_0'];
}

function read(npz: NpzFile, name: string, labels = false): NumericArray {
  try {
    return npz.read(name);
  } catch (error) {
    const text = error instanceof Error && error.message.includes('it holds text');
    if (!labels || !text) throw error;
    throw new UsageError(`${name} holds text; save numbers: ${name} = numpy.unique(${name}, return_inverse=True)[1]`, {
      cause: error,
    });
  }
}

function refuseNames(file: string, { names, others }: NpzFile): never {
  const sparse = names.includes('indptr') && names.includes('indices');
  if (sparse)
    throw new UsageError(
      `--data: ${file} is a sparse matrix of SciPy; save it with numpy.savez("data.npz", x=m.toarray(), y=...)`,
    );
  throw new UsageError(
    `--data: ${file} must hold an array x or X, inputs, images, data, x_train, train_images, …, and one of labels: y, labels, targets, y_train, …; it has ${[...names, ...others].slice(0, 20).join(', ') || 'none'}`,
  );
}
