import type { ExampleInputs, FloatArray } from '@hyperribbon/contract';
import type { Examples, Network } from '@hyperribbon/nn';
import { lastOfRun } from './networkCollapse.js';
import { type FeatureOptions, type Run, settledRun } from './networkFeatures.js';
import { oodOrthogonality, type Orthogonality, type OrthogonalityOptions } from './orthogonality.js';

/**
 * NC5 of a network: whether what enters its last affine map is, for examples of no class, at a right angle to what enters it for those of the classes.
 *
 * @param params flat weights (size,)
 * @param examples with labels
 * @param outside inputs of examples of no class
 * @throws ArgumentError as {@link networkCollapse} and {@link oodOrthogonality}
 * Cost: one run over both, and the eigenvectors of a matrix (width, width).
 * @example
 * const { orthogonality, separation } = networkOrthogonality(net, params, digits.train, digits.test);
 * Source: [ammar2024].
 */
export function networkOrthogonality(
  network: Network,
  params: FloatArray,
  examples: Examples,
  outside: ExampleInputs,
  { directions, ...options }: FeatureOptions & OrthogonalityOptions = {},
): Orthogonality {
  const run = settledRun('networkOrthogonality', network, params, examples, options, 'FeatureOptions');
  return orthogonalityOfRun('networkOrthogonality', run, outside, directions === undefined ? {} : { directions });
}

export function orthogonalityOfRun(
  caller: string,
  run: Run,
  { inputs, count, features: inputFeatures }: ExampleInputs,
  options: OrthogonalityOptions,
): Orthogonality {
  const { network, params, examples, classes, settings } = run;
  const { dtype, deterministic, batchSize: chunkSize } = settings;
  // labels are asked of all examples, and not read of these
  const unlabelled = { inputs, count, features: inputFeatures, labels: new Int32Array(count), classes };
  const outside = settledRun(
    caller,
    network,
    params,
    unlabelled,
    { dtype, deterministic, chunkSize },
    'FeatureOptions',
  );
  const { layer, found } = lastOfRun(caller, run);
  const data = {
    features: found.features,
    labels: examples.labels,
    count: examples.count,
    width: layer.columns,
    classes,
  };
  return oodOrthogonality(data, lastOfRun(caller, outside).found.features, options);
}
