/** An array as an npz or safetensors reader returns it: row-major data and its shape. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number | bigint>;
}

/** Whose arrays they are, for messages. */
export const caller = 'networkFromArrays';

/** A shape as NumPy writes it. */
export function written(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}
