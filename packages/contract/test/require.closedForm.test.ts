import { expect, test } from 'vitest';
import {
  ArgumentError,
  ArgumentTypeError,
  describe as show,
  refuse,
  refuseType,
  requireBetween,
  requireCounts,
  requireEach,
  requireFinite,
  requireFiniteEntries,
  requireFloatArray,
  requireInteger,
  requireLength,
  requireNonNegative,
  requireOneOf,
  requirePositive,
  requireSeed,
  requireWithin,
} from '../src/index.js';

type Check = (value: never) => void;

/** verb → values it takes, values it refuses with the end of the message; ends of intervals on both sides */
const numbers: Record<string, { check: Check; takes: unknown[]; refuses: (readonly [unknown, string])[] }> = {
  'requireInteger in [1, 10]': {
    check: (x) => requireInteger('eigsh', 'k', x, 1, 10),
    takes: [1, 10, 5],
    refuses: [
      [0, 'k must be an integer in [1, 10], got k=0'],
      [11, 'got k=11'],
      [1.5, 'got k=1.5'],
      [NaN, 'got k=NaN'],
      [2 ** 53, 'got k=9007199254740992'],
    ],
  },
  'requireInteger without an end': {
    check: (x) => requireInteger('f', 'n', x, 0),
    takes: [0, Number.MAX_SAFE_INTEGER],
    refuses: [
      [-1, 'n must be an integer >= 0, got n=-1'],
      [Infinity, 'got n=Infinity'],
    ],
  },
  requireSeed: {
    check: (x) => requireSeed('f', x),
    takes: [0, 2 ** 53 - 1],
    refuses: [
      [-1, 'seed must be an integer in [0, 2^53 - 1], got seed=-1'],
      [0.5, 'got seed=0.5'],
    ],
  },
  requireFinite: {
    check: (x) => requireFinite('f', 'x', x),
    takes: [-1e308, 0, 5e-324],
    refuses: [
      [Infinity, 'x must be finite, got x=Infinity'],
      [NaN, 'got x=NaN'],
    ],
  },
  requirePositive: {
    check: (x) => requirePositive('f', 'x', x),
    takes: [5e-324, 1e308],
    refuses: [
      [0, 'x must be finite and > 0, got x=0'],
      [-1, 'got x=-1'],
      [Infinity, 'got x=Infinity'],
      [NaN, 'got x=NaN'],
    ],
  },
  requireNonNegative: {
    check: (x) => requireNonNegative('f', 'x', x),
    takes: [0, -0, 1],
    refuses: [
      [-5e-324, 'x must be finite and >= 0'],
      [Infinity, 'got x=Infinity'],
      [NaN, 'got x=NaN'],
    ],
  },
  requireWithin: {
    check: (x) => requireWithin('f', 'x', x, 0, 1),
    takes: [0, 1, 0.5],
    refuses: [
      [1 + 2 ** -52, 'x must be in [0, 1]'],
      [-5e-324, 'in [0, 1]'],
      [NaN, 'got x=NaN'],
    ],
  },
  requireBetween: {
    check: (x) => requireBetween('f', 'delta', x, 0, 1),
    takes: [5e-324, 1 - 2 ** -53],
    refuses: [
      [0, 'delta must be in (0, 1), got delta=0'],
      [1, 'got delta=1'],
      [NaN, 'got delta=NaN'],
    ],
  },
};

for (const [name, { check, takes, refuses }] of Object.entries(numbers)) {
  test.each(takes)(`${name} takes %s`, (value) => {
    expect(() => check(value as never)).not.toThrow();
  });
  test.each(refuses)(`${name} refuses %s as an ArgumentError`, (value, message) => {
    expect(() => check(value as never)).toThrow(ArgumentError);
    expect(() => check(value as never)).toThrow(message);
  });
  test.each(['1', undefined, null, [1], 1n])(
    `${name} refuses %s, which is no number, as an ArgumentTypeError`,
    (value) => {
      expect(() => check(value as never)).toThrow(ArgumentTypeError);
      expect(() => check(value as never)).toThrow(/must be a number, got /);
    },
  );
}

