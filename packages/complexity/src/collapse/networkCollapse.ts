import { type FloatArray, refuse } from '@hyperribbon/contract';
import type { Examples, Network } from '@hyperribbon/nn';
import type { ChainLayer } from '../norms/chainLayer.js';
import { lastMatrix } from './layerMatrices.js';
import { collapseOf, type LinearClassifier, type NeuralCollapse } from './neuralCollapse.js';
import { type FeatureOptions, type LastFeatures, lastFeatures, type Run, settledRun } from './networkFeatures.js';
import { largestOf } from '../numbers/powerOfTwo.js';

/**
 * Neural collapse of a network, NC1 to NC4: its features are what enters the last affine map, its classifier is that map, its decisions are its own.
 *
 * Any network whose outputs are its last affine map's, or their mean over the places of an image: then features are means over these places too. Batch norms
 * and dropouts are as in evaluation. A network of one output counts as two classes with weights ±w/2 and biases ±b/2: class 1 is an output above 0.
 *
 * @param params flat weights (size,)
 * @param examples with labels: all training examples, in the papers
 * @returns `nearestCentreError` and `error` are those on the same examples
 * @throws ArgumentError for weights or examples that do not fit, targets in place of labels, examples of one class alone, outputs that are made otherwise
 * Cost: one run over the examples; their features are kept, count · width numbers.
 * @example
 * const { variability, disagreement, error } = networkCollapse(net, params, digits.train);
 * Source: [papyan2020].
 */
export function networkCollapse(
  network: Network,
  params: FloatArray,
  examples: Examples,
  options: FeatureOptions = {},
): NeuralCollapse {
  return collapseOfRun(
    'networkCollapse',
    settledRun('networkCollapse', network, params, examples, options, 'FeatureOptions'),
  );
}

export function collapseOfRun(caller: string, run: Run): NeuralCollapse {
  const { network, examples, classes } = run;
  const { layer, found } = lastOfRun(caller, run);
  const { features } = found;
  const { count, labels } = examples;
  const each = (take: (features: FloatArray, first: number) => void): void => take(features, 0);
  const rows = { labels, count, width: layer.columns, classes, each };
  return collapseOf(caller, rows, { ...classifierOf(network, layer), decisions: decisionsOf(run, found) });
}

/** The layer that makes the outputs, and what enters it. @throws ArgumentError where outputs are made otherwise */
export function lastOfRun(caller: string, run: Run): { readonly layer: ChainLayer; readonly found: LastFeatures } {
  const { network, params } = run;
  const last = lastMatrix(caller, network, params);
  if (last === undefined || last.layer.rows !== network.classes)
    return refuse(
      caller,
      `${network.name} does not end with an affine map to its ${network.classes} outputs: take features where you want them, and neuralCollapse`,
    );
  const { layer, map } = last;
  const found = lastFeatures(run, map);
  requireLastMap(caller, run, layer, found);
  return { layer, found };
}

/** Two classes of opposite weights for one output. */
function classifierOf({ classes }: Network, { filters, bias }: ChainLayer): LinearClassifier {
  if (classes > 1) return { weights: filters, biases: bias };
  return {
    weights: Float64Array.of(...filters.map((w) => -w / 2), ...filters.map((w) => w / 2)),
    biases: Float64Array.of(-bias[0] / 2, bias[0] / 2),
  };
}

function decisionsOf({ network: { classes }, examples: { count } }: Run, { logits }: LastFeatures): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => {
    if (classes === 1) return logits[i] > 0 ? 1 : 0;
    let best = 0;
    for (let c = 1; c < classes; c++) if (logits[i * classes + c] > logits[i * classes + best]) best = c;
    return best;
  });
}

/** Outputs must be W h + b, to the rounding of the dtype: compared on the first examples. */
function requireLastMap(
  caller: string,
  { network, settings, examples }: Run,
  { filters, bias, rows, columns, name }: ChainLayer,
  { features, logits }: LastFeatures,
): void {
  const compared = Math.min(examples.count, 20);
  let off = 0;
  for (let i = 0; i < compared; i++)
    for (let c = 0; c < rows; c++) {
      let score = bias[c];
      for (let j = 0; j < columns; j++) score += filters[c * columns + j] * features[i * columns + j];
      off = Math.max(off, Math.abs(score - logits[i * rows + c]));
    }
  const size = largestOf(logits.subarray(0, compared * rows));
  const tolerance = settings.dtype === 'float64' ? 1e-9 : 1e-3;
  if (!(off <= tolerance * Math.max(size, largestOf(bias))))
    refuse(
      caller,
      `the outputs of ${network.name} are not those of its last affine map, ${name}: they differ by ${off.toPrecision(3)}; fold a batch norm behind it (foldBatchNorm), or take features where you want them, and neuralCollapse`,
    );
}
