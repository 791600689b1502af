/** Numbers in one of the two precisions. */
export type FloatArray = Float32Array | Float64Array;

/** Name of a typed array's class, of this realm or another; '' for anything else. */
export function typedArrayName(value: unknown): string {
  return ArrayBuffer.isView(value) ? ((value as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] ?? '') : '';
}

/** Recognised by tag, so that arrays of another realm (an iframe, a vm context, jsdom) count. */
export function isFloatArray(value: unknown): value is FloatArray {
  const name = typedArrayName(value);
  return name === 'Float32Array' || name === 'Float64Array';
}

/**
 * A new array of a precision.
 * @param of its length, for zeros, or the numbers it is to hold, which are copied and rounded
 */
export function floatArray(dtype: 'float32' | 'float64', of: number | ArrayLike<number>): FloatArray {
  // both constructors take a length or numbers; their declarations have an overload for each
  return dtype === 'float64' ? new Float64Array(of as number) : new Float32Array(of as number);
}
