import { floatArray } from '@hyperribbon/contract';
import { gatherBatch, type Examples } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import type { DataRecord, RandomLabels, SplitIndices } from '../../certificate/certificate.js';

/** The rows of a data set that a certificate names, in their order; a copy. */
export function splitExamples(dataset: Examples, indices: SplitIndices): Examples {
  const { features } = dataset;
  const rows = rowsOf(indices);
  const dtype = dataset.inputs.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32';
  const to = { inputs: floatArray(dtype, rows.length * features), labels: new Int32Array(rows.length) };
  gatherBatch(dataset, rows, 0, to);
  return { ...dataset, ...to, count: rows.length };
}

/** Whether a data set has all rows that are named. */
export function hasRows({ count }: Examples, indices: SplitIndices): boolean {
  return indices.kind === 'permutation' ? indices.of === count : (indices.ranges.at(-1)?.[1] ?? Infinity) <= count;
}

function rowsOf(indices: SplitIndices): Int32Array {
  if (indices.kind === 'permutation') {
    const { seed, purpose, index, of, from, to } = indices;
    return stream({ seed, purpose, index }).permutation(of).slice(from, to);
  }
  const rows: number[] = [];
  for (const [from, to] of indices.ranges) for (let row = from; row < to; row++) rows.push(row);
  return Int32Array.from(rows);
}

/** The data set with the labels that the certificate speaks of: its own, or those of a control. */
export function withLabels(dataset: Examples, labels: DataRecord['labels']): Examples {
  return labels === null ? dataset : withRandomLabels(dataset, labels);
}

/** A whole data set with the labels of a control: example i gets integer i of the stream, whatever split it will be in. */
export function withRandomLabels(examples: Examples, { seed, purpose }: RandomLabels): Examples {
  const random = stream({ seed, purpose });
  return { ...examples, labels: examples.labels.map(() => random.integer(examples.classes)) };
}
