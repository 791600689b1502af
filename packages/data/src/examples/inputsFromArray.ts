import { type FloatArray, isFloatArray, refuse, refuseType, requireOneOf, typedArrayName } from '@hyperribbon/contract';
import { channelsFirst, type ImageLayout } from './channelsFirst.js';
import type { ShapedArray } from './shapedArray.js';

export interface InputsOptions {
  /** what uint8 and bool inputs become (default 'float32'): say 'float64' where the analysis is in float64 */
  readonly dtype?: 'float32' | 'float64';
  /** of images with three or four dimensions, where their shape leaves a doubt: see {@link channelsFirst} */
  readonly layout?: ImageLayout;
}

/** Inputs as networks take them. */
export interface FlatInputs {
  /** (count, features) */
  readonly inputs: FloatArray;
  readonly count: number;
  readonly features: number;
  /** of one example, where it has more than one dimension: [channels, height, width] of images */
  readonly shape?: readonly number[];
}

/** @throws ArgumentTypeError unless it is an array with a shape; ArgumentError for a shape of another size */
export function requireShaped(caller: string, array: ShapedArray, what: string): void {
  if (typeof array !== 'object' || array === null || !Array.isArray(array.shape) || typedArrayName(array.data) === '')
    refuseType(caller, what, '{ shape, data } with a typed array', array);
  const { shape, data } = array;
  const product = shape.reduce((p, n) => p * n, 1);
  if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0) || product !== data.length)
    refuse(caller, `${what} has shape [${shape.join(', ')}] but ${data.length} elements`);
}

/**
 * Inputs (count, ...) as rows: further dimensions flattened, channels of images first, bytes divided by 255.
 *
 * @throws ArgumentError naming what is wrong with them
 */
export function inputsFromArray(caller: string, array: ShapedArray, options: InputsOptions): FlatInputs {
  const { dtype = 'float32', layout } = options;
  requireOneOf(caller, 'dtype', dtype, ['float32', 'float64']);
  requireShaped(caller, array, 'inputs');
  const [count, ...rest] = array.shape;
  if (array.shape.length < 2)
    refuse(caller, `inputs must have shape (count, features), got [${array.shape.join(', ')}]`);
  const features = rest.reduce((p, n) => p * n, 1);
  if (count === 0 || features === 0) refuse(caller, `there are no inputs, the shape is [${array.shape.join(', ')}]`);
  const images = asImages(caller, array, layout);
  const inputs = floatInputs(caller, images, dtype);
  for (let i = 0; i < inputs.length; i++) {
    if (!(Math.abs(inputs[i]) < Infinity)) {
      const row = Math.floor(i / features);
      refuse(caller, `inputs must be finite, got ${inputs[i]} at example ${row}, feature ${i - row * features}`);
    }
  }
  return { inputs, count, features, ...(images.shape.length > 2 ? { shape: images.shape.slice(1) } : {}) };
}

/** Inputs with their channels first; bytes of three dimensions are grey images. */
function asImages(caller: string, inputs: ShapedArray, layout: ImageLayout | undefined): ShapedArray {
  const rank = inputs.shape.length;
  if (layout !== undefined && rank !== (layout === 'grey' ? 3 : 4))
    refuse(
      caller,
      `layout ${layout} is of inputs with ${layout === 'grey' ? 'three' : 'four'} dimensions, got [${inputs.shape.join(', ')}]`,
    );
  const grey = rank === 3 && (layout === 'grey' || typedArrayName(inputs.data) === 'Uint8Array');
  return rank === 4 || grey ? channelsFirst(inputs, layout) : inputs;
}

function floatInputs(caller: string, { data, dtype }: ShapedArray, wanted: 'float32' | 'float64'): FloatArray {
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
