import type { Examples } from '@hyperribbon/nn';
import { UsageError } from '../usageError.js';

/** Mean squared norms of inputs between these are left alone; MNIST's is near 100. */
const [least, wanted, most] = [10, 100, 1000];

/**
 * One number to multiply all inputs by, so that learning rates mean the same for every data set: 1 where the mean squared norm of an
 * input is from 10 to 1000, else what makes it 100.
 */
export function inputScale({ inputs, count }: Examples): number {
  let sum = 0;
  for (const value of inputs) sum += value * value;
  const mean = sum / count;
  if (!(mean > 0)) throw new UsageError('--data: all inputs are zero; there is nothing to learn from');
  return mean >= least && mean <= most ? 1 : Math.sqrt(wanted / mean);
}

/** A spectrum of this many features, with its vectors, takes minutes; beyond it hours. */
const mostFeatures = 4096;

/** Refuses data that a study can say nothing about, before any work. */
export function requireStudiable({ features, labels }: Examples): void {
  if (features < 3) {
    throw new UsageError(
      `--data: ${features} feature${features === 1 ? ' has' : 's have'} no spectrum with a slope; give at least 3`,
    );
  }
  if (features > mostFeatures) {
    throw new UsageError(
      `--data: ${features} features make a ${features} × ${features} matrix, which takes hours to diagonalise; reduce them to at most ${mostFeatures}`,
    );
  }
  if (labels.every((label) => label === labels[0])) {
    throw new UsageError(`--data: all training examples have the label ${labels[0]}; there is nothing to tell apart`);
  }
}

/** A float32 copy with every input multiplied. */
export function scaled(examples: Examples, scale: number): Examples {
  return { ...examples, inputs: Float32Array.from(examples.inputs, (value) => value * scale) };
}
