import { readFileSync } from 'node:fs';
import type { Examples } from '@hyperribbon/nn';

interface Row {
  readonly loss: 'softmax-cross-entropy' | 'squared-error';
  readonly widths: readonly number[];
  readonly linearLoss: number;
  readonly margin: number;
  readonly rank: number;
  /** the largest, as many as the rank */
  readonly eigenvalues: readonly number[];
}

interface Golden {
  readonly inputs: readonly number[];
  readonly labels: readonly number[];
  readonly cleanLabels: readonly number[];
  readonly rows: readonly Row[];
}

/** Values of an independent program in numpy: see `provenance` in the file. */
export const golden = JSON.parse(
  readFileSync(new URL('../golden/constructedMinima.json', import.meta.url), 'utf8'),
) as Golden;

/** 120 points of U(0, 1)⁶ in three classes that no affine model tells apart; labels partly drawn anew, or not. */
export function checkSet(which: 'labels' | 'cleanLabels' = 'labels'): Examples {
  return {
    count: 120,
    features: 6,
    classes: 3,
    inputs: Float64Array.from(golden.inputs),
    labels: Int32Array.from(golden[which]),
  };
}

export function examplesOf(rows: readonly (readonly number[])[], labels: readonly number[], classes: number): Examples {
  const inputs = Float64Array.from(rows.flat());
  return { count: rows.length, features: rows[0].length, classes, inputs, labels: Int32Array.from(labels) };
}
