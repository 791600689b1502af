import { expect, test } from 'vitest';
import { examplesAt, type Examples, type TargetExamples } from '../src/index.js';

const labelled: Examples = {
  inputs: Float32Array.of(0, 1, 10, 11, 20, 21),
  labels: Int32Array.of(0, 1, 2),
  count: 3,
  features: 2,
  classes: 3,
};

test('rows are those asked for, in that order, with repeats', () => {
  const some = examplesAt(labelled, [2, 0, 2]);
  expect([...some.inputs]).toEqual([20, 21, 0, 1, 20, 21]);
  expect([...some.labels]).toEqual([2, 0, 2]);
  expect([some.count, some.features, some.classes]).toEqual([3, 2, 3]);
});

test('copies: what is done to them leaves the examples as they were', () => {
  const some = examplesAt(labelled, [1]);
  some.inputs.fill(7);
  some.labels.fill(0);
  expect([...labelled.inputs]).toEqual([0, 1, 10, 11, 20, 21]);
  expect([...labelled.labels]).toEqual([0, 1, 2]);
});

test('targets and weights come along, each in its own numbers', () => {
  const targeted: TargetExamples = {
    inputs: Float64Array.of(1, 2, 3),
    targets: Float32Array.of(1, -1, 2, -2, 3, -3),
    outputs: 2,
    weights: Float64Array.of(0.5, 0, 2),
    shape: [1],
    count: 3,
    features: 1,
  };
  const some = examplesAt(targeted, Int32Array.of(2, 1));
  expect([...some.targets]).toEqual([3, -3, 2, -2]);
  expect([...some.weights!]).toEqual([2, 0]);
  expect([some.inputs.BYTES_PER_ELEMENT, some.targets.BYTES_PER_ELEMENT]).toEqual([8, 4]);
  expect(some.shape).toEqual([1]);
});

test('no rows, and rows that there are not', () => {
  expect(() => examplesAt(labelled, [])).toThrow(/examplesAt: rows.length/u);
  for (const row of [3, -1, 0.5, NaN]) expect(() => examplesAt(labelled, [0, row])).toThrow(/examplesAt: rows\[1\]/u);
});
