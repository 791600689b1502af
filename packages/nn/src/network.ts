import type { Tensor } from '@hyperribbon/autodiff';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';

/** One value for all entries of an array, or how they are drawn: uniform on ±bound, or normal with mean 0 and this standard deviation. */
export type Start = number | { readonly uniform: number } | { readonly normal: number };

/** One named array of weights. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** absent where it starts as a layer's weights do */
  readonly start?: Start;
}

/** One named array that a network keeps beside its weights and that no gradient moves: running statistics of a batch norm. */
export interface BufferSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** what evaluation uses: one value for all entries, or the array, row-major */
  readonly value: number | FloatArray;
  /** no number in it may be smaller: 0 of a variance */
  readonly least?: number;
}

/** Weights or buffers by name, as symbolic tensors. */
export type ParameterTensors = Readonly<Record<string, Tensor>>;

/** What a step of training gives a network beside weights and inputs. */
export interface TrainingMode {
  /** buffers before the step */
  readonly buffers: ParameterTensors;
  /** (batch, draws), uniform on [0, 1): what dropout and its like decide with; absent where the network draws nothing */
  readonly uniforms?: Tensor;
}

/** Logits (batch, classes) in training mode, and the buffers after the step, all of them. */
export interface TrainingOutputs {
  readonly logits: Tensor;
  readonly buffers: ParameterTensors;
}

/**
 * A network: what its weights are called, how they start, and the function it computes. All else that is asked of it is read from that
 * function's traced program.
 *
 * Weights travel as one flat array of length `size`: the arrays of `parameters`, in that order, each row-major. `apply` is the network as it
 * is evaluated: whatever it needs beside weights, such as the statistics of batch norms, are constants of its program, so that operators
 * and bounds ask for nothing more. {@link withBuffers} gives the same network with other statistics.
 */
export interface Network {
  /** a label for people, such as `mlp:tanh:784,256,10`; what tells networks apart is networkIdentity */
  readonly name: string;
  /** what parseArchitecture makes this network of, but for its buffers: a short text or JSON. Absent: nothing but `name` can */
  readonly architecture?: string;
  /** the modules that it is made of, as data: stackOf reads it. Absent where it is a function of tensors */
  readonly description?: object;
  /** features of one example */
  readonly inputs: number;
  /** shape of one example, row-major; images are [channels, height, width]. Absent: [inputs] */
  readonly inputShape?: readonly number[];
  /** where inputs are tokens, how many there are: each input is a whole number in [0, vocabulary) */
  readonly vocabulary?: number;
  /** logits per example */
  readonly classes: number;
  readonly parameters: readonly ParameterSpec[];
  /** total number of weights */
  readonly size: number;
  /** what it keeps beside them; absent: nothing */
  readonly buffers?: readonly BufferSpec[];
  /** uniform numbers per example that training draws; absent: none */
  readonly draws?: number;
  /** where weights are not used as they are: the network that takes those that are used, and what makes them; usedWeights reads it */
  readonly latent?: { readonly network: Network; use(params: FloatArray): FloatArray };
  /**
   * PyTorch's default start: weights and biases of a layer are uniform on ±1/√fan_in. Every array has its own random
   * stream, so the start of one layer does not depend on the others. float32 is the float64 start, rounded.
   */
  init(seed: number, dtype?: Dtype): FloatArray;
  /** logits (batch, classes) of x (batch, inputs), with its own buffers unless others are given */
  apply(params: ParameterTensors, x: Tensor, buffers?: ParameterTensors): Tensor;
  /** the network in training mode; absent where that is what `apply` does */
  applyTraining?(params: ParameterTensors, x: Tensor, mode: TrainingMode): TrainingOutputs;
}
