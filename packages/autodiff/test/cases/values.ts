import type { Tensor } from '../everything.js';

export interface Value {
  readonly data: Float64Array | Int32Array;
  readonly shape: readonly number[];
}

export interface PrimitiveCase {
  readonly name: string;
  /** primitives that the case is there for */
  readonly covers: readonly string[];
  readonly f: (...args: never[]) => Tensor;
  readonly args: readonly Value[];
  readonly order?: 1 | 2;
}

export const value = (shape: readonly number[], at: (i: number) => number): Value => ({
  data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => at(i)),
  shape,
});
/** irregular numbers in (−1.7, 1.7), none closer than 0.01 to 0 or to each other */
export const spread = (...shape: readonly number[]): Value =>
  value(shape, (i) => ((((i * 37 + 11) % 101) - 50.3) / 50) * 1.65 + i * 1e-4);
export const positive = (...shape: readonly number[]): Value => value(shape, (i) => 0.6 + ((i * 29 + 7) % 31) / 10);
export const index = (data: readonly number[], shape: readonly number[] = [data.length]): Value => ({
  data: Int32Array.from(data),
  shape,
});
