// Oracle: the classes that a person means, by the rule that 0, 1, … are classes and everything else names them.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channelsFirst, classLabels, examplesFromArrays, imageLayout, type ShapedArray } from '@hyperribbon/data';

const of = (...values: number[]): ShapedArray => ({ shape: [values.length], data: Float64Array.from(values) });

describe('labels', () => {
  it.each<[string, ShapedArray | readonly string[], number[], number, (number | string)[] | undefined]>([
    ['0, 1, 2', of(0, 2, 1), [0, 2, 1], 3, undefined],
    ['one left out', of(0, 2), [0, 2], 3, undefined],
    ['from 1', of(1, 3, 2, 1), [0, 2, 1, 0], 3, [1, 2, 3]],
    ['from 1, one left out', of(1, 4, 2), [0, 2, 1], 3, [1, 2, 4]],
    ['minus and plus 1', of(-1, 1, -1), [0, 1, 0], 2, [-1, 1]],
    ['minus, 0 and plus 1', of(1, -1, 0), [2, 0, 1], 3, [-1, 0, 1]],
    ['two codes', of(4, 2, 4), [1, 0, 1], 2, [2, 4]],
    ['0 and a far one', of(0, 9, 9), [0, 1, 1], 2, [0, 9]],
    ['0 and an id', of(0, 99781), [0, 1], 2, [0, 99781]],
    ['all 0', of(0, 0), [0, 0], 2, undefined],
    ['all 7', of(7, 7), [7, 7], 8, undefined],
    ['one example', of(0), [0], 2, undefined],
    ['a column', { shape: [3, 1], data: Uint8Array.of(1, 0, 1) }, [1, 0, 1], 2, undefined],
    ['64-bit integers', { shape: [2], data: BigInt64Array.of(0n, 1n) }, [0, 1], 2, undefined],
    ['bools', { shape: [2], data: Uint8Array.of(1, 0), dtype: 'bool' }, [1, 0], 2, undefined],
    ['one-hot rows', { shape: [2, 3], data: Float32Array.of(0, 0, 1, 1, 0, 0) }, [2, 0], 3, undefined],
    ['words', ['b', 'a', 'c', 'a'], [1, 0, 2, 0], 3, ['a', 'b', 'c']],
    ['words of one class', ['a', 'a'], [0, 0], 2, ['a']],
  ])('%s', (_, labels, expected, classes, names) => {
    const found = classLabels(labels);
    expect([...found.labels]).toEqual(expected);
    expect(found.classes).toBe(classes);
    expect(found.names).toEqual(names);
  });

  it('of a network stand as they are where they fit, and are its classes in order where they are as many', () => {
    expect([...classLabels(of(1, 2, 1), { classes: 3 }).labels]).toEqual([1, 2, 1]);
    expect([...classLabels(of(1, 2, 3), { classes: 3 }).labels]).toEqual([0, 1, 2]);
    expect([...classLabels(['no', 'yes'], { classes: 2 }).labels]).toEqual([0, 1]);
    expect(() => classLabels(of(1, 3), { classes: 3 })).toThrow(
      /must be in \[0, 3\), or 3 different ones, got label 1, 3: 2 different/,
    );
    expect(() => classLabels(of(-1, 0), { classes: 3 })).toThrow(/must be in \[0, 3\)/);
    expect(() => classLabels(['a'], { classes: 2 })).toThrow(/or 2 different ones, got label "a": 1 different/);
  });

  it('of a test set are coded as those of the training set', () => {
    const { names } = classLabels(of(2, 4, 8));
    expect([...classLabels(of(8, 2), { names: names! }).labels]).toEqual([2, 0]);
    expect(() => classLabels(of(3), { names: names! })).toThrow(/label 3 is none of the classes 2, 4, 8/);
  });

  it.each<[string, ShapedArray | readonly string[], RegExp]>([
    ['fractions', of(0, 0.5), /labels must be integers, got 0.5 at index 1; bin measurements/],
    ['NaN', of(NaN, 1), /must be integers, got NaN at index 0/],
    [
      'ids',
      of(...Array.from({ length: 30 }, (_, i) => 1000 + i)),
      /30 different labels among 30 examples are ids or measurements/,
    ],
    ['ids from 0', of(...Array.from({ length: 30 }, (_, i) => i)), /ids or measurements/],
    ['words of their own each', Array.from({ length: 11 }, (_, i) => `n${i}`), /11 different labels among 11/],
    ['two ones', { shape: [2, 2], data: Uint8Array.of(1, 0, 1, 1) }, /one-hot, .* but row 1 is not/],
    ['soft rows', { shape: [1, 2], data: Float64Array.of(0.3, 0.7) }, /but row 0 is not/],
    ['three dimensions', { shape: [1, 2, 1], data: Uint8Array.of(1, 0) }, /must have shape \(count,\)/],
  ])('%s tell no classes', (_, labels, message) => {
    expect(() => classLabels(labels)).toThrow(message);
    expect(() => classLabels(labels)).toThrow(/^classLabels: /);
  });

  it('keep their order, and no two of them meet', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 60 }), (values) => {
        let found;
        try {
          found = classLabels(of(...values));
        } catch {
          return new Set(values).size > 10;
        }
        const { labels, classes, names } = found;
        const compare = (a: number, b: number): number => Math.sign(a - b);
        return values.every(
          (value, i) =>
            labels[i] >= 0 &&
            labels[i] < classes &&
            compare(labels[i], labels[0]) === compare(value, values[0]) &&
            (names === undefined ? labels[i] === value : names[labels[i]] === value),
        );
      }),
      { seed: 20261130 },
    );
  });

  it('of which none is 0 need a number of classes where examples are made', () => {
    const inputs = { shape: [2, 1], data: new Float32Array(2) };
    expect(() => examplesFromArrays(inputs, of(1, 3))).toThrow(
      /no label is 0, the largest is 3; number classes from 0 \(classLabels does\), or say classes: 4/,
    );
    expect(examplesFromArrays(inputs, of(1, 3), { classes: 4 }).classes).toBe(4);
  });
});

