import { expect, test } from 'vitest';
import {
  arrayOf,
  checked,
  count,
  decode,
  type DecodedBy,
  type Decoder,
  either,
  finite,
  finiteOrMissing,
  finiteOrNull,
  flag,
  maybe,
  notNegative,
  numberThat,
  object,
  oneOf,
  pairOf,
  positive,
  recordOf,
  RecordFormatError,
  requireSameLength,
  share,
  text,
} from '../src/decode.js';

const point = object({ x: finite, y: maybe(finite), tags: maybe(arrayOf(text)) });

/** decoder → what it takes and makes of it, what it refuses */
const table: Record<string, { decoder: Decoder<unknown>; takes: (readonly [unknown, unknown])[]; refuses: unknown[] }> =
  {
    finite: {
      decoder: finite,
      takes: [
        [-0, -0],
        [1e308, 1e308],
      ],
      refuses: [NaN, Infinity, '1', null, undefined],
    },
    finiteOrNull: {
      decoder: finiteOrNull,
      takes: [
        [null, null],
        [NaN, null],
        [-Infinity, null],
        [2, 2],
      ],
      refuses: ['2', undefined],
    },
    finiteOrMissing: {
      decoder: finiteOrMissing,
      takes: [
        [null, undefined],
        [NaN, undefined],
        [2, 2],
      ],
      refuses: ['2'],
    },
    count: {
      decoder: count,
      takes: [
        [0, 0],
        [2 ** 53 - 1, 2 ** 53 - 1],
      ],
      refuses: [-1, 0.5, 2 ** 53, NaN, '1'],
    },
    share: {
      decoder: share,
      takes: [
        [0, 0],
        [1, 1],
      ],
      refuses: [-1e-300, 1.0000000000000002, NaN],
    },
    positive: { decoder: positive, takes: [[5e-324, 5e-324]], refuses: [0, -1, Infinity] },
    notNegative: { decoder: notNegative, takes: [[0, 0]], refuses: [-5e-324, NaN] },
    text: {
      decoder: text,
      takes: [
        ['', ''],
        ['é', 'é'],
      ],
      refuses: [1, null, 'x'.repeat(100_001)],
    },
    flag: {
      decoder: flag,
      takes: [
        [true, true],
        [false, false],
      ],
      refuses: [0, 'true', null],
    },
    oneOf: {
      decoder: oneOf<string | number>('a', 2),
      takes: [
        ['a', 'a'],
        [2, 2],
      ],
      refuses: ['b', '2', null],
    },
    either: {
      decoder: either(finite, text),
      takes: [
        [1, 1],
        ['1', '1'],
      ],
      refuses: [null, NaN],
    },
    arrayOf: {
      decoder: arrayOf(count),
      takes: [
        [[], []],
        [
          [1, 2],
          [1, 2],
        ],
      ],
      refuses: [{ length: 0 }, [1, -1], 'ab'],
    },
    pairOf: {
      decoder: pairOf(count),
      takes: [
        [
          [1, 2],
          [1, 2],
        ],
      ],
      refuses: [[1], [1, 2, 3], [1, -1], '12', { length: 2 }],
    },
    numberThat: { decoder: numberThat((x) => x % 2 === 0, 'even'), takes: [[4, 4]], refuses: [3, NaN, '4'] },
    checked: {
      decoder: checked(object({ a: arrayOf(count), b: arrayOf(count) }), ({ a, b }, path) =>
        requireSameLength(b, `${path}.b`, a),
      ),
      takes: [
        [
          { a: [1], b: [2] },
          { a: [1], b: [2] },
        ],
      ],
      refuses: [{ a: [1], b: [] }, { a: [], b: [1] }, { a: [1] }],
    },
    recordOf: {
      decoder: recordOf(count),
      takes: [
        [{}, {}],
        [
          { a: 1, b: 2 },
          { a: 1, b: 2 },
        ],
      ],
      refuses: [[1], null, { a: 'x' }],
    },
    object: {
      decoder: point,
      takes: [
        [{ x: 1, z: 3 }, { x: 1 }],
        [
          { x: 1, y: 2 },
          { x: 1, y: 2 },
        ],
      ],
      refuses: [{}, { x: 1, y: 'a' }, [1], null],
    },
  };

for (const [name, { decoder, takes, refuses }] of Object.entries(table)) {
  test.each(takes)(`${name} takes %j`, (value, clean) => {
    // as the only entry of an array, since a text by itself is read as JSON
    expect(decode('f', arrayOf(decoder), [value])).toEqual([clean]);
  });
  test.each(refuses)(`${name} refuses %j`, (value) => {
    expect(() => decode('f', arrayOf(decoder), [value])).toThrow(RecordFormatError);
  });
}

test('an error names the caller, the place and what was expected there, and shows at most a line of what was', () => {
  const runs = object({ runs: arrayOf(point) });
  const refused = (value: unknown): RecordFormatError => {
    try {
      decode('parseRuns', runs, value);
    } catch (error) {
      return error as RecordFormatError;
    }
    return expect.unreachable();
  };
  const deep = refused({ runs: [{ x: 1 }, { x: 1, tags: ['a', 7] }] });
  expect(deep).toMatchObject({ name: 'RecordFormatError', path: 'runs[1].tags[1]', expected: 'text' });
  expect(deep.message).toBe('parseRuns: runs[1].tags[1] must be text, got 7');
  expect(refused('{').message).toBe('parseRuns: the record must be JSON, got "{"');
  expect(refused('x'.repeat(1000)).message.length).toBeLessThan(100);
  expect(refused({ runs: { length: 3 } }).message).toContain(
    'must be an array of at most 1000000, got an Object of length 3',
  );
  expect(refused({}).message).toBe('parseRuns: runs must be an array of at most 1000000, got nothing');
});

test('JSON is read from text, and only an object’s own properties count', () => {
  const parsed: DecodedBy<typeof point> = decode(
    'f',
    point,
    '{"x": 1, "y": null, "__proto__": {"x": 2}}'.replace('null', '4'),
  );
  expect(parsed).toEqual({ x: 1, y: 4 });
  expect(() => decode('f', point, Object.create({ x: 1 }))).toThrow('x must be a finite number, got nothing');
  const hostile = decode('f', recordOf(finite), '{"__proto__": 1}');
  expect(Object.getPrototypeOf(hostile)).toBe(Object.prototype);
  expect(Object.keys(hostile)).toEqual(['__proto__']);
});

test('a copy is clean: changing the source later does not reach it', () => {
  const source = { x: 1, tags: ['a'] };
  const copy = decode('f', point, source);
  source.tags.push('b');
  expect(copy).toEqual({ x: 1, tags: ['a'] });
});

test('faults of a decoder itself are not taken for bad records', () => {
  const broken: Decoder<number> = () => {
    throw new TypeError('a fault of ours');
  };
  expect(() => decode('f', broken, {})).toThrow(TypeError);
});
