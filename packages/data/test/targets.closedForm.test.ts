// Oracle: what a person means by the numbers beside inputs, by the rule that whole numbers and one-hot rows are classes and rows that add up to 1 probabilities.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answerKind,
  countSharedInputs,
  examplesFromArrays,
  examplesIdentity,
  repeatedInputs,
  type ShapedArray,
  targetExamplesFromArrays,
} from '@hyperribbon/data';

const f64 = (shape: number[], ...values: number[]): ShapedArray => ({ shape, data: Float64Array.from(values) });
const f32 = (shape: number[], ...values: number[]): ShapedArray => ({ shape, data: Float32Array.from(values) });

describe('the numbers beside inputs are', () => {
  it.each<[string, ShapedArray, string]>([
    ['whole numbers in a float', f64([3], 0, 2, 1), 'classes'],
    ['whole numbers below zero', f32([2, 1], -1, 1), 'classes'],
    ['bools', { shape: [2], data: Uint8Array.of(0, 1) }, 'classes'],
    ['64-bit integers', { shape: [2], data: BigInt64Array.of(7n, 8n) }, 'classes'],
    ['one fraction', f64([3], 0, 2, 1.5), 'real'],
    ['a column of fractions', f64([2, 1], 0.5, 0.25), 'real'],
    ['one-hot rows', f32([2, 2], 0, 1, 1, 0), 'classes'],
    ['one-hot rows of integers', { shape: [2, 2], data: Int32Array.of(0, 1, 1, 0) }, 'classes'],
    ['probabilities', f32([2, 3], 0.2, 0.3, 0.5, 0, 1, 0), 'probabilities'],
    ['probabilities rounded to float32', f32([1, 3], 1 / 3, 1 / 3, 1 / 3), 'probabilities'],
    ['rows that nearly add up in float64', f64([1, 2], 0.5, 0.5 + 1e-7), 'real'],
    ['rows that add up, with one below zero', f64([1, 3], 0.75, 0.5, -0.25), 'real'],
    ['several ones in a row', f64([1, 3], 1, 1, 0), 'real'],
    ['rows of zeros', f64([1, 2], 0, 0), 'real'],
    ['NaN', f64([2], NaN, 1), 'real'],
    ['NaN among probabilities', f64([1, 2], NaN, 1), 'real'],
    ['images', f64([1, 2, 2], 0, 1, 0, 0), 'real'],
    ['nothing', f64([0]), 'classes'],
  ])('%s', (_, array, kind) => expect(answerKind(array)).toBe(kind));

  it('probabilities, whatever positive rows are divided by their sums in either type', () => {
    const row = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(row, (values) => {
        const total = values.reduce((a, b) => a + b);
        const shares = values.map((value) => value / total);
        expect(answerKind(f64([1, shares.length], ...shares))).toBe('probabilities');
        expect(answerKind(f32([1, shares.length], ...shares))).toBe('probabilities');
        expect(answerKind(f64([1, shares.length], ...shares.map((share) => 1.001 * share)))).toBe('real');
      }),
      { seed: 20261130, numRuns: 200 },
    );
  });
});

describe('examples with targets', () => {
  const inputs = f32([2, 3], 1, 2, 3, 4, 5, 6);
  it('keep the type and the rows of both', () => {
    const pair = targetExamplesFromArrays(inputs, f64([2, 2], 0.1, 0.2, 0.3, 0.4), { name: 'two' });
    expect(pair).toEqual({
      inputs: inputs.data,
      count: 2,
      features: 3,
      targets: Float64Array.of(0.1, 0.2, 0.3, 0.4),
      outputs: 2,
      name: 'two',
    });
    expect(targetExamplesFromArrays(inputs, f32([2], 7, 8)).outputs).toBe(1);
    expect(targetExamplesFromArrays(inputs, f32([2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8)).outputs).toBe(4);
  });

  it('scale bytes of inputs and none of targets, and order images', () => {
    const image = { shape: [1, 2, 1, 3], data: Uint8Array.of(0, 51, 102, 153, 204, 255) };
    const bytes = { shape: [1, 2], data: Uint8Array.of(0, 255) };
    const {
      inputs: x,
      targets,
      shape,
    } = targetExamplesFromArrays(image, bytes, { dtype: 'float64', layout: 'channels-last' });
    expect([...x]).toEqual([0, 0.6, 0.2, 0.8, 0.4, 1]);
    expect([[...targets], shape]).toEqual([
      [0, 255],
      [3, 2, 1],
    ]);
  });

  it.each<[string, ShapedArray, RegExp]>([
    ['too few', f64([1], 1), /targets must have shape \(2, \.\.\.\) like the inputs, got \[1\]/],
    ['none each', f64([2, 0]), /targets must have shape/],
    ['NaN', f64([2, 2], 1, 2, NaN, 4), /targets must be finite, got NaN at example 1, output 0/],
    ['infinite', f32([2], 1, -Infinity), /targets must be finite, got -Infinity at example 1/],
    ['beyond float64', { shape: [2], data: BigInt64Array.of(1n, 2n ** 60n) }, /targets must be below 2\^53/],
    ['of another size than their shape', f64([2, 2], 1, 2), /targets has shape \[2, 2\] but 2 elements/],
  ])('refuse targets that are %s', (_, targets, message) => {
    expect(() => targetExamplesFromArrays(inputs, targets)).toThrow(message);
    expect(() => targetExamplesFromArrays(inputs, targets)).toThrow(/^targetExamplesFromArrays: /);
  });

  it('have an identity of their own, by inputs and by targets', () => {
    const of = (x: ShapedArray, t: ShapedArray): string => examplesIdentity(targetExamplesFromArrays(x, t));
    const own = of(inputs, f64([2], 1, 2));
    // python3: hashlib.sha256 of the three lines with digests of the arrays
    expect(own).toBe('sha256:ab25c683e14a2c5d9ab7dfb2f0f7db1f6f52922f3688a9a23cb404feeb87eb0f');
    expect(of(inputs, f64([2], 1, 2))).toBe(own);
    const others = [
      of(inputs, f64([2], 1, 3)),
      of(inputs, f32([2], 1, 2)),
      of(f32([2, 3], 1, 2, 3, 4, 5, 7), f64([2], 1, 2)),
      examplesIdentity(examplesFromArrays(inputs, f64([2], 1, 0))),
    ];
    expect(new Set([own, ...others]).size).toBe(5);
  });

  it('repeat where inputs do; targets that differ contradict each other', () => {
    const x = f64([5, 1], 1, 2, 1, 2, 3);
    const found = (...targets: number[]) => repeatedInputs(targetExamplesFromArrays(x, f64([5, 1], ...targets)));
    expect(found(5, 6, 5, 6, 7)).toMatchObject({ repeats: 2, contradictions: 0 });
    expect(found(5, 6, 5.5, 6, 7)).toMatchObject({ repeats: 2, contradictions: 1 });
    const two = targetExamplesFromArrays(x, f64([5, 2], 1, 2, 3, 4, 1, 2.5, 3, 4, 5, 6));
    expect(repeatedInputs(two)).toMatchObject({ repeats: 2, contradictions: 1 });
    expect(countSharedInputs(two, targetExamplesFromArrays(f64([2, 1], 3, 9), f64([2], 0, 0)))).toBe(1);
  });
});
