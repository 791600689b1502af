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
