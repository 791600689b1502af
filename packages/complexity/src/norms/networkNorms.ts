import type { DifferenceNorms, MatrixNorms } from './matrixNorms.js';

/** What bounds and measures ask of one layer of weights. */
export interface LayerNorms {
  /** of its array of weights */
  readonly name: string;
  readonly kind: 'dense' | 'convolution';
  /**
   * The matrix of filters, one row a filter: (outputs, inputs) of a dense layer, (output channels, input channels · kernel height · kernel width) of a
   * convolution; every weight stands in it once.
   */
  readonly filters: MatrixNorms;
  /** The layer as the linear map of a whole example, weights as often as they are used: the same numbers as `filters` where there is one position. */
  readonly map: MatrixNorms;
  /** minus the reference weights, where some were given */
  readonly change?: { readonly filters: DifferenceNorms; readonly map: DifferenceNorms };
  /** weights, without biases */
  readonly parameters: number;
  /** biases; 0 where there are none */
  readonly biases: number;
  /** places of its output that share the filters: 1 in a dense layer, height · width of the output of a convolution, tokens */
  readonly positions: number;
  /** places of the output of the layer below that one output reads: of a convolution its kernel's, of a dense layer on a map all of them */
  readonly reads: number;
  /** side of its output map, √positions where it is not square; 1 for a dense head */
  readonly width: number;
  /** Lipschitz constant in the 2-norm of what stands between this layer and the next (activation, pooling): 1 for rectifiers; NaN where it is not known */
  readonly lipschitz: number;
}

/** What bounds and measures ask of a network at given weights. */
export interface NetworkNorms {
  readonly name: string;
  /** from the input to the output */
  readonly layers: readonly LayerNorms[];
  /** features of an example */
  readonly inputs: number;
  readonly outputs: number;
  /** all of them: weights, biases, scales */
  readonly parameters: number;
  /**
   * In how far the theorems' class of networks, f(x) = W_L φ(… φ(W₁ x)) without biases, holds this one. Each entry is a sentence; empty: it does. Where it is
   * not empty the value of a bound is the value of its formula and no statement about this network.
   */
  readonly outside: readonly string[];
}

/** What bounds and measures ask of a sample, and of a network on it. */
export interface SampleNorms {
  /** m, examples */
  readonly count: number;
  /** n, features */
  readonly features: number;
  /** max ‖x‖₂ */
  readonly radius: number;
  /** ‖X‖_F */
  readonly frobenius: number;
  /** max |x_ij| */
  readonly largestEntry: number;
  /** max over features j of Σ_i x_ij² */
  readonly largestFeature: number;
  /** (count,) f(x)_y − max over j ≠ y of f(x)_j */
  readonly margins: Float64Array;
  /** max ‖f(x)‖₂ */
  readonly largestOutput: number;
  /** of every layer: the largest 2-norm of a patch that one of its outputs reads, over all examples; that of the whole input of a dense layer */
  readonly largestPatches: Float64Array;
  /** of the first layer: max over its output places j of √(Σ_i ‖patch_j(x_i)‖²); ‖X‖_F of a dense one */
  readonly patchFrobenius: number;
}