test('several sizes, and several numbers under one verb: the first that does not pass is named', () => {
  expect(() => requireCounts('f', { rows: 1, columns: 7 })).not.toThrow();
  expect(() => requireCounts('f', { rows: 1, columns: 0, depth: 0 })).toThrow(
    new ArgumentError('f: columns must be an integer >= 1, got columns=0'),
  );
  expect(() => requireEach(requirePositive, 'f', { decay: 1, horizon: 5e-324 })).not.toThrow();
  expect(() => requireEach(requirePositive, 'f', { decay: 1, horizon: 0 })).toThrow(
    new ArgumentError('f: horizon must be finite and > 0, got horizon=0'),
  );
});

test('one of several words or numbers', () => {
  expect(() => requireOneOf('f', 'which', 'LA', ['LA', 'SA', 3])).not.toThrow();
  expect(() => requireOneOf('f', 'which', 3, ['LA', 'SA', 3])).not.toThrow();
  expect(() => requireOneOf('f', 'which', 'la', ['LA', 'SA', 3])).toThrow(
    new ArgumentError("f: which must be one of 'LA', 'SA', 3, got \"la\""),
  );
  expect(() => requireOneOf('f', 'which', '3', ['LA', 3])).toThrow(ArgumentError);
});

test('arrays of numbers, their lengths and shapes', () => {
  expect(() => requireFloatArray('f', 'x', new Float32Array(6), [2, 3])).not.toThrow();
  expect(() => requireFloatArray('f', 'x', new Float64Array(0), 0)).not.toThrow();
  expect(() => requireFloatArray('f', 'x', new Float64Array(5), 6)).toThrow('f: x must have length 6, got 5');
  expect(() => requireFloatArray('f', 'x', new Float64Array(5), [2, 3])).toThrow(
    'x must have shape (2, 3), 6 numbers, got 5',
  );
  for (const other of [[1, 2], new Int32Array(2), new ArrayBuffer(8), new DataView(new ArrayBuffer(8)), 'ab', null])
    expect(() => requireFloatArray('f', 'x', other)).toThrow(ArgumentTypeError);
  expect(() => requireLength('f', 'x', undefined as never, 2)).toThrow(ArgumentTypeError);
  expect(() => requireLength('f', 'x', 'ab' as never, 2)).toThrow(ArgumentTypeError);
  expect(() => requireLength('f', 'x', [1, 2], 2)).not.toThrow();
});

test('entries that are not finite are shown by place, the first of them', () => {
  expect(() => requireFiniteEntries('f', 'x', [1, NaN, Infinity])).toThrow('f: x must be finite, got x[1]=NaN');
  expect(() => requireFiniteEntries('f', 'x', Float32Array.of(1, -Infinity))).toThrow('got x[1]=-Infinity');
  expect(() => requireFiniteEntries('f', 'x', [1, 2], 3)).toThrow('x must have length 3');
  expect(() => requireFiniteEntries('f', 'x', [])).not.toThrow();
});

test('sentences of their own begin with the caller', () => {
  expect(() => refuse('f', 'the matrix is not square')).toThrow(new ArgumentError('f: the matrix is not square'));
  expect(() => refuseType('f', 'x', 'a tensor', 3)).toThrow(new ArgumentTypeError('f: x must be a tensor, got 3'));
});

test('what an error shows of a value is short, whatever the value is', () => {
  expect(show('a'.repeat(50))).toBe(`"${'a'.repeat(40)}…"`);
  expect([undefined, null, true, 1.5, 10n, Symbol('s')].map(show)).toEqual([
    'undefined',
    'null',
    'true',
    '1.5',
    '10',
    'Symbol(s)',
  ]);
  expect(show(() => 0)).toBe('a function');
  expect(show([1, 2])).toBe('an array of length 2');
  expect(show(new Int32Array(3))).toBe('an Int32Array of length 3');
  expect(show(new Float32Array(3))).toBe('a Float32Array of length 3');
  expect(show({ a: 1 })).toBe('an Object');
  expect(show(Object.create(null))).toBe('an object');
});
