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

/** A float32 copy with every input multiplied. */
export function scaled(examples: Examples, scale: number): Examples {
  return { ...examples, inputs: Float32Array.from(examples.inputs, (value) => value * scale) };
}

/** Two sets of examples as one. */
export function sideBySide(first: Examples, second: Examples): Examples {
  const inputs = new Float32Array(first.inputs.length + second.inputs.length);
  inputs.set(first.inputs);
  inputs.set(second.inputs, first.inputs.length);
  return {
    ...first,
    inputs,
    labels: Int32Array.from([...first.labels, ...second.labels]),
    count: first.count + second.count,
  };
}
