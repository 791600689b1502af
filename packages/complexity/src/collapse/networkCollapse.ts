import { type FloatArray, refuse } from '@hyperribbon/contract';
import type { Examples, Network } from '@hyperribbon/nn';
import { type LayerMatrix, layerMatrices } from './layerMatrices.js';
import { collapseOf, type LinearClassifier, type NeuralCollapse } from './neuralCollapse.js';
import { type FeatureOptions, type LastFeatures, lastFeatures, type Run, settledRun } from './networkFeatures.js';
import { largestOf } from './scale.js';

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
  const { network, params, examples, classes } = run;
  const last = layerMatrices(network, params)
    .filter(({ map }) => map.groups === 1)
    .at(-1);
  if (last === undefined || last.rows !== network.classes)
    return refuse(
      caller,
      `${network.name} does not end with an affine map to its ${network.classes} outputs: take features where you want them, and neuralCollapse`,
    );
  const found = lastFeatures(run, last.map);
  requireLastMap(caller, run, last, found);
  const { features } = found;
  const { count, labels } = examples;
  const rows = {
    labels,
    count,
    width: last.columns,
    classes,
    each: (take: (f: FloatArray, first: number) => void) => take(features, 0),
  };
  return collapseOf(caller, rows, { ...classifierOf(network, last), decisions: decisionsOf(run, found) });
}

/** Two classes of opposite weights for one output. */
function classifierOf({ classes }: Network, { values, biases, rows }: LayerMatrix): LinearClassifier {
  const b = biases ?? new Float64Array(rows);
  if (classes > 1) return { weights: values, biases: b };
  return {
    weights: Float64Array.of(...values.map((w) => -w / 2), ...values.map((w) => w / 2)),
    biases: Float64Array.of(-b[0] / 2, b[0] / 2),
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
  { values, biases, rows, columns, name }: LayerMatrix,
  { features, logits }: LastFeatures,
): void {
  const compared = Math.min(examples.count, 20);
  let off = 0;
  for (let i = 0; i < compared; i++)
    for (let c = 0; c < rows; c++) {
      let score = biases?.[c] ?? 0;
      for (let j = 0; j < columns; j++) score += values[c * columns + j] * features[i * columns + j];
      off = Math.max(off, Math.abs(score - logits[i * rows + c]));
    }
  const size = largestOf(logits.subarray(0, compared * rows));
  const tolerance = settings.dtype === 'float64' ? 1e-9 : 1e-3;
  if (!(off <= tolerance * Math.max(size, largestOf(biases ?? []))))
    refuse(
      caller,
      `the outputs of ${network.name} are not those of its last affine map, ${name}: they differ by ${off.toPrecision(3)}; fold a batch norm behind it (foldBatchNorm), or take features where you want them, and neuralCollapse`,
    );
}
