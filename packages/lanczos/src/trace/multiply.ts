import type { FloatArray } from '@hyperribbon/kernels';

/** Products of a run: (b, n) rows in, (b, n) rows A X out, a fresh array. */
export type Multiply = (x: FloatArray, b: number) => Promise<FloatArray>;
