import {
  type ClassLabels,
  classLabels,
  type DataSet,
  examplesFromArrays,
  type ImageLayout,
  imageLayout,
  type ShapedArray,
} from '@hyperribbon/data';
import { isFloatArray, typedArrayName } from '@hyperribbon/contract';
import type { Dtype } from '@hyperribbon/kernels';
import { isUserFault } from '../userFault.js';
import { UsageError } from '../usageError.js';

/** Inputs and labels as a file has them. */
export interface Labelled {
  readonly inputs: ShapedArray;
  readonly labels: ShapedArray | readonly string[];
}

export interface LabelledOptions {
  /** how many classes a network tells apart, where there is one */
  readonly classes?: number | undefined;
  /** what other examples of these data call their classes, where they do not number them */
  readonly names?: readonly (number | string)[] | undefined;
  readonly dtype?: Dtype | undefined;
  readonly layout?: ImageLayout | undefined;
  /** what classes 0, 1, … are called where labels are their numbers */
  readonly called?: readonly string[] | undefined;
  /** what the features are called, from 1 where they have no names */
  readonly features?: readonly string[];
  /** the test examples of the same file */
  readonly test?: Labelled | undefined;
}

/** Examples of a file, and what was made of it that a person should know. */
export interface FileExamples {
  readonly examples: DataSet;
  readonly test?: DataSet;
  /** what the file calls class 0, 1, …; absent where its labels are these numbers */
  readonly classNames?: readonly (number | string)[];
  readonly task: string;
  readonly notes: readonly string[];
}

/** Examples from arrays, with what they leave open settled where it can mean one thing only, and said. */
export function labelled({ inputs, labels }: Labelled, options: LabelledOptions): FileExamples {
  const { names, test, features, layout, called, classes = called?.length } = options;
  requireLayout(inputs.shape, layout);
  const found = classLabels(labels, names !== undefined ? { names } : classes === undefined ? {} : { classes });
  const known = found.names === undefined ? { classes: found.classes } : { names: found.names };
  const examples = examplesOf(inputs, found, options);
  const beside = test && examplesOf(test.inputs, classLabels(test.labels, known), options);
  if (beside !== undefined && beside.features !== examples.features)
    throw new UsageError(`the test examples have ${beside.features} features, the others ${examples.features}`);
  return {
    examples,
    ...(beside === undefined ? {} : { test: beside }),
    ...(found.names === undefined ? {} : { classNames: found.names }),
    task: taskOf(found, called),
    notes: [...classNotes(found), ...layoutNotes(inputs, layout), ...scaleNotes(examples, features)],
  };
}

function examplesOf(inputs: ShapedArray, { labels, classes }: ClassLabels, options: LabelledOptions): DataSet {
  const { dtype, layout } = options;
  return examplesFromArrays(
    numbers(inputs),
    { shape: [labels.length], data: labels },
    { classes, ...(dtype === undefined ? {} : { dtype }), ...(layout === undefined ? {} : { layout }) },
  );
}

/** Whole numbers of more than a byte are numbers, not pixels to scale. */
function numbers(inputs: ShapedArray): ShapedArray {
  const { shape, data } = inputs;
  if (isFloatArray(data) || typedArrayName(data) === 'Uint8Array') return inputs;
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

const spelt = { grey: 'nhw', 'channels-first': 'nchw (channels-first)', 'channels-last': 'nhwc (channels-last)' };

/** @throws UsageError for a layout of other inputs, and for images whose shape leaves a doubt */
function requireLayout(shape: readonly number[], layout: ImageLayout | undefined): void {
  const rank = layout === 'grey' ? 'three' : 'four';
  if (layout !== undefined && shape.length !== (layout === 'grey' ? 3 : 4))
    throw new UsageError(
      `--layout: ${spelt[layout]} is of images with ${rank} dimensions, these inputs have shape [${shape.join(', ')}]`,
    );
  if (layout === undefined && shape.length === 4 && imageLayout(shape) === undefined)
    throw new UsageError(
      `--layout: images of shape [${shape.join(', ')}] may have their channels first or last; say nchw or nhwc`,
    );
}

/** What was made of images whose layout nobody said. */
function layoutNotes({ shape, data }: ShapedArray, layout: ImageLayout | undefined): readonly string[] {
  if (layout !== undefined) return [];
  const [, ...one] = shape;
  const images = `images of shape (${one.join(', ')})`;
  if (shape.length === 3 && typedArrayName(data) === 'Uint8Array')
    return [`${images} are taken for grey ones, of one channel (--layout nhw)`];
  if (shape.length !== 4) return [];
  if (imageLayout(shape) === 'channels-last' && one[2] > 1)
    return [`${images} are ordered channel, row, column, as networks take them (--layout nchw: they are already)`];
  return [
    `${images} are taken for ${one[0] === 1 || one[2] === 1 ? 'grey ones, of one channel' : `${one[0]} channels of ${one[1]} × ${one[2]}`} (--layout ${imageLayout(shape) === 'channels-first' ? 'nchw' : 'nhwc'})`,
  ];
}

/** Where standardised features never are. */
const large = 100;

/** Features that drown the others, and that no learning rate fits. */
function scaleNotes({ inputs, features }: DataSet, names: readonly string[] | undefined): readonly string[] {
  const reach = new Float64Array(features);
  for (let i = 0, column = 0; i < inputs.length; i++) {
    const size = Math.abs(inputs[i]);
    if (size > reach[column]) reach[column] = size;
    if (++column === features) column = 0;
  }
  const wide = Array.from(reach.keys()).filter((column) => reach[column] > large);
  if (wide.length === 0) return [];
  const widest = wide.reduce((a, b) => (reach[b] > reach[a] ? b : a));
  const name = names?.[widest] ?? `feature ${widest + 1}`;
  const bytes = reach[widest] === 255 && inputs.every((value) => Number.isInteger(value) && value >= 0);
  return [
    bytes
      ? 'inputs are not scaled: whole numbers up to 255. Pixels? Save them as uint8, which is divided by 255'
      : `inputs are not scaled: ${name} reaches ${reach[widest].toPrecision(3)}${wide.length > 1 ? `, ${wide.length - 1} more beyond ${large}` : ''}; networks learn badly from features beyond a few units: subtract means, divide by deviations`,
  ];
}

/** Runs a reader whose complaints are to name the option and the file instead of a function. */
export function reading<T>(option: string, file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isUserFault(error) || error.message.startsWith('--')) throw error;
    throw new UsageError(
      `${option}: ${file}: ${error.message.replace(/^(parse|open|class|channels|examples|weights|network)\w*: /, '')}`,
      {
        cause: error,
      },
    );
  }
}
