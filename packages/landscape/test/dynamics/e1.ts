import { readFileSync } from 'node:fs';
import { type Examples, mlp } from '@hyperribbon/nn';

const golden = JSON.parse(readFileSync(new URL('../golden/gradientFlow.json', import.meta.url), 'utf8')) as {
  readonly inputs: readonly number[];
  readonly labels: readonly number[];
  readonly weights: readonly number[];
};

/** Four classes in ten dimensions, a hundred examples, a tanh network of 1,540 weights: descends to the edge in seconds. */
export const network = mlp([10, 32, 32, 4], { activation: 'tanh' });
export const examples: Examples = {
  inputs: Float64Array.from(golden.inputs),
  labels: Int32Array.from(golden.labels),
  count: 100,
  features: 10,
  classes: 4,
};
export const start = Float64Array.from(golden.weights);
