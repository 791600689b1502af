import { requireInteger, requireOneOf } from '@hyperribbon/contract';
import { type DataSet, makeExamples } from '../examples/examples.js';
import { scaledBytes } from '../examples/inputsFromArray.js';

/** What all sets of images are asked for. */
export interface ImageSetOptions {
  /** at most this many examples of each part, an integer >= 1; default all */
  readonly limit?: number;
  /** of the inputs, byte / 255 (default 'float32') */
  readonly dtype?: 'float32' | 'float64';
}

/** The three parts of a set of images: fit on train, choose priors on prior, report on test. */
export interface ImageSplits {
  readonly train: DataSet;
  readonly prior: DataSet;
  readonly test: DataSet;
}

/** Pixels (count, features) and classes (count,) as bytes. */
export interface LabelledBytes {
  readonly pixels: Uint8Array;
  readonly classes: Uint8Array;
}

/** Checks the options of a set of images, and fills in what they leave open. @throws ArgumentError */
export function imageSetting(caller: string, options: ImageSetOptions): Required<ImageSetOptions> {
  const { limit = Infinity, dtype = 'float32' } = options;
  requireOneOf(caller, 'dtype', dtype, ['float32', 'float64']);
  if (limit !== Infinity) requireInteger(caller, 'limit', limit, 1);
  return { limit, dtype };
}

/** What is particular to a set. */
interface SetShape {
  /** training images that are the prior part */
  readonly held: number;
  readonly classes: number;
  /** of one image: channels, height, width */
  readonly shape: readonly number[];
}

/**
 * The three parts of images that are known to be good: the last `held` of the training images are the prior part.
 *
 * @param set what it is called: 'MNIST digits'
 */
export function imageSplits(
  set: string,
  training: LabelledBytes,
  testing: LabelledBytes,
  { held, classes, shape, limit, dtype }: Required<ImageSetOptions> & SetShape,
): ImageSplits {
  const part = (raw: LabelledBytes, which: string, from: number, to: number): DataSet => {
    const features = raw.pixels.length / raw.classes.length;
    const end = Math.min(to, from + limit);
    return makeExamples(
      `${set}, ${which} images ${from} to ${end - 1}`,
      scaledBytes(raw.pixels.subarray(from * features, end * features), dtype),
      Int32Array.from(raw.classes.subarray(from, end)),
      classes,
      shape,
    );
  };
  const all = training.classes.length;
  return {
    train: part(training, 'training', 0, all - held),
    prior: part(training, 'training', all - held, all),
    test: part(testing, 'test', 0, testing.classes.length),
  };
}
