import type { Examples } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';

/** Gaussian blobs, one per class, overlapping a little: `count` examples of `features` numbers. */
export function blobs(count: number, features: number, classes: number, seed = 1, spread = 0.7): Examples {
  const centres = stream({ seed, purpose: 'centres' }).normal(new Float64Array(classes * features));
  const noise = stream({ seed, purpose: 'noise' }).normal(new Float64Array(count * features));
  const labels = Int32Array.from({ length: count }, (_, i) => i % classes);
  const inputs = noise.map(
    (z, i) => spread * z + centres[labels[Math.floor(i / features)] * features + (i % features)],
  );
  return { inputs, labels, count, features, classes };
}

/** Rows of the inputs as arrays, in an order. */
export function rows({ inputs, features }: Examples, order: ArrayLike<number>): Float64Array[] {
  return Array.from(order, (i) => Float64Array.from(inputs.subarray(i * features, (i + 1) * features)));
}
