import type { NumericData } from '../formats/numericArray.js';

/** An array of a parser, or any typed array with its shape. */
export interface ShapedArray {
  readonly shape: readonly number[];
  readonly data: NumericData;
  /** 'bool' for bytes that are 0 and 1, as readers of files say; needed for nothing else */
  readonly dtype?: string;
}
