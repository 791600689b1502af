import type { Examples } from '@hyperribbon/nn';

/** The same examples in shared memory, so that posting them to workers copies nothing. */
export function shareExamples(examples: Examples): Examples {
  const { inputs, labels } = examples;
  const Inputs = inputs instanceof Float64Array ? Float64Array : Float32Array;
  const sharedInputs = new Inputs(new SharedArrayBuffer(inputs.byteLength));
  sharedInputs.set(inputs);
  const sharedLabels = new Int32Array(new SharedArrayBuffer(labels.byteLength));
  sharedLabels.set(labels);
  return { ...examples, inputs: sharedInputs, labels: sharedLabels };
}
