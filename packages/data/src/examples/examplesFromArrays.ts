import type { FloatArray } from '@hyperribbon/kernels';
import { type DataSet, makeExamples } from './examples.js';
import type { NumericData } from '../formats/numericArray.js';

/** An array of a parser, or any typed array with its shape. */
export interface ShapedArray {
  readonly shape: readonly number[];
  readonly data: NumericData;
}

export interface ExamplesOptions {
  /** number of classes, an integer >= 2; default the largest label plus one, at least 2 */
  readonly classes?: number;
  readonly name?: string;
}

const kind = (data: unknown): string => Object.prototype.toString.call(data).slice(8, -1);

function elements(array: ShapedArray, what: string): number {
  if (typeof array !== 'object' || array === null || !Array.isArray(array.shape) || !ArrayBuffer.isView(array.data)) {
    throw new TypeError(`examplesFromArrays: ${what} must be { shape, data } with a typed array, got ${kind(array)}`);
  }
  const { shape, data } = array;
  const product = shape.reduce((p, n) => p * n, 1);
  if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0) || product !== data.length) {
    throw new RangeError(`examplesFromArrays: ${what} has shape [${shape.join(', ')}] but ${data.length} elements`);
  }
  return product;
}

function floatInputs(data: NumericData): FloatArray {
  if (data instanceof Uint8Array) {
    // the same float32 for a byte everywhere: the double quotient, rounded once
    const scaled = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
    const inputs = new Float32Array(data.length);
    for (let i = 0; i < inputs.length; i++) inputs[i] = scaled[data[i]];
    return inputs;
  }
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  throw new TypeError(
    `examplesFromArrays: inputs must be float32, float64 or uint8, got ${kind(data)}; convert them, scaled as the network expects`,
  );
}

function integerLabels(data: NumericData): Int32Array {
  const labels = new Int32Array(data.length);
  for (let i = 0; i < labels.length; i++) {
    const value = Number(data[i]);
    if (!Number.isInteger(value))
      throw new RangeError(`examplesFromArrays: labels must be integers, got ${value} at index ${i}`);
    if (value < 0 || value > 0x7fff_ffff) {
      throw new RangeError(`examplesFromArrays: labels must be in [0, classes), got ${value} at index ${i}`);
    }
    labels[i] = value;
  }
  return labels;
}

/**
 * Puts inputs and labels that came from files together, after checking all that goes wrong with such files.
 *
 * Inputs have shape (count, ...): further dimensions are flattened. float32 and float64 inputs are taken as they are
 * (not copied); uint8 inputs become float32 and are divided by 255. Labels have shape (count,) or (count, 1) and may be of
 * any type, if they are integers.
 *
 * @param inputs (count, ...)
 * @param labels (count,) in [0, classes)
 * @param options classes, name
 * @throws TypeError when a dtype is unsuitable; RangeError when shapes disagree, nothing is there, an input is not finite
 * or a label is no integer in [0, classes)
 * Cost: two passes.
 * @example
 * const two = examplesFromArrays({ shape: [2, 3], data: new Float32Array(6) }, { shape: [2], data: Uint8Array.of(0, 1) });
 */
export function examplesFromArrays(inputs: ShapedArray, labels: ShapedArray, options: ExamplesOptions = {}): DataSet {
  const { classes: declared, name = 'examples' } = options;
  elements(inputs, 'inputs');
  elements(labels, 'labels');
  const [count, ...rest] = inputs.shape;
  if (inputs.shape.length < 2) {
    throw new RangeError(
      `examplesFromArrays: inputs must have shape (count, features), got [${inputs.shape.join(', ')}]`,
    );
  }
  const features = rest.reduce((p, n) => p * n, 1);
  if (count === 0 || features === 0) {
    throw new RangeError(`examplesFromArrays: there are no inputs, the shape is [${inputs.shape.join(', ')}]`);
  }
  const { shape } = labels;
  if (shape[0] !== count || shape.length > 2 || (shape.length === 2 && shape[1] !== 1)) {
    throw new RangeError(
      `examplesFromArrays: labels must have shape (${count},) like the inputs, got [${shape.join(', ')}]`,
    );
  }
  const x = floatInputs(inputs.data);
  for (let i = 0; i < x.length; i++) {
    if (!(Math.abs(x[i]) < Infinity)) {
      const row = Math.floor(i / features);
      throw new RangeError(
        `examplesFromArrays: inputs must be finite, got ${x[i]} at example ${row}, feature ${i - row * features}`,
      );
    }
  }
  const y = integerLabels(labels.data);
  const largest = y.reduce((a, b) => Math.max(a, b), 0);
  const classes = declared ?? Math.max(2, largest + 1);
  if (!Number.isInteger(classes) || classes < 2) {
    throw new RangeError(`examplesFromArrays: classes must be an integer >= 2, got ${classes}`);
  }
  if (largest >= classes) {
    throw new RangeError(
      `examplesFromArrays: labels must be in [0, ${classes}), got ${largest} at index ${y.indexOf(largest)}`,
    );
  }
  return makeExamples(name, x, y, classes);
}
