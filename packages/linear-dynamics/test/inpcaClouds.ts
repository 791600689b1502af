import { exp } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';
import type { Models } from '../src/index.js';

/** Softmax outputs of random logits of the given spread. */
export function softmaxCloud(
  models: number,
  samples: number,
  classes: number,
  seed: number,
  spread = 1.5,
): Models & { readonly probabilities: Float64Array } {
  const logits = new Float64Array(models * samples * classes);
  stream({ seed, purpose: 'test/softmaxCloud', index: 0 }).normal(logits);
  const probabilities = logits.map((z) => exp(spread * z));
  for (let row = 0; row < probabilities.length; row += classes) {
    const sum = probabilities.subarray(row, row + classes).reduce((a, b) => a + b, 0);
    for (let c = 0; c < classes; c++) probabilities[row + c] = probabilities[row + c]! / sum;
  }
  return { probabilities, models, samples, classes };
}

/** Some models of a set, in the order named. */
export function choose(set: Models, which: readonly number[]): Models & { readonly probabilities: Float64Array } {
  const size = set.samples * set.classes;
  const probabilities = new Float64Array(which.length * size);
  which.forEach((from, to) => probabilities.set(set.probabilities.subarray(from * size, (from + 1) * size), to * size));
  return { ...set, probabilities, models: which.length };
}

/** max |a − b| */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return NaN;
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  return worst;
}

export function largest(a: ArrayLike<number>): number {
  return Array.from(a).reduce((max, x) => Math.max(max, Math.abs(x)), 0);
}

/** D_k of a map by its definition: signed squared differences of the first `axes` coordinates */
export function minkowski(
  {
    coordinates,
    signs,
    models,
    dimensions,
  }: { coordinates: Float64Array; signs: Int8Array; models: number; dimensions: number },
  axes: number = dimensions,
): Float64Array {
  const out = new Float64Array(models * models);
  for (let i = 0; i < models; i++) {
    for (let j = 0; j < models; j++) {
      for (let k = 0; k < axes; k++) {
        const d = coordinates[i * dimensions + k]! - coordinates[j * dimensions + k]!;
        out[i * models + j] = out[i * models + j]! + signs[k]! * d * d;
      }
    }
  }
  return out;
}
