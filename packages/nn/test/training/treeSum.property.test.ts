import { describe, expect, it } from 'vitest';
import { createTreeSum, nodesOf, treeLevels } from '../../src/shares/treeSum.js';

const vector = (seed: number): Float64Array =>
  Float64Array.from({ length: 5 }, (_, i) => Math.sin(7 * seed + i) * 10 ** (seed % 5));

/** The definition: halves at the largest power of two below the count. */
function recursive(vectors: readonly Float64Array[]): Float64Array {
  if (vectors.length === 1) return vectors[0];
  let half = 1;
  while (2 * half < vectors.length) half *= 2;
  const left = recursive(vectors.slice(0, half));
  const right = recursive(vectors.slice(half));
  return left.map((x, i) => x + right[i]);
}

describe('treeSum', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 13, 16, 31, 100])('of %i vectors is the recursive tree, bit for bit', (count) => {
    const vectors = Array.from({ length: count }, (_, i) => vector(i));
    const tree = createTreeSum(5, count);
    const out = new Float64Array(5);
    for (let round = 0; round < 2; round++) {
      tree.clear();
      for (const v of vectors) tree.add([v.subarray(0, 2), v.subarray(2)]);
      tree.total(1, out);
      expect(out).toEqual(recursive(vectors));
    }
  });

  it('is not the left-to-right sum (the order matters in these tests)', () => {
    const vectors = Array.from({ length: 31 }, (_, i) => vector(i));
    const plain = vectors.reduce((sum, v) => sum.map((x, i) => x + v[i]));
    expect(recursive(vectors)).not.toEqual(plain);
  });

  it('of nothing is zero, and float32 pieces add up in float64', () => {
    const out = Float32Array.of(1);
    const tree = createTreeSum(1, 3);
    tree.total(1, out);
    expect(out[0]).toBe(0);
    for (const x of [1, 2 ** -30, 2 ** -30]) tree.add([Float32Array.of(x)]);
    const wide = new Float64Array(1);
    tree.total(2, wide);
    expect(wide[0]).toBe(2 + 2 ** -28);
  });

  it('of nodes summed elsewhere has the bits of the whole, wherever the vectors are divided', () => {
    const vectors = Array.from({ length: 13 }, (_, i) => vector(i));
    const expected = recursive(vectors);
    for (let first = 1; first < 12; first++) {
      for (let second = first + 1; second < 13; second++) {
        const tree = createTreeSum(5, 13);
        let at = 0;
        for (const level of [...nodesOf(0, first), ...nodesOf(first, second), ...nodesOf(second, 13)]) {
          tree.addNode(recursive(vectors.slice(at, at + 2 ** level)), level);
          at += 2 ** level;
        }
        const out = new Float64Array(5);
        tree.total(1, out);
        expect([at, out]).toEqual([13, expected]);
      }
    }
  });

  it('takes aligned nodes, as large as they can be', () => {
    expect([nodesOf(0, 8), nodesOf(0, 7), nodesOf(5, 10), nodesOf(3, 4), nodesOf(4, 4)]).toEqual([
      [3],
      [2, 1, 0],
      [0, 1, 1],
      [0],
      [],
    ]);
  });

  it('needs one level per bit of the count, and none for one vector', () => {
    expect([0, 1, 2, 3, 4, 63, 64].map(treeLevels)).toEqual([0, 0, 2, 2, 3, 6, 7]);
  });
});
