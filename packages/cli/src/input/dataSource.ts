import { parseCifar, parseIdx, parseNpy } from '@hyperribbon/data';
import type { Dtype } from '@hyperribbon/kernels';
import { type AnyExamples, type Examples, isTargeted, type LossData, type Network } from '@hyperribbon/nn';
import { UsageError } from '../usageError.js';
import { fileKind } from './files/fileKind.js';
import { imageSet, loadSet, type NamedSet, type Task, taskWords, tasksOf } from './imageSets.js';
import { imageMisfit } from './imageMisfit.js';
import { layoutOf } from './files/imageLayouts.js';
import { labelled, type FileExamples, type Labelled, type LabelledOptions } from './files/labelled.js';
import { npzExamples } from './files/npzExamples.js';
import { reading } from './reading.js';
import { readInput, unzipped } from './readInput.js';
import { requireUsed, type SourceOptions } from './sourceOptions.js';
import { join, rows } from './splits.js';
import { tableExamples, tableLabels } from './files/tableExamples.js';

/** What to read; `dtype` is what pixels become where a command has one. */
export type DataOptions = SourceOptions & { readonly dtype?: Dtype };

/** Examples with what to call them. */
export interface NamedExamples<Kind extends AnyExamples = Examples> {
  readonly name: string;
  readonly task: string;
  readonly examples: Kind;
  /** that belongs to their labels or targets */
  readonly loss: LossData;
  /** there were no labels: those of the examples are all 0, and mean nothing */
  readonly unlabelled?: true;
  /** what the file calls class 0, 1, …; absent where its labels are these numbers */
  readonly classNames?: readonly (number | string)[];
  /** test examples that the file holds beside them */
  readonly test?: Kind;
  /** what was made of the file that a person should know */
  readonly notes: readonly string[];
}

/** What is known of examples before they are read. */
export interface Known extends Pick<LabelledOptions, 'classes' | 'names' | 'wanted'> {
  /** a network takes tokens */
  readonly tokens?: boolean;
  /** labels may be missing */
  readonly unlabelled?: boolean;
}

/** One set of examples, fitting a network; `name` and `notes` with them, and without labels where that is allowed and the data have none. */
export async function loadExamples(
  options: DataOptions,
  network: Network,
  known: Pick<Known, 'unlabelled'> = {},
): Promise<NamedExamples<AnyExamples>> {
  const { classes, vocabulary } = network;
  const found = await loadAny(options, { ...known, classes, tokens: vocabulary !== undefined });
  requireInputs(network, found.examples);
  requireOutputs(network, found);
  return found;
}

/** @throws UsageError where examples are no inputs of a network */
function requireInputs(network: Network, examples: AnyExamples): void {
  const odd = imageMisfit(network, examples);
  if (odd !== undefined) throw new UsageError(`--data: ${odd}`);
  if (examples.features !== network.inputs) {
    throw new UsageError(
      `--data: the examples have ${examples.features} features, but ${network.name} takes ${network.inputs}`,
    );
  }
}

/** @throws UsageError where a network has other outputs than there are targets */
function requireOutputs({ name, classes }: Network, { examples, loss }: NamedExamples<AnyExamples>): void {
  if (!isTargeted(examples)) return;
  const { outputs } = examples;
  const fits = loss.kind === 'token-cross-entropy' ? classes % outputs === 0 : classes === outputs;
  if (fits) return;
  throw new UsageError(
    `--data: the examples have ${outputs} target${outputs === 1 ? '' : 's'} each, but ${name} has ${classes} outputs; where whole numbers are classes, say --answers classes`,
  );
}

/**
 * One set of labelled examples.
 *
 * @param classes how many a network, or the examples that it is trained on, tell apart
 * @param names what those call them
 */
export async function loadNamed(
  options: DataOptions,
  classes?: number,
  names?: readonly (number | string)[],
): Promise<NamedExamples> {
  requireClasses(options);
  // what is wanted are classes, and nothing else comes
  return (await loadAny(options, { classes, names, wanted: 'classes' })) as NamedExamples;
}

/** @throws UsageError for options that ask for targets, where what is asked for is about classes */
export function requireClasses({ target, answers }: DataOptions): void {
  const flag = target === undefined ? (answers === 'real' ? '--answers' : undefined) : '--target';
  if (flag !== undefined)
    throw new UsageError(`${flag}: is of train, spectrum and inputs; what is asked for here is about classes`);
}

/** One set of examples with labels, or with targets where that is what the data have. */
export async function loadAny(options: DataOptions, known: Known = {}): Promise<NamedExamples<AnyExamples>> {
  const source = sourceOf(options);
  const set = imageSet(source);
  if (set !== undefined) return setPart(source, set, options, known.classes);
  return { name: source, ...(await fromFile(source, options, known)) };
}

