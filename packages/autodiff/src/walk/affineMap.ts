import type { ConvolutionGeometry } from './convolutionGeometry.js';
import type { View } from './views.js';

/**
 * A place where a program multiplies by parameters: Y = X W + b, X (rows, inputs) made from the examples, W (inputs, outputs) a view of
 * a parameter array, b (outputs,) another one added to every row. A convolution is such a place, its rows are patches.
 *
 * A convolution by groups is a stack of such places with one array of weights: X (groups, rows, inputs), W (groups, inputs, outputs),
 * Y (groups, rows, outputs), b (groups · outputs,).
 */
export interface AffineMap {
  /** number of the weights among the program's inputs */
  readonly weight: number;
  /** number of the bias among the program's inputs; absent where none is added */
  readonly bias?: number;
  /** of one group */
  readonly inputs: number;
  /** of one group */
  readonly outputs: number;
  /** matrices side by side that share no numbers; 1 but for convolutions by groups, channels for depthwise ones */
  readonly groups: number;
  /** rows per example: 1 in a dense layer, tokens in one that is applied to each, places of the image in a convolution */
  readonly positions: number;
  /** window and image of a convolution; absent for a dense layer */
  readonly convolution?: ConvolutionGeometry;
  /** W and b enter the program here and nowhere else, each entry at one place of the matrix */
  readonly alone: boolean;
  /** from the weights' array to W */
  readonly weightViews: readonly View[];
  /** value that X is a view of; in a depthwise convolution the first step makes its patches */
  readonly input: number;
  readonly inputViews: readonly View[];
  /** value that Y is a view of, bias included */
  readonly output: number;
  readonly outputViews: readonly View[];
}
