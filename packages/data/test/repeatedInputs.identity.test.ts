import { describe, expect, it } from 'vitest';
import { countSharedInputs, repeatedInputs } from '@hyperribbon/data';
import type { Examples } from '@hyperribbon/contract';
import { stream } from '@hyperribbon/random';

function examples(inputs: Float32Array | Float64Array, labels: number[], features: number, classes = 3): Examples {
  return { inputs, labels: Int32Array.from(labels), count: labels.length, features, classes };
}

/** 300 rows of noise, each 20 times, in a random order. */
function copies(): { set: Examples; source: Int32Array } {
  const source = stream({ seed: 5, purpose: 'copies' })
    .permutation(6000)
    .map((i) => i % 300);
  const noise = stream({ seed: 5, purpose: 'noise' }).normal(new Float64Array(300 * 7));
  const inputs = Float64Array.from({ length: 6000 * 7 }, (_, i) => noise[source[Math.floor(i / 7)] * 7 + (i % 7)]);
  return {
    set: examples(
      inputs,
      Array.from(source, (s) => s % 2),
      7,
      2,
    ),
    source,
  };
}

describe('repeatedInputs', () => {
  it('keeps one row of each group of copies, in ascending order', () => {
    const { set, source } = copies();
    const { distinct, repeats, contradictions } = repeatedInputs(set);
    expect([distinct.length, repeats, contradictions]).toEqual([300, 5700, 0]);
    expect(new Set(Array.from(distinct, (row) => source[row])).size).toBe(300);
    expect(distinct).toEqual(Int32Array.from(distinct).sort());
    // not always the first row of the file
    const first = Array.from({ length: 300 }, (_, s) => source.indexOf(s)).sort((a, b) => a - b);
    expect(Array.from(distinct)).not.toEqual(first);
    expect(repeatedInputs(set)).toEqual(repeatedInputs(set));
  });

  it('leaves nothing in common between parts of what it keeps', () => {
    const { set } = copies();
    const { distinct } = repeatedInputs(set);
    const part = (rows: Int32Array): Examples =>
      examples(
        Float64Array.from({ length: rows.length * 7 }, (_, i) => set.inputs[rows[Math.floor(i / 7)] * 7 + (i % 7)]),
        Array.from(rows, () => 0),
        7,
      );
    expect(countSharedInputs(part(distinct.subarray(0, 150)), part(distinct.subarray(150)))).toBe(0);
    expect(countSharedInputs(set, set)).toBe(6000);
  });

  it('takes numbers for what they are: 0 and −0 are equal, neighbours are not', () => {
    for (const array of [Float32Array, Float64Array]) {
      const eps = array === Float32Array ? 2 ** -23 : 2 ** -52;
      const set = examples(array.of(0, -0, 1, 1 + eps, 1), [0, 0, 1, 1, 1], 1);
      expect(repeatedInputs(set)).toMatchObject({ repeats: 2, contradictions: 0 });
    }
  });

  it('counts inputs with several labels, and picks among them without preferring one', () => {
    // 4000 inputs, each twice, with label 0 in the first half of the file and 1 in the second
    const inputs = Float32Array.from({ length: 8000 }, (_, i) => i % 4000);
    const set = examples(
      inputs,
      Array.from({ length: 8000 }, (_, i) => Number(i >= 4000)),
      1,
    );
    const { distinct, contradictions } = repeatedInputs(set);
    expect([distinct.length, contradictions]).toEqual([4000, 4000]);
    const ones = distinct.reduce((sum, row) => sum + set.labels[row], 0);
    expect(Math.abs(ones - 2000)).toBeLessThan(5 * Math.sqrt(1000));
  });

  it('finds nothing where nothing is repeated: one row, many columns', () => {
    expect(repeatedInputs(examples(Float32Array.of(1), [0], 1))).toEqual({
      distinct: Int32Array.of(0),
      repeats: 0,
      contradictions: 0,
    });
    const wide = stream({ seed: 1, purpose: 'wide' }).normal(new Float32Array(50 * 400));
    expect(
      repeatedInputs(
        examples(
          wide,
          Array.from({ length: 50 }, () => 0),
          400,
        ),
      ).repeats,
    ).toBe(0);
  });
});