export function sourceOf({ data, inputs }: DataOptions): string {
  if (data !== undefined && inputs !== undefined) throw new UsageError('--data and --inputs: give one of the two');
  return data ?? inputs ?? 'mnist';
}

/** mnist:train:FROM:TO counts the 60,000 training images of the files, mnist:test:FROM:TO the 10,000 test images; so do the other sets. */
async function setPart(
  source: string,
  set: NamedSet,
  options: DataOptions,
  classes: number | undefined,
): Promise<NamedExamples> {
  // a part is split at random like a file, so that what is said of equal rows is used
  requireUsed({ ...options, repeatedRows: undefined }, set.name, source);
  const { task = taskOf(set, classes), dtype } = options;
  const { which, from: fromText, to: toText } = set.part ?? { which: 'train', from: '0' };
  const { train, prior, test } = await loadSet(set, { ...options, task, dtype });
  const whole = which === 'test' ? test : join(train, prior);
  const [from, to] = [Number(fromText), Number(toText ?? whole.count)];
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to > whole.count || from >= to) {
    throw new UsageError(
      `--data: ${source}: FROM and TO must be whole numbers with 0 ≤ FROM < TO ≤ ${whole.count} (${which} images)`,
    );
  }
  const examples = rows(whole, from, to);
  return { name: source, task: taskWords(set, task), examples, loss: { kind: 'softmax-cross-entropy' }, notes: [] };
}

/** What a set is asked by a network of so many classes. */
function taskOf(set: NamedSet, classes: number | undefined): Task | undefined {
  if (set.name === 'mnist' && classes === 2) return 'binary';
  return set.name === 'cifar100' && classes === 20 ? 'coarse' : tasksOf(set)[0];
}

async function fromFile(file: string, options: DataOptions, known: Known): Promise<FileExamples> {
  const bytes = unzipped(await readInput(file, '--data'), file, '--data');
  const kind = fileKind(file, bytes, '--data');
  requireUsed(options, kind, file);
  const { labels: labelFile, dtype, answers, standardize, tokens = known.tokens } = options;
  const names = known.names ?? classNames(options);
  const wanted = known.wanted ?? answers ?? (names === undefined ? 'any' : 'classes');
  const setting = { ...known, names, wanted, tokens, layout: layoutOf(options), dtype, standardize };
  if (kind === 'table') {
    const beside = await labelsOf(options);
    return reading('--data', file, () => tableExamples(file, bytes, options, { ...setting, beside }));
  }
  if (kind === 'npz') return reading('--data', file, () => npzExamples(file, bytes, setting));
  if (kind === 'cifar')
    return reading('--data', file, () => {
      const { images: inputs, labels } = parseCifar(bytes);
      return labelled({ inputs, labels }, setting);
    });
  if (labelFile === undefined && known.unlabelled !== true)
    throw new UsageError(`--labels: ${file} holds inputs only; name the file of their labels`);
  const inputs = reading('--data', file, () => (kind === 'npy' ? parseNpy(bytes) : parseIdx(bytes)));
  const labels = await labelsOf(options);
  return reading('--data', file, () => labelled({ inputs, labels }, setting));
}

/** What --classes says. @throws UsageError for a name that comes twice, and for numbers to predict */
function classNames({ classes, answers, target }: DataOptions): readonly string[] | undefined {
  if (classes === undefined) return undefined;
  if (answers === 'real' || target !== undefined)
    throw new UsageError('--classes: is of labels, and numbers to predict have no classes');
  const names = classes.split(',').map((name) => name.trim());
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new UsageError(`--classes: "${twice}" comes twice`);
  if (names.length < 2) throw new UsageError(`--classes: names two classes at least, got "${classes}"`);
  return names;
}

/** What --labels names: an npy or idx file, or a table of labels or targets alone. */
async function labelsOf({ labels: file, target }: DataOptions): Promise<Labelled['labels']> {
  if (file === undefined) return undefined;
  if (target !== undefined) throw new UsageError('--target and --labels: give one of the two');
  const bytes = unzipped(await readInput(file, '--labels'), file, '--labels');
  const kind = fileKind(file, bytes, '--labels');
  return reading('--labels', file, () => {
    if (kind === 'npy') return parseNpy(bytes);
    if (kind === 'idx') return parseIdx(bytes);
    if (kind === 'table') return tableLabels(file, bytes);
    throw new UsageError(`${file} is a file of the kind ${kind}, not npy, idx or a table`);
  });
}
