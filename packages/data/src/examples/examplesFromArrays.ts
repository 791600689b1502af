import { refuse, requireInteger } from '@hyperribbon/contract';
import type { NumericData } from '../formats/numericArray.js';
import { type DataSet, makeExamples } from './examples.js';
import { inputsFromArray, type InputsOptions, requireShaped } from './inputsFromArray.js';
import type { ShapedArray } from './shapedArray.js';

export interface ExamplesOptions extends InputsOptions {
  /** number of classes, an integer >= 2; default the largest label plus one, at least 2, where 0 is a label */
  readonly classes?: number;
  readonly name?: string;
}

const caller = 'examplesFromArrays';

function integerLabels(data: NumericData): Int32Array {
  const labels = new Int32Array(data.length);
  for (let i = 0; i < labels.length; i++) {
    const value = Number(data[i]);
    if (!Number.isInteger(value)) refuse(caller, `labels must be integers, got ${value} at index ${i}`);
    if (value < 0 || value > 0x7fff_ffff) refuse(caller, `labels must be in [0, classes), got ${value} at index ${i}`);
    labels[i] = value;
  }
  return labels;
}

/**
 * Puts inputs and labels that came from files together, after checking all that goes wrong with such files.
 *
 * Inputs have shape (count, ...): further dimensions are flattened, those of images (count, height, width, channels) ordered channel, row,
 * column, as networks take them; `shape` of the result is that of one example then. float32 and float64 inputs are taken as they are (not copied); uint8 inputs are divided by 255, bool inputs
 * become 0 and 1, in `dtype`. Labels have shape (count,) or (count, 1) and may be of any type, if they are integers; other labels: {@link classLabels};
 * real targets: {@link targetExamplesFromArrays}.
 *
 * @param inputs (count, ...)
 * @param labels (count,) in [0, classes)
 * @param options classes, dtype, layout, name
 * @throws ArgumentTypeError for what is no shaped array; ArgumentError when a dtype is unsuitable, shapes disagree, nothing is there, an
 * input is not finite, a label is no integer in [0, classes), 0 is no label and `classes` is not given, or four dimensions leave a doubt
 * Cost: two passes.
 * @example
 * const two = examplesFromArrays({ shape: [2, 3], data: new Float32Array(6) }, { shape: [2], data: Uint8Array.of(0, 1) });
 */
export function examplesFromArrays(inputs: ShapedArray, labels: ShapedArray, options: ExamplesOptions = {}): DataSet {
  const { classes: declared, name = 'examples', ...rest } = options;
  const { inputs: x, count, shape: one } = inputsFromArray(caller, inputs, rest);
  requireShaped(caller, labels, 'labels');
  const { shape } = labels;
  if (shape[0] !== count || shape.length > 2 || (shape.length === 2 && shape[1] !== 1))
    refuse(caller, `labels must have shape (${count},) like the inputs, got [${shape.join(', ')}]`);
  const y = integerLabels(labels.data);
  const largest = y.reduce((a, b) => Math.max(a, b), 0);
  if (declared === undefined && !y.includes(0))
    refuse(
      caller,
      `no label is 0, the largest is ${largest}; number classes from 0 (classLabels does), or say classes: ${largest + 1} if class 0 has no example`,
    );
  const classes = declared ?? Math.max(2, largest + 1);
  requireInteger(caller, 'classes', classes, 2);
  if (largest >= classes)
    refuse(caller, `labels must be in [0, ${classes}), got ${largest} at index ${y.indexOf(largest)}`);
  return makeExamples(name, x, y, classes, one);
}
