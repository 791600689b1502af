// Oracle: every example is met once an epoch, and argmax as NumPy and PyTorch define it.
import { countMistakes, gatherBatch, planBatches } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { blobs } from './blobs.js';

it.each([Float32Array, Float64Array])('batches hold the examples that their order names, each once: %o', (Floats) => {
  const examples = blobs(7, 4, 3);
  const { features, count } = examples;
  const order = Int32Array.of(3, 0, 6, 2, 5, 1, 4);
  const batch = { inputs: new Floats(2 * features), labels: new Int32Array(2) };
  for (let first = 0; first + 2 <= count; first += 2) {
    gatherBatch(examples, order, first, batch);
    const rows = Array.from(order.subarray(first, first + 2));
    expect(Array.from(batch.labels)).toEqual(rows.map((row) => examples.labels[row]));
    const expected = rows.flatMap((row) => Array.from(examples.inputs.subarray(row * features, (row + 1) * features)));
    expect(batch.inputs).toEqual(Floats.from(expected));
  }
});

it.each([
  [1, 1, [1]],
  [6, 3, [3, 3]],
  [7, 3, [3, 3, 1]],
  [7, 7, [7]],
])('%i examples in batches of %i are planned for what each holds', (count, size, rows) => {
  const planned: number[] = [];
  const plans = planBatches(count, size, (n) => (planned.push(n), n));
  expect(Array.from({ length: plans.batches }, (_, i) => plans.of(i))).toEqual(rows);
  expect(planned).toEqual([...new Set(rows)]);
});

describe('the largest logit', () => {
  const argmax = (row: number[]): number => row.indexOf(Math.max(...row));

  it('of equal ones is the first, for every label and every pattern of ties', () => {
    for (let pattern = 0; pattern < 27; pattern++) {
      const row = [pattern % 3, Math.floor(pattern / 3) % 3, Math.floor(pattern / 9)];
      for (let label = 0; label < 3; label++) {
        const found = countMistakes(Float64Array.from(row), Int32Array.of(label), 3);
        expect(found).toBe(argmax(row) === label ? 0 : 1);
      }
    }
  });

  it('is counted row by row, and all classes equal are right for class 0 only', () => {
    expect(countMistakes(new Float32Array(12), Int32Array.of(0, 1, 2, 0), 3)).toBe(2);
    const logits = stream({ seed: 1, purpose: 'logits' }).normal(new Float64Array(300));
    const labels = Int32Array.from({ length: 100 }, (_, i) => i % 3);
    const wrong = labels.filter((label, i) => argmax(Array.from(logits.subarray(3 * i, 3 * i + 3))) !== label).length;
    expect(countMistakes(logits, labels, 3)).toBe(wrong);
  });

  it.each([0, 1, 2])('is none in a row with a NaN at %i', (place) => {
    for (let label = 0; label < 3; label++) {
      const row = Float64Array.of(0, 0, 0);
      row[label] = 5;
      row[place] = Number.NaN;
      expect(countMistakes(row, Int32Array.of(label), 3)).toBe(1);
    }
  });
});
