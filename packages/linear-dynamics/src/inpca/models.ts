import { ArgumentError, refuse, requireCounts, requireFloatArray } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';

/** The predictions of a set of models on one list of samples: all that InPCA knows about them. */
export interface Models {
  /** (models, samples, classes) row-major; non-negative, the classes of a sample sum to 1 */
  readonly probabilities: FloatArray;
  readonly models: number;
  readonly samples: number;
  readonly classes: number;
}

/** Real-valued predictions, the means of Gaussian observations. */
export interface Predictions {
  /** (models, samples, outputs) row-major, finite */
  readonly predictions: FloatArray;
  readonly models: number;
  readonly samples: number;
  readonly outputs: number;
}

/** A number that cannot stand where it stands; says which model, sample and value. */
export class ProbabilityError extends ArgumentError {
  override readonly name: string = 'ProbabilityError';
  readonly model: number;
  readonly sample: number;
  readonly value: number;

  constructor(message: string, model: number, sample: number, value: number) {
    super(message);
    this.model = model;
    this.sample = sample;
    this.value = value;
  }
}

/** How far a sum of probabilities may be from 1 by default: rounding of a softmax over many classes, and a good margin. */
function defaultSumTol(probabilities: FloatArray): number {
  return probabilities.BYTES_PER_ELEMENT === 4 ? 1e-5 : 1e-9;
}

/**
 * Checks shapes and every probability of models `from`, from + 1, ..., once.
 *
 * @throws ArgumentError for shapes; {@link ProbabilityError} for NaN, negative numbers and sums other than 1
 * Cost: one pass over the probabilities.
 */
export function requireModels(
  caller: string,
  set: Models,
  sumTol: number = defaultSumTol(set.probabilities),
  from: number = 0,
): void {
  const { probabilities: p, models, samples, classes } = set;
  requireShape(caller, 'probabilities', p, { models, samples, classes });
  if (!(sumTol >= 0 && sumTol < 1)) {
    refuse(caller, `sumTol must be in [0, 1), got ${sumTol}`);
  }
  let at = from * samples * classes;
  for (let row = from * samples; row < models * samples; row++) {
    let sum = 0;
    let bad = false;
    for (let c = 0; c < classes; c++) {
      const x = p[at++]!;
      if (!(x >= 0)) bad = true;
      sum += x;
    }
    if (bad || !(Math.abs(sum - 1) <= sumTol)) explain(caller, set, row, sum, sumTol);
  }
}

/** @throws ProbabilityError for predictions that are not finite */
export function requirePredictions(caller: string, set: Predictions): void {
  const { predictions, models, samples, outputs } = set;
  requireShape(caller, 'predictions', predictions, { models, samples, outputs });
  const at = predictions.findIndex((x) => !Number.isFinite(x));
  if (at < 0) return;
  const [model, sample] = [Math.floor(at / (samples * outputs)), Math.floor(at / outputs) % samples];
  const what = `predictions must be finite, got ${predictions[at]} for model ${model}, sample ${sample}`;
  throw new ProbabilityError(`${caller}: ${what}; leave such models out`, model, sample, predictions[at]!);
}

function requireShape(caller: string, name: string, values: FloatArray, shape: Readonly<Record<string, number>>): void {
  requireCounts(caller, shape);
  requireFloatArray(caller, name, values, Object.values(shape));
}

function explain(caller: string, set: Models, row: number, sum: number, sumTol: number): never {
  const { probabilities, samples, classes } = set;
  const [model, sample] = [Math.floor(row / samples), row % samples];
  const where = `model ${model}, sample ${sample}`;
  for (let c = 0; c < classes; c++) {
    const x = probabilities[row * classes + c]!;
    if (x >= 0) continue;
    const found = `probabilities must be >= 0, got ${x} for ${where}, class ${c}`;
    const remedy = Number.isNaN(x)
      ? 'leave out models that diverged'
      : 'pass probabilities, not logits or log-probabilities';
    throw new ProbabilityError(`${caller}: ${found}; ${remedy}`, model, sample, x);
  }
  const found = `the probabilities of a sample must sum to 1 within ${sumTol}, got ${sum} for ${where}`;
  const remedy = 'apply a softmax, divide by the sum, or raise sumTol';
  throw new ProbabilityError(`${caller}: ${found}; ${remedy}`, model, sample, sum);
}
