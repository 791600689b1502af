import type { FloatArray } from '@hyperribbon/kernels';

/** Copies the examples order[first], order[first + 1], … into a batch, as many as it holds. */
export function gatherBatch(
  { inputs, labels, features }: { readonly inputs: FloatArray; readonly labels: Int32Array; readonly features: number },
  order: Int32Array,
  first: number,
  to: { readonly inputs: FloatArray; readonly labels: Int32Array },
): void {
  for (let i = 0; i < to.labels.length; i++) {
    const row = order[first + i];
    to.labels[i] = labels[row];
    to.inputs.set(inputs.subarray(row * features, (row + 1) * features), i * features);
  }
}
