import { type ExampleInputs, type FloatArray, refuse } from '@hyperribbon/contract';

/** What inputs are moved and divided by. */
export interface Standardization {
  /** of every channel of images, of every feature, or one for all */
  readonly means: readonly number[];
  /** as many, each > 0 */
  readonly deviations: readonly number[];
}

const caller = 'standardize';

/**
 * Examples with inputs (x − mean) / deviation: of every channel where their `shape` is that of images with as many channels as there are means, of every feature
 * where there is a mean for each, of all alike where there is one. Means and deviations are constants that somebody gives, never those of the examples at
 * hand: test examples and those of a bound are to be moved like the training examples, and know nothing of them.
 *
 * Computed in float64 and rounded once to the type of the inputs.
 *
 * @param examples labelled or with targets, images channels first
 * @param standardization means and deviations
 * @returns the same examples with other inputs, a copy
 * @throws ArgumentError unless there are as many deviations as means, all finite, deviations > 0, one for all, each channel or each feature
 * Cost: one pass.
 * @example
 * const two = { inputs: Float64Array.of(1, 2, 3, 4), count: 2, features: 2 };
 * standardize(two, { means: [2, 3], deviations: [1, 2] }).inputs; // −1, −0.5, 1, 0.5
 */
export function standardize<Kind extends ExampleInputs>(examples: Kind, { means, deviations }: Standardization): Kind {
  const { features, shape } = examples;
  if (means.length !== deviations.length || means.length === 0)
    refuse(caller, `needs as many deviations as means, got ${means.length} means and ${deviations.length} deviations`);
  const bad = means.find((mean) => !Number.isFinite(mean));
  if (bad !== undefined) refuse(caller, `means must be finite, got ${bad}`);
  const none = deviations.find((deviation) => !(deviation > 0 && deviation < Infinity));
  if (none !== undefined) refuse(caller, `deviations must be positive and finite, got ${none}`);
  const channels = shape?.length === 3 ? shape[0] : undefined;
  if (![1, channels, features].includes(means.length)) {
    const each = channels === undefined ? '' : `each of ${channels} channels, `;
    refuse(caller, `needs one mean for all inputs, ${each}or each of ${features} features, got ${means.length}`);
  }
  return { ...examples, inputs: moved(examples.inputs, features, { means, deviations }) };
}

function moved(inputs: FloatArray, features: number, { means, deviations }: Standardization): FloatArray {
  const out: FloatArray =
    inputs.BYTES_PER_ELEMENT === 8 ? new Float64Array(inputs.length) : new Float32Array(inputs.length);
  const each = features / means.length;
  for (let from = 0, group = 0; from < inputs.length; from += each, group = (group + 1) % means.length) {
    const [mean, deviation] = [means[group], deviations[group]];
    for (let i = from; i < from + each; i++) out[i] = (inputs[i] - mean) / deviation;
  }
  return out;
}
