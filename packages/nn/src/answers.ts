import { float32, float64, int32, type Spec } from '@hyperribbon/autodiff';
import { type AnyExamples, floatArray, isFloatArray } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { isTargeted } from './examples.js';

/** What a loss compares the logits with: labels, one int32 per example, or targets, `outputs` numbers per example. */
export interface Answers {
  readonly data: Int32Array | FloatArray;
  /** of so many examples: int32 (rows,) or dtype (rows, outputs) */
  spec(rows: number): Spec;
  /** those of examples [from, to), without a copy */
  of(from: number, to: number): Int32Array | FloatArray;
}

/** The labels of examples, or their targets in the dtype. */
export function answersOf(examples: AnyExamples, dtype: Dtype): Answers {
  if (!isTargeted(examples)) {
    const { labels } = examples;
    return { data: labels, spec: (rows) => int32(rows), of: (from, to) => labels.subarray(from, to) };
  }
  const { outputs } = examples;
  const targets = inDtype(examples.targets, dtype);
  const spec = dtype === 'float64' ? float64 : float32;
  return {
    data: targets,
    spec: (rows) => spec(rows, outputs),
    of: (from, to) => targets.subarray(from * outputs, to * outputs),
  };
}

/** The numbers themselves where they have the dtype. */
export function inDtype(values: FloatArray, dtype: Dtype): FloatArray {
  return values.BYTES_PER_ELEMENT === (dtype === 'float64' ? 8 : 4) ? values : floatArray(dtype, values);
}

/** Whether a batch's answers are labels. */
export function areLabels(answers: Int32Array | FloatArray): answers is Int32Array {
  return !isFloatArray(answers);
}
