import {
  type FloatArray,
  isFloatArray,
  refuse,
  refuseType,
  requireInteger,
  typedArrayName,
} from '@hyperribbon/contract';
import { type DataSet, makeExamples } from './examples.js';
import type { NumericData } from '../formats/numericArray.js';

/** An array of a parser, or any typed array with its shape. */
export interface ShapedArray {
  readonly shape: readonly number[];
  readonly data: NumericData;
  /** 'bool' for bytes that are 0 and 1, as readers of files say; needed for nothing else */
  readonly dtype?: string;
}

export interface ExamplesOptions {
  /** number of classes, an integer >= 2; default the largest label plus one, at least 2 */
  readonly classes?: number;
  readonly name?: string;
}

const caller = 'examplesFromArrays';

function requireShaped(array: ShapedArray, what: string): void {
  if (typeof array !== 'object' || array === null || !Array.isArray(array.shape) || typedArrayName(array.data) === '')
    refuseType(caller, what, '{ shape, data } with a typed array', array);
  const { shape, data } = array;
  const product = shape.reduce((p, n) => p * n, 1);
  if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0) || product !== data.length)
    refuse(caller, `${what} has shape [${shape.join(', ')}] but ${data.length} elements`);
}

function floatInputs({ data, dtype }: ShapedArray): FloatArray {
  if (dtype === 'bool' && typedArrayName(data) === 'Uint8Array') return Float32Array.from(data as Uint8Array);
  if (typedArrayName(data) === 'Uint8Array') return scaledBytes(data as Uint8Array);
  if (isFloatArray(data)) return data;
  return refuse(
    caller,
    `inputs must be float32, float64, uint8 or bool, got ${typedArrayName(data)}; convert them, scaled as the network expects`,
  );
}

/** Bytes over 255, the same float32 for a byte everywhere: the double quotient, rounded once. */
export function scaledBytes(bytes: Uint8Array): Float32Array {
  const scaled = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
  const inputs = new Float32Array(bytes.length);
  for (let i = 0; i < inputs.length; i++) inputs[i] = scaled[bytes[i]];
  return inputs;
}

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
 * Inputs have shape (count, ...): further dimensions are flattened. float32 and float64 inputs are taken as they are
 * (not copied); uint8 inputs become float32 and are divided by 255, bool inputs become 0 and 1. Labels have shape (count,) or (count, 1) and may be of
 * any type, if they are integers.
 *
 * @param inputs (count, ...)
 * @param labels (count,) in [0, classes)
 * @param options classes, name
 * @throws ArgumentTypeError for what is no shaped array; ArgumentError when a dtype is unsuitable, shapes disagree, nothing is there, an
 * input is not finite or a label is no integer in [0, classes)
 * Cost: two passes.
 * @example
 * const two = examplesFromArrays({ shape: [2, 3], data: new Float32Array(6) }, { shape: [2], data: Uint8Array.of(0, 1) });
 */
export function examplesFromArrays(inputs: ShapedArray, labels: ShapedArray, options: ExamplesOptions = {}): DataSet {
  const { classes: declared, name = 'examples' } = options;
  requireShaped(inputs, 'inputs');
  requireShaped(labels, 'labels');
  const [count, ...rest] = inputs.shape;
  if (inputs.shape.length < 2)
    refuse(caller, `inputs must have shape (count, features), got [${inputs.shape.join(', ')}]`);
  const features = rest.reduce((p, n) => p * n, 1);
  if (count === 0 || features === 0) refuse(caller, `there are no inputs, the shape is [${inputs.shape.join(', ')}]`);
  const { shape } = labels;
  if (shape[0] !== count || shape.length > 2 || (shape.length === 2 && shape[1] !== 1))
    refuse(caller, `labels must have shape (${count},) like the inputs, got [${shape.join(', ')}]`);
  const x = floatInputs(inputs);
  for (let i = 0; i < x.length; i++) {
    if (!(Math.abs(x[i]) < Infinity)) {
      const row = Math.floor(i / features);
      refuse(caller, `inputs must be finite, got ${x[i]} at example ${row}, feature ${i - row * features}`);
    }
  }
  const y = integerLabels(labels.data);
  const largest = y.reduce((a, b) => Math.max(a, b), 0);
  const classes = declared ?? Math.max(2, largest + 1);
  requireInteger(caller, 'classes', classes, 2);
  if (largest >= classes)
    refuse(caller, `labels must be in [0, ${classes}), got ${largest} at index ${y.indexOf(largest)}`);
  return makeExamples(name, x, y, classes);
}
