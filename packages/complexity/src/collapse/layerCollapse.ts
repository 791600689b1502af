import { type FloatArray, requireBetween, requireInteger, requirePositive } from '@hyperribbon/contract';
import { product } from '@hyperribbon/kernels';
import { eigvalsh } from '@hyperribbon/lanczos';
import type { Examples, Network } from '@hyperribbon/nn';
import { rankNotions, type RankNotions } from '../rank/rankNotions.js';
import type { FeatureRows } from './labelledFeatures.js';
import { collapseOf, type NeuralCollapse } from './neuralCollapse.js';
import {
  type FeatureOptions,
  type Representation,
  representationRows,
  type Run,
  settledRun,
} from './networkFeatures.js';
import { largestOf, scaleOf } from '../numbers/powerOfTwo.js';

export interface LayerCollapseOptions extends FeatureOptions {
  /** ε in (0, 1) of numerical ranks, default 1e-3 */
  readonly tolerance?: number;
  /** representations of more numbers than this have no rank of their features: it asks for a matrix (width, width); integer ≥ 0, default 1024 */
  readonly widest?: number;
  /** bytes of features that are kept at once; what does not fit is computed again for each pass. Default 2²⁸ */
  readonly memoryLimit?: number;
}

/** How far one representation of the examples has collapsed. */
export interface LayerCollapse {
  /** affine maps that the network has done by then: 0 of its inputs */
  readonly depth: number;
  /** name of the weights that read it; 'outputs' of what the network gives */
  readonly into: string;
  readonly width: number;
  /** NC1, NC2 of the means, and the nearest-class-mean error */
  readonly collapse: NeuralCollapse;
  /** of the class means minus their mean: rank C − 1 at most */
  readonly meanRanks: RankNotions;
  /** of the features minus their mean, by the roots of the eigenvalues of their covariance; at collapse those of the means. Absent beyond `widest` */
  readonly featureRanks?: RankNotions;
}

/**
 * Collapse of every representation that a network makes: its inputs, what enters each affine map (after activation and pooling; images whole, not by
 * patches), and its outputs. What enters two maps is listed once.
 *
 * @param params flat weights (size,)
 * @returns from the inputs to the outputs
 * @throws ArgumentError as {@link neuralCollapse}
 * Cost: runs over the examples, one for as many representations as `memoryLimit` holds; for each its two passes, and width³ for the rank of its features.
 * @example
 * const layers = layerCollapse(net, params, digits.train);
 * layers.map(({ depth }) => depth); // [0, 1, 2]
 * layers.map(({ collapse }) => collapse.variability.quotient); // falls with depth in a trained network
 */
export function layerCollapse(
  network: Network,
  params: FloatArray,
  examples: Examples,
  { tolerance = 1e-3, widest = 1024, memoryLimit = 2 ** 28, ...options }: LayerCollapseOptions = {},
): readonly LayerCollapse[] {
  const run = settledRun('layerCollapse', network, params, examples, options, 'LayerCollapseOptions');
  requireBetween('layerCollapse', 'tolerance', tolerance, 0, 1);
  requireInteger('layerCollapse', 'widest', widest, 0);
  requirePositive('layerCollapse', 'memoryLimit', memoryLimit);
  return layersOfRun('layerCollapse', run, { tolerance, widest, memoryLimit });
}

export function layersOfRun(
  caller: string,
  run: Run,
  { tolerance, widest, memoryLimit }: Required<Omit<LayerCollapseOptions, keyof FeatureOptions>>,
): readonly LayerCollapse[] {
  const layers: LayerCollapse[] = [];
  for (const { representation, rows } of representationRows(run, memoryLimit)) {
    const { depth, into, width }: Representation = representation;
    const collapse = collapseOf(caller, rows);
    const { singularValues } = collapse.means;
    const meanRanks = rankNotions(singularValues, { tolerance, rows: Math.max(width, collapse.classes) });
    const featureRanks = width <= widest && { featureRanks: ranksOf(rows, tolerance, run.settings.deterministic) };
    layers.push({ depth, into, width, collapse, meanRanks, ...featureRanks });
  }
  return layers;
}

/** Of the features minus their mean, through the matrix of their products: values below 1e-8 of the largest are rounding. */
function ranksOf(rows: FeatureRows, tolerance: number, deterministic: boolean): RankNotions {
  const { width, count } = rows;
  const mean = new Float64Array(width);
  let largest = 0;
  rows.each((features) => {
    largest = Math.max(largest, largestOf(features));
    for (let i = 0; i < features.length; i++) mean[i % width] += features[i] / count;
  });
  const scale = scaleOf(largest);
  const gram = new Float64Array(width * width);
  const part = Math.max(1, Math.floor(2 ** 20 / width)) * width;
  rows.each((features) => {
    for (let from = 0; from < features.length; from += part) {
      const a = Float64Array.from(features.subarray(from, from + part), (x, i) => (x - mean[i % width]) * scale);
      const products = product(
        { m: width, n: width, k: a.length / width, a, transposeA: true, b: a },
        { deterministic },
      );
      for (let i = 0; i < gram.length; i++) gram[i] += products[i];
    }
  });
  const values = eigvalsh(gram, width, { deterministic }).map((value) => Math.sqrt(Math.max(0, value)));
  return rankNotions(values, { tolerance, rows: Math.max(width, count) });
}
