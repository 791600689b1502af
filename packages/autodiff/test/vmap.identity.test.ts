import { describe, expect, it } from 'vitest';
import * as ad from './everything.js';
import type { Tensor, DataArray } from './everything.js';
import { type Value, primitiveCases } from './primitiveCases.js';

const copies = 3;
const run = (f: (...args: never[]) => Tensor, args: readonly Value[]): DataArray =>
  ad.evaluateFunction(f, args) as DataArray;

/** Example k of an argument: the same numbers rotated by k and, where real, scaled (positive stays positive). */
function example({ data, shape }: Value, k: number): Value {
  if (data instanceof Int32Array) return { data: data.toReversed().map((x, i) => (k % 2 === 0 ? data[i] : x)), shape };
  return { data: data.map((_, i) => data[(i + k) % data.length] * (1 + k / 7)), shape };
}

function stackValues(values: readonly Value[]): Value {
  const [{ data, shape }] = values;
  const all = values.flatMap((value) => [...value.data]);
  return {
    data: data instanceof Int32Array ? Int32Array.from(all) : Float64Array.from(all),
    shape: [values.length, ...shape],
  };
}

const close = (actual: DataArray, expected: readonly number[]): void => {
  expect(actual.length).toBe(expected.length);
  const scale = 1 + Math.max(...expected.map(Math.abs));
  const worst = Math.max(0, ...expected.map((x, i) => Math.abs(x - actual[i])));
  expect(worst).toBeLessThanOrEqual(8 * 2 ** -52 * scale);
};

describe.each(primitiveCases)('vmap over $name', ({ f, args }) => {
  const patterns = [args.map(() => true), ...(args.length > 1 ? args.map((_, i) => args.map((__, j) => i === j)) : [])];

  it.each(patterns)('equals one call per example when the arguments %s %s %s are stacked', (...flags) => {
    const mapped = flags.slice(0, args.length);
    const examples = Array.from({ length: copies }, (_, k) =>
      args.map((arg, i) => (mapped[i] ? example(arg, k) : arg)),
    );
    const one = examples.flatMap((values) => [...run(f, values)]);
    const stacked = args.map((arg, i) => (mapped[i] ? stackValues(examples.map((values) => values[i])) : arg));
    close(run(ad.vmap(f as never, mapped) as never, stacked), one);
  });

  it('equals one call per example for gradients', () => {
    const squares = (...tensors: Tensor[]): Tensor => ad.sum(ad.square(f(...(tensors as never[]))));
    const gradient = ad.grad(squares);
    const examples = Array.from({ length: copies }, (_, k) => args.map((arg) => example(arg, k)));
    const one = examples.flatMap((values) => [...run(gradient, values)]);
    const stacked = args.map((_, i) => stackValues(examples.map((values) => values[i])));
    const actual = run(ad.vmap(gradient) as never, stacked);
    const scale = 1 + Math.max(...one.map(Math.abs));
    expect(Math.max(...one.map((x, i) => Math.abs(x - actual[i])))).toBeLessThanOrEqual(64 * 2 ** -52 * scale);
  });
});

describe('vmap', () => {
  it('nests', () => {
    const outer = ad.vmap(
      ad.vmap((x: Tensor, y: Tensor) => ad.dot(x, y), [true, false]),
      [false, true],
    );
    const rows = { data: Float64Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] };
    const columns = { data: Float64Array.of(1, 10, 2, 20), shape: [2, 2] };
    expect(ad.evaluateFunction(outer, [rows, columns])).toEqual(Float64Array.of(21, 43, 65, 42, 86, 130));
  });

  it('repeats a result that depends on no stacked argument', () => {
    const f = ad.vmap((x: Tensor, y: Tensor) => [x, ad.square(y)], [true, false]);
    const [, squares] = ad.evaluateFunction(f, [[1, 2, 3], 4]) as DataArray[];
    expect(squares).toEqual(Float64Array.of(16, 16, 16));
  });

  it('as a program transformation maps the chosen inputs', () => {
    const { program } = ad.trace((x: Tensor, y: Tensor) => ad.mul(x, y), [ad.float64(2), ad.float64(2)]);
    const many = ad.vmapProgram(program, { size: 3, mapped: [1] });
    const y = Float64Array.of(1, 2, 3, 4, 5, 6);
    expect(ad.evaluate(many, [Float64Array.of(1, 10), y])[0]).toEqual(Float64Array.of(1, 20, 3, 40, 5, 60));
  });

  it('refuses arguments of different length and calls without a mapped argument', () => {
    const f = (x: Tensor, y: Tensor): Tensor => ad.add(x, y);
    expect(() => ad.trace(ad.vmap(f), [ad.float64(3), ad.float64(4)])).toThrow('vmap: first axes must agree');
    expect(() => ad.trace(ad.vmap(f, [false, false]), [ad.float64(3), ad.float64(3)])).toThrow(
      'vmap: no argument is mapped over',
    );
  });
});
