import { type Examples, floatArray } from '@hyperribbon/contract';

/** Chosen examples, copied. */
export function rowsOf(examples: Examples, rows: Int32Array): Examples {
  const { inputs, features, labels, weights, classes, shape } = examples;
  const chosen = floatArray(inputs.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32', rows.length * features);
  rows.forEach((row, i) => chosen.set(inputs.subarray(row * features, (row + 1) * features), i * features));
  return {
    inputs: chosen,
    labels: Int32Array.from(rows, (row) => labels[row]),
    count: rows.length,
    features,
    classes,
    ...(shape && { shape }),
    ...(weights && { weights: Float64Array.from(rows, (row) => weights[row]) }),
  };
}
