import { requireSeed } from '@hyperribbon/contract';
import { stream } from '@hyperribbon/random';
import { type DataSet, makeExamples } from './examples.js';

/**
 * The same inputs with labels drawn uniformly, independent of them: the control on which every honest bound is vacuous.
 *
 * @param seed integer >= 0
 * @returns examples that share the inputs, with a name of their own
 * @throws ArgumentError for a seed that is not a safe integer >= 0
 * Cost: one pass.
 * @example
 * randomLabels(sloppyGaussian({ dimension: 2, decay: 1, count: 10, seed: 1 }), 7).labels;
 * Source: [zhang2017].
 */
export function randomLabels(examples: DataSet, seed: number): DataSet {
  requireSeed('randomLabels', seed);
  const draw = stream({ seed, purpose: 'data.random-labels' });
  const { inputs, classes, shape, name } = examples;
  const labels = Int32Array.from({ length: examples.count }, () => draw.integer(classes));
  return makeExamples(`${name}, random labels ${seed}`, inputs, labels, classes, shape);
}
