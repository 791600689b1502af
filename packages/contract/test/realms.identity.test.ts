import { createContext, runInContext } from 'node:vm';
import { expect, test } from 'vitest';
import {
  AbortError,
  ArgumentError,
  ArgumentTypeError,
  isArgumentError,
  isFloatArray,
  requireFloatArray,
  throwIfAborted,
  typedArrayName,
} from '../src/index.js';

const elsewhere = (code: string): unknown => runInContext(code, createContext({}));

test.each(['Float32Array', 'Float64Array'])('a %s of another realm counts', (name) => {
  const array = elsewhere(`new ${name}(3)`);
  expect(array instanceof globalThis[name as 'Float32Array']).toBe(false);
  expect(typedArrayName(array)).toBe(name);
  expect(isFloatArray(array)).toBe(true);
  expect(() => requireFloatArray('f', 'x', array, 3)).not.toThrow();
  expect(() => requireFloatArray('f', 'x', array, 4)).toThrow(ArgumentError);
});

test('what only looks like one does not', () => {
  const names = ['Int8Array', 'Uint8ClampedArray', 'Int32Array', 'BigInt64Array', 'DataView', 'Array'];
  const others = names.map((name) =>
    elsewhere(name === 'DataView' ? 'new DataView(new ArrayBuffer(4))' : `new ${name}(2)`),
  );
  expect(others.filter(isFloatArray)).toEqual([]);
  expect(isFloatArray({ [Symbol.toStringTag]: 'Float64Array', length: 2 })).toBe(false);
  expect([null, undefined, 0, 'Float64Array'].map(typedArrayName)).toEqual(['', '', '', '']);
});

test('bad arguments are known by their mark, of this copy of the package or another, and nothing else is', () => {
  expect(isArgumentError(new ArgumentError('f: x'))).toBe(true);
  expect(isArgumentError(new ArgumentTypeError('f: x'))).toBe(true);
  expect(isArgumentError(elsewhere('Object.assign(new RangeError("f: x"), { badArgument: true })'))).toBe(true);
  for (const other of [
    new RangeError('Invalid array length'),
    new TypeError('x is not a function'),
    new AbortError('f', 0),
    null,
    'no',
    { badArgument: 1 },
  ])
    expect(isArgumentError(other)).toBe(false);
});

test('they are what they are named after, so that old ways of catching work', () => {
  expect(new ArgumentError('f: x')).toBeInstanceOf(RangeError);
  expect(new ArgumentTypeError('f: x')).toBeInstanceOf(TypeError);
  expect(new ArgumentError('f: x').name).toBe('ArgumentError');
  expect(new ArgumentTypeError('f: x').name).toBe('ArgumentTypeError');
});

test('a signal of another realm aborts', () => {
  const signal = elsewhere('({ aborted: true, reason: "enough" })') as AbortSignal;
  expect(() => throwIfAborted('f', signal)).toThrow(AbortError);
  expect(new AbortError('f', signal).cause).toBe('enough');
});
