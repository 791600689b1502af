import { type AnyExamples, type TargetExamples, floatArray, refuse } from '@hyperribbon/contract';
import { isTargeted } from '../examples.js';

/** Examples with class probabilities: unit vectors of their labels; targets are copied. */
export function softTargets(caller: string, examples: AnyExamples): TargetExamples {
  if (isTargeted(examples)) return { ...examples, targets: examples.targets.slice() };
  const { labels, classes, inputs, count, ...rest } = examples;
  if (classes < 2) refuse(caller, `labels must tell at least 2 classes apart, got classes=${classes}`);
  const targets = floatArray(inputs.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32', count * classes);
  for (let i = 0; i < count; i++) targets[i * classes + labels[i]] = 1;
  return { ...rest, inputs, count, targets, outputs: classes };
}