describe('images', () => {
  it.each<[number[], string | undefined]>([
    [[9, 28, 28, 1], 'channels-last'],
    [[9, 1, 28, 28], 'channels-first'],
    [[9, 32, 32, 3], 'channels-last'],
    [[9, 3, 32, 32], 'channels-first'],
    [[9, 3, 4, 4], 'channels-first'],
    [[9, 4, 4, 3], 'channels-last'],
    [[9, 32, 32, 7], 'channels-last'],
    [[9, 7, 32, 32], 'channels-first'],
    [[9, 3, 10, 20], 'channels-first'],
    [[9, 10, 20, 3], 'channels-last'],
    [[9, 1, 5, 1], 'channels-first'],
    [[9, 3, 3, 3], undefined],
    [[9, 3, 5, 4], undefined],
    [[9, 10, 20, 7], undefined],
    [[9, 8, 8, 8], undefined],
  ])('%j', (shape, layout) => expect(imageLayout(shape)).toBe(layout));

  it('end as channel, row, column: the same examples from either layout, in every type', () => {
    const [count, height, width, channels] = [2, 6, 5, 3];
    const at = (i: number, c: number, y: number, x: number): number => (i * 90 + c * 30 + y * 5 + x) % 251;
    const first = new Uint8Array(180);
    const last = new Uint8Array(180);
    for (let i = 0; i < count; i++)
      for (let c = 0; c < channels; c++)
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) {
            first[((i * channels + c) * height + y) * width + x] = at(i, c, y, x);
            last[((i * height + y) * width + x) * channels + c] = at(i, c, y, x);
          }
    const labels = of(0, 1);
    for (const type of [Uint8Array, Float32Array, Float64Array]) {
      const a = examplesFromArrays({ shape: [count, channels, height, width], data: type.from(first) }, labels);
      const b = examplesFromArrays({ shape: [count, height, width, channels], data: type.from(last) }, labels);
      expect(b.inputs).toEqual(a.inputs);
      expect([b.features, b.count, b.shape, a.shape]).toEqual([90, 2, [3, 6, 5], [3, 6, 5]]);
    }
    const kept = examplesFromArrays({ shape: [count, height, width, channels], data: last }, labels, {
      layout: 'channels-first',
    });
    expect([...kept.inputs]).toEqual([...last].map((byte) => Math.fround(byte / 255)));
  });

  it('are refused where their shape leaves a doubt, until somebody says', () => {
    const cubes = { shape: [1, 2, 2, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
    expect(() => examplesFromArrays(cubes, of(0))).toThrow(
      /shape \[1, 2, 2, 2\] may have their channels first or last; say layout/,
    );
    expect([...channelsFirst(cubes, 'channels-last').data]).toEqual([1, 3, 5, 7, 2, 4, 6, 8]);
    expect(channelsFirst(cubes, 'channels-first')).toBe(cubes);
    expect(() => channelsFirst(cubes, 'grey')).toThrow(/images must have three dimensions, got \[1, 2, 2, 2\]/);
    expect(() =>
      examplesFromArrays({ shape: [1, 2], data: Float32Array.of(1, 2) }, of(0), { layout: 'channels-last' }),
    ).toThrow(/layout channels-last is of inputs with four dimensions/);
  });
});

it('what shape an example has is kept, of grey images with their one channel', () => {
  const shapeOf = (array: ShapedArray, options = {}): readonly number[] | undefined =>
    examplesFromArrays(array, of(0), options).shape;
  expect(shapeOf({ shape: [1, 2, 3], data: new Uint8Array(6) })).toEqual([1, 2, 3]);
  expect(shapeOf({ shape: [1, 2, 3], data: new Float32Array(6) })).toEqual([2, 3]);
  expect(shapeOf({ shape: [1, 2, 3], data: new Float32Array(6) }, { layout: 'grey' })).toEqual([1, 2, 3]);
  expect(shapeOf({ shape: [1, 6], data: new Float32Array(6) })).toBeUndefined();
  expect(channelsFirst({ shape: [1, 2, 3], data: new Float32Array(6) }).shape).toEqual([1, 1, 2, 3]);
});

it('bytes are scaled in the type that is asked for: correctly rounded quotients', () => {
  const data = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const labels = { shape: [256], data: new Uint8Array(256) };
  const wide = examplesFromArrays({ shape: [256, 1], data }, labels, { dtype: 'float64' }).inputs;
  expect(Object.prototype.toString.call(wide)).toBe('[object Float64Array]');
  expect([...wide]).toEqual(Array.from(data, (byte) => byte / 255));
  const narrow = examplesFromArrays({ shape: [256, 1], data }, labels).inputs;
  expect([...narrow]).toEqual(Array.from(data, (byte) => Math.fround(byte / 255)));
  expect([...narrow]).not.toEqual([...wide]);
  const bools = examplesFromArrays({ shape: [256, 1], data: data.map((x) => x & 1), dtype: 'bool' }, labels, {
    dtype: 'float64',
  });
  expect([bools.inputs[1], bools.inputs.BYTES_PER_ELEMENT]).toEqual([1, 8]);
});
