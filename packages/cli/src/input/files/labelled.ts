import {
  type ClassLabels,
  type DataSet,
  examplesFromArrays,
  type ImageLayout,
  type InputsOptions,
  type ShapedArray,
  targetExamplesFromArrays,
  type TargetSet,
} from '@hyperribbon/data';
import { isFloatArray, typedArrayName } from '@hyperribbon/contract';
import type { Dtype } from '@hyperribbon/kernels';
import type { LossData } from '@hyperribbon/nn';
import { UsageError } from '../../usageError.js';
import { type AnswersOptions, type AnswersWanted, type FileAnswers, fileAnswers } from './answers.js';
import { standardized } from '../standardization.js';
import { layoutNotes, requireLayout } from './imageLayouts.js';
import { scaleNotes, targetNotes } from './scaleNotes.js';

/** Inputs and labels as a file has them. */
export interface Labelled {
  readonly inputs: ShapedArray;
  /** absent: there are none */
  readonly labels?: ShapedArray | readonly string[] | undefined;
}

export interface LabelledOptions {
  /** what labels may be; default classes alone */
  readonly wanted?: AnswersWanted | undefined;
  /** how many classes a network tells apart, where there is one */
  readonly classes?: number | undefined;
  /** what other examples of these data call their classes, where they do not number them */
  readonly names?: readonly (number | string)[] | undefined;
  readonly dtype?: Dtype | undefined;
  readonly layout?: ImageLayout | undefined;
  /** what --standardize says */
  readonly standardize?: string | undefined;
  /** inputs are numbers of tokens */
  readonly tokens?: boolean | undefined;
  /** labels may be missing; default false */
  readonly unlabelled?: boolean | undefined;
  /** what classes 0, 1, … are called where labels are their numbers */
  readonly called?: readonly string[] | undefined;
  /** what columns of targets are called */
  readonly targets?: readonly string[] | undefined;
  /** what the features are called, from 1 where they have no names */
  readonly features?: readonly string[];
  /** the test examples of the same file */
  readonly test?: Labelled | undefined;
}

/** Examples of a file, and what was made of it that a person should know. */
export interface FileExamples {
  readonly examples: DataSet | TargetSet;
  readonly test?: DataSet | TargetSet;
  /** that belongs to their labels or targets */
  readonly loss: LossData;
  /** there were no labels: those of the examples are all 0, and mean nothing */
  readonly unlabelled?: true;
  /** what the file calls class 0, 1, …; absent where its labels are these numbers */
  readonly classNames?: readonly (number | string)[];
  readonly task: string;
  readonly notes: readonly string[];
}

/** Examples from arrays, with what they leave open settled where it can mean one thing only, and said. */
export function labelled({ inputs, labels }: Labelled, options: LabelledOptions): FileExamples {
  const { test, features, layout, called, wanted = 'classes', names, tokens = false } = options;
  requireLayout(inputs.shape, layout);
  if (labels === undefined) return unlabelledExamples(inputs, options);
  const asked: AnswersOptions = {
    wanted,
    names,
    classes: options.classes ?? called?.length,
    called: options.targets,
    positions: tokens && inputs.shape.length === 2 ? inputs.shape[1] : undefined,
  };
  const found = fileAnswers(labels, asked);
  const examples = examplesOf(inputs, found, options);
  const beside = test && examplesOf(test.inputs, fileAnswers(test.labels!, { ...asked, ...likewise(found) }), options);
  if (beside !== undefined) requireAlike(beside, examples);
  const inputNotes = tokens
    ? [tokensNote(examples)]
    : [...layoutNotes(inputs, layout), ...scaleNotes(examples, features)];
  const both = { examples, ...(beside === undefined ? {} : { test: beside }) };
  if (found.targets !== undefined)
    return {
      ...both,
      loss: found.loss,
      task: found.task,
      notes: [
        ...found.notes,
        ...inputNotes,
        ...(found.loss.kind === 'squared-error' ? targetNotes(examples as TargetSet) : []),
      ],
    };
  return {
    ...both,
    loss: { kind: 'softmax-cross-entropy' },
    ...(found.names === undefined ? {} : { classNames: found.names }),
    task: taskOf(found, called),
    notes: [...classNotes(found), ...inputNotes],
  };
}

