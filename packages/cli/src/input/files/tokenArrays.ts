import { isFloatArray, typedArrayName } from '@hyperribbon/contract';
import type { NumericData, ShapedArray } from '@hyperribbon/data';
import type { Labelled } from './labelled.js';

/** Whether an array is called as arrays of tokens are: tokens, train_tokens, input_ids. */
export function namesTokens(name: string): boolean {
  return /(^|[^a-z])(tokens?|ids)($|[^a-z])/i.test(name);
}

/** Whether inputs and labels are whole numbers at the same places, (count, positions): sequences with what follows each token. Bytes may be pixels. */
export function areSequences({ inputs, labels }: Labelled): boolean {
  const { shape, data } = inputs;
  if (labels === undefined || Array.isArray(labels) || shape.length !== 2 || shape[1] < 2 || isFloatArray(data))
    return false;
  const { shape: other, data: answers } = labels as ShapedArray;
  return typedArrayName(data) !== 'Uint8Array' && !isFloatArray(answers) && other.join() === shape.join();
}

/** Sequences (count, length) as inputs, all but their last token, and as what follows each of these. Copies. */
export function nextTokens({ shape: [count, length], data }: ShapedArray): Labelled {
  const part = (from: number): ShapedArray => {
    const values = Float64Array.from({ length: count * (length - 1) }, (_, i) => {
      const row = Math.floor(i / (length - 1));
      return Number((data as NumericData)[row * length + (i % (length - 1)) + from]);
    });
    return { shape: [count, length - 1], data: values };
  };
  return { inputs: part(0), labels: part(1) };
}
