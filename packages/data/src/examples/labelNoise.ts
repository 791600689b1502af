import { refuse, requireNoOthers, requireSeed, requireWithin } from '@hyperribbon/contract';
import { stream } from '@hyperribbon/random';
import { type DataSet, makeExamples } from './examples.js';

export interface LabelNoiseOptions {
  /** p in [0, 1] that a label is replaced */
  readonly probability: number;
  /** names the draw, integer ≥ 0; default 0 */
  readonly seed?: number;
}

/**
 * The same inputs, where each label is replaced with probability p by one drawn uniformly from the other classes.
 *
 * The labels are drawn once: they are the same in every epoch. Two probabilities with one seed share their draws: labels replaced at the smaller one are replaced by the
 * same at the larger.
 *
 * @returns examples that share the inputs, with a name of their own
 * @throws ArgumentError for p outside [0, 1], a seed that is none, one class alone
 * Cost: one pass
 * @example
 * const data = sloppyGaussian({ dimension: 2, decay: 1, count: 10, seed: 1 });
 * labelNoise(data, { probability: 1 }).labels.every((label, i) => label !== data.labels[i]); // true
 * Source: symmetric noise as in the released code of [chandramoorthy2022].
 */
export function labelNoise(examples: DataSet, { probability, seed = 0, ...others }: LabelNoiseOptions): DataSet {
  requireNoOthers('labelNoise', others, 'LabelNoiseOptions');
  requireWithin('labelNoise', 'probability', probability, 0, 1);
  requireSeed('labelNoise', seed);
  const { inputs, classes, shape, name, count } = examples;
  if (classes < 2)
    refuse('labelNoise', `examples must have two classes or more, got ${classes}: there is no other label`);
  const chance = stream({ seed, purpose: 'data.label-noise' }).uniform(new Float64Array(count));
  const other = stream({ seed, purpose: 'data.label-noise.other' });
  const labels = examples.labels.map((label, i) => {
    // one draw for every example, replaced or not: draws do not depend on p
    const step = 1 + other.integer(classes - 1);
    return chance[i] < probability ? (label + step) % classes : label;
  });
  return makeExamples(`${name}, label noise ${probability} seed ${seed}`, inputs, labels, classes, shape);
}
