import type { Tensor } from '@hyperribbon/autodiff';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';

/** One named array of weights. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** the one value the array starts at; absent where it starts as a layer's weights do */
  readonly start?: number;
}

/** Weights by name, as symbolic tensors. */
export type ParameterTensors = Readonly<Record<string, Tensor>>;

/**
 * A network: what its weights are called, how they start, and the function it computes. All else that is asked of it is read from that
 * function's traced program.
 *
 * Weights travel as one flat array of length `size`: the arrays of `parameters`, in that order, each row-major.
 */
export interface Network {
  /** a label for people, such as `mlp:tanh:784,256,10`; what tells networks apart is networkIdentity */
  readonly name: string;
  /** features of one example */
  readonly inputs: number;
  /** logits per example */
  readonly classes: number;
  readonly parameters: readonly ParameterSpec[];
  /** total number of weights */
  readonly size: number;
  /**
   * PyTorch's default start: weights and biases of a layer are uniform on ±1/√fan_in. Every array has its own random
   * stream, so the start of one layer does not depend on the others. float32 is the float64 start, rounded.
   */
  init(seed: number, dtype?: Dtype): FloatArray;
  /** logits (batch, classes) of x (batch, inputs) */
  apply(params: ParameterTensors, x: Tensor): Tensor;
}
