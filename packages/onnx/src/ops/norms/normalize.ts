import { type Tensor, add, mean, mul, rsqrt, square, sub } from '@hyperribbon/autodiff';

/** What normalising gives beside the result. */
export interface Normalized {
  readonly normal: Tensor;
  readonly mean: Tensor;
  /** 1/√(variance + epsilon) */
  readonly inverse: Tensor;
}

/** (x − mean)/√(variance + epsilon) over some axes, with the biased variance. */
export function normalize(x: Tensor, axes: readonly number[], epsilon: number): Normalized {
  const center = mean(x, axes, { keepDims: true });
  const centred = sub(x, center);
  const inverse = rsqrt(add(mean(square(centred), axes, { keepDims: true }), epsilon));
  return { normal: mul(centred, inverse), mean: center, inverse };
}
