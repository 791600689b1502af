import type { Examples } from '@hyperribbon/nn';

/** The same examples in shared memory, so that posting them to workers copies nothing. */
export function shareExamples(examples: Examples): Examples {
  const { inputs, labels } = examples;
  const memory = new SharedArrayBuffer(inputs.byteLength);
  const sharedInputs = inputs instanceof Float64Array ? new Float64Array(memory) : new Float32Array(memory);
  sharedInputs.set(inputs);
  const sharedLabels = new Int32Array(new SharedArrayBuffer(labels.byteLength));
  sharedLabels.set(labels);
  return { ...examples, inputs: sharedInputs, labels: sharedLabels };
}