/** Inputs alone. @throws UsageError where labels are asked for */
function unlabelledExamples(inputs: ShapedArray, options: LabelledOptions): FileExamples {
  const { classes = 2, tokens = false, layout, features, unlabelled = false } = options;
  if (!unlabelled) throw new UsageError('there are no labels, and what is asked for needs them');
  const examples = examplesOf(inputs, { labels: new Int32Array(inputs.shape[0]), classes }, options);
  return {
    examples,
    unlabelled: true,
    loss: { kind: 'softmax-cross-entropy' },
    task: 'inputs without labels',
    notes: tokens ? [tokensNote(examples)] : [...layoutNotes(inputs, layout), ...scaleNotes(examples, features)],
  };
}

/** What tokens there are. @throws UsageError for numbers that are none */
function tokensNote({ inputs, features }: DataSet | TargetSet): string {
  let largest = 0;
  for (let i = 0; i < inputs.length; i++) {
    const token = inputs[i];
    if (!(Number.isInteger(token) && token >= 0 && token < 2 ** 24))
      throw new UsageError(
        `--tokens: tokens are whole numbers from 0 to 2^24 − 1, got ${token} in example ${Math.floor(i / features)}, place ${i % features}`,
      );
    if (token > largest) largest = token;
  }
  return `inputs are sequences of ${features} tokens, the largest of which is ${largest}`;
}

/** What the labels of test examples must be where the others are these. */
function likewise(found: FileAnswers): Partial<AnswersOptions> {
  if (found.targets !== undefined) return { wanted: 'real' };
  return { wanted: 'classes', ...(found.names === undefined ? { classes: found.classes } : { names: found.names }) };
}

function requireAlike(test: DataSet | TargetSet, examples: DataSet | TargetSet): void {
  if (test.features !== examples.features)
    throw new UsageError(`the test examples have ${test.features} features, the others ${examples.features}`);
  if ('targets' in test && 'targets' in examples && test.outputs !== examples.outputs)
    throw new UsageError(`the test examples have ${test.outputs} targets, the others ${examples.outputs}`);
}

function examplesOf(inputs: ShapedArray, found: FileAnswers, options: LabelledOptions): DataSet | TargetSet {
  const { dtype, layout, standardize, tokens = false } = options;
  const setting: InputsOptions = {
    ...(dtype === undefined ? {} : { dtype }),
    ...(layout === undefined ? {} : { layout }),
  };
  const x = numbers(inputs, tokens);
  if (found.targets !== undefined)
    return standardized(targetExamplesFromArrays(x, found.targets, setting), standardize);
  const { labels, classes } = found;
  const examples = examplesFromArrays(x, { shape: [labels.length], data: labels }, { classes, ...setting });
  return standardized(examples, standardize);
}

/** Whole numbers of more than a byte are numbers, not pixels to scale; so are tokens of any type. */
function numbers(inputs: ShapedArray, tokens: boolean): ShapedArray {
  const { shape, data } = inputs;
  if (isFloatArray(data) || (typedArrayName(data) === 'Uint8Array' && !tokens)) return inputs;
  const values = Float64Array.from(data as ArrayLike<number>, Number);
  const large = values.find((value) => !Number.isSafeInteger(value));
  if (large !== undefined) throw new UsageError(`inputs hold ${large}, which float64 does not hold exactly`);
  return { shape, data: values };
}

function taskOf({ classes, labels, names: own }: ClassLabels, called?: readonly string[]): string {
  const names = own ?? (called?.length === classes ? called : undefined);
  if (names !== undefined) return `${classes} classes (${listed(names)})`;
  const seen = new Set(labels);
  const unseen = Array.from({ length: classes }, (_, c) => c).filter((c) => !seen.has(c));
  if (unseen.length === 0) return `${classes} classes`;
  return `${classes} classes, none of class ${unseen.slice(0, 3).join(', ')}${unseen.length > 3 ? ', …' : ''}`;
}

const listed = (names: readonly (number | string)[]): string =>
  names.length <= 6 ? names.join(', ') : `${names.slice(0, 3).join(', ')}, … ${names[names.length - 1]}`;

function classNotes(found: ClassLabels): readonly string[] {
  const { names, classes } = found;
  if (names === undefined) return taskOf(found).includes('none of') ? [taskOf(found)] : [];
  const numbered = names.length <= 6 ? names.map((_, i) => i).join(', ') : `0 to ${classes - 1}`;
  return [`labels ${listed(names)} are classes ${numbered}`];
}
