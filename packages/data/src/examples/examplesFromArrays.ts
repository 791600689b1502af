import {
  type FloatArray,
  isFloatArray,
  refuse,
  refuseType,
  requireInteger,
  requireOneOf,
  typedArrayName,
} from '@hyperribbon/contract';
import { channelsFirst, type ImageLayout } from './channelsFirst.js';
import { type DataSet, makeExamples } from './examples.js';
import type { NumericData } from '../formats/numericArray.js';
import type { ShapedArray } from './shapedArray.js';

export interface ExamplesOptions {
  /** number of classes, an integer >= 2; default the largest label plus one, at least 2, where 0 is a label */
  readonly classes?: number;
  /** what uint8 and bool inputs become (default 'float32'): say 'float64' where the analysis is in float64 */
  readonly dtype?: 'float32' | 'float64';
  /** of images with three or four dimensions, where their shape leaves a doubt: see {@link channelsFirst} */
  readonly layout?: ImageLayout;
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

function floatInputs({ data, dtype }: ShapedArray, wanted: 'float32' | 'float64'): FloatArray {
  if (isFloatArray(data)) return data;
  if (typedArrayName(data) === 'Uint8Array') return scaledBytes(data as Uint8Array, wanted, dtype === 'bool' ? 1 : 255);
  return refuse(
    caller,
    `inputs must be float32, float64, uint8 or bool, got ${typedArrayName(data)}; convert them, scaled as the network expects`,
  );
}

/** Bytes over a number, the same value for a byte everywhere: the quotient in float64, rounded once where float32 is wanted. */
export function scaledBytes(bytes: Uint8Array, dtype: 'float32' | 'float64' = 'float32', divisor = 255): FloatArray {
  const zeros = (length: number): FloatArray =>
    dtype === 'float64' ? new Float64Array(length) : new Float32Array(length);
  const scaled = zeros(256).map((_, byte) => byte / divisor);
  const inputs = zeros(bytes.length);
  for (let i = 0; i < inputs.length; i++) inputs[i] = scaled[bytes[i]];
  return inputs;
}

/** Inputs with their channels first; bytes of three dimensions are grey images. */
function asImages(inputs: ShapedArray, layout: ImageLayout | undefined): ShapedArray {
  const rank = inputs.shape.length;
  if (layout !== undefined && rank !== (layout === 'grey' ? 3 : 4))
    refuse(
      caller,
      `layout ${layout} is of inputs with ${layout === 'grey' ? 'three' : 'four'} dimensions, got [${inputs.shape.join(', ')}]`,
    );
  const grey = rank === 3 && (layout === 'grey' || typedArrayName(inputs.data) === 'Uint8Array');
  return rank === 4 || grey ? channelsFirst(inputs, layout) : inputs;
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
 * Inputs have shape (count, ...): further dimensions are flattened, those of images (count, height, width, channels) ordered channel, row,
 * column, as networks take them; `shape` of the result is that of one example then. float32 and float64 inputs are taken as they are (not copied); uint8 inputs are divided by 255, bool inputs
 * become 0 and 1, in `dtype`. Labels have shape (count,) or (count, 1) and may be of any type, if they are integers; other labels: {@link classLabels}.
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
  const { classes: declared, name = 'examples', dtype = 'float32', layout } = options;
  requireOneOf(caller, 'dtype', dtype, ['float32', 'float64']);
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
  const images = asImages(inputs, layout);
  const x = floatInputs(images, dtype);
  for (let i = 0; i < x.length; i++) {
    if (!(Math.abs(x[i]) < Infinity)) {
      const row = Math.floor(i / features);
      refuse(caller, `inputs must be finite, got ${x[i]} at example ${row}, feature ${i - row * features}`);
    }
  }
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
  return makeExamples(name, x, y, classes, images.shape.length > 2 ? images.shape.slice(1) : undefined);
}
