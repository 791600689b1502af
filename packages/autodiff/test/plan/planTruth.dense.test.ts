import { describe, expect, it } from 'vitest';
import {
  compile,
  evaluate,
  float32,
  float64,
  grad,
  int32,
  mul,
  select,
  square,
  sum,
  trace,
  type Spec,
  type Tensor,
} from '../everything.js';
import { type Data, run } from './plannedRun.js';

type Function_ = (...xs: Tensor[]) => Tensor | Tensor[];

/** A planned function on exact inputs gives the very numbers of the evaluator. */
function expectSame(f: Function_, specs: readonly Spec[], inputs: readonly Data[]): void {
  const { program } = trace(f, specs);
  const expected = evaluate(program, inputs);
  for (const engine of ['typescript', 'wasm'] as const)
    expect(run(program, inputs, { engine }).map((x) => Array.from(x))).toEqual(expected.map((x) => Array.from(x)));
}

describe('select: a condition of another dtype than the values', () => {
  const arrays = { int32: Int32Array, float32: Float32Array, float64: Float64Array };
  const specs = { int32, float32, float64 };
  /** all of them are 0 in two places, and elsewhere 0 for one who converts or reads the bytes carelessly */
  const conditions = {
    int32: Int32Array.of(1, 0, -2147483648, 0, 16777217),
    float32: Float32Array.of(0.5, 0, NaN, -0, 1e-45),
    float64: Float64Array.of(0.5, 0, NaN, -0, 1e-300),
  };
  const dtypes = ['int32', 'float32', 'float64'] as const;
  const pairs = dtypes.flatMap((condition) => dtypes.map((value) => [condition, value] as const));
  it.each(pairs)('%s chooses between %s', (condition, value) => {
    const inputs = [conditions[condition], arrays[value].of(1, 2, 3, 4, 5), arrays[value].of(6, 7, 8, 9, 10)];
    const given = [specs[condition](5), specs[value](5), specs[value](5)];
    expectSame((c, x, y) => select(c, x, y), given, inputs);
    const { program } = trace((c: Tensor, x: Tensor, y: Tensor) => select(c, x, y), given);
    expect(Array.from(run(program, inputs)[0]!)).toEqual([1, 7, 3, 9, 5]);
  });
  it('gives gradients of the chosen values, also where the condition is one number for a row', () => {
    const loss = (c: Tensor, x: Tensor, y: Tensor): Tensor => sum(select(c, square(x), mul(y, 3)));
    const slope = compile(
      grad((x: Tensor, c: Tensor) => loss(c, x, x)),
      [float64(3), int32(3)],
    );
    expect(Array.from(slope(Float64Array.of(1, 2, 3), Int32Array.of(1, 0, 1)) as Data)).toEqual([2, 3, 6]);
    expectSame(
      (c, x, y) => select(c, x, y),
      [float64(), float32(2), float32(2)],
      [Float64Array.of(1e-200), Float32Array.of(1, 2), Float32Array.of(3, 4)],
    );
  });
});
