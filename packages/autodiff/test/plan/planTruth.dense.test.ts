import { describe, expect, it } from 'vitest';
import {
  add,
  broadcastTo,
  compile,
  concatenate,
  div,
  evaluate,
  float32,
  float64,
  full,
  grad,
  greater,
  int32,
  linearizeProgram,
  matmul,
  maximum,
  minimum,
  mul,
  pow,
  select,
  square,
  sub,
  sum,
  trace,
  vjp,
  type Spec,
  type Tensor,
} from '../everything.js';
import { type Data, differences, run } from './plannedRun.js';

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

describe('constant factors of any size', () => {
  const [big, ends] = [Float32Array.of(3e38, -3e38, 3e38, 1), [float32(4)]];
  const wide = [float64(3)];
  const cases: Readonly<Record<string, readonly [Function_, readonly Spec[], readonly Data[]]>> = {
    'a sum of scaled numbers near the largest': [(x) => sum(mul(x, 1e-10)), ends, [big]],
    'a sum of halves': [(x) => sum(mul(x, 0.5)), ends, [Float32Array.of(3e38, 3e38, -1e38, 0)]],
    'two large factors, the second of 0': [
      (x) => mul(mul(x, 1e200), 1e200),
      wide,
      [Float64Array.of(0, 1e-300, 1e-200)],
    ],
    'two small factors': [(x) => mul(mul(x, 1e-200), 1e-200), wide, [Float64Array.of(1e300, 1, -1e250)]],
    'a factor that brings back': [(x) => mul(mul(x, 1e-200), 1e200), wide, [Float64Array.of(1e300, 1, 1e-200)]],
    'powers of two out of range': [(x) => mul(mul(x, 2 ** -600), 2 ** -600), wide, [Float64Array.of(2 ** 1000, 1, 0)]],
    'a scaled operand of a product': [
      (a, b) => matmul(mul(a, 1e-20), b),
      [float32(2, 2), float32(2, 3)],
      [Float32Array.of(1e30, 1e30, 2e30, 1), Float32Array.of(1e20, 1, 2, 1e20, 3, 4)],
    ],
    'both operands scaled': [
      (a, b) => matmul(mul(a, 1e-30), mul(1e30, b)),
      [float32(2, 2), float32(2, 1)],
      [Float32Array.of(1e30, 0, 0, 1), Float32Array.of(1e-30, 1e-20)],
    ],
    'a scaled product of matrices': [
      (a, b) => mul(1e30, matmul(a, b)),
      [float32(1, 2), float32(2, 1)],
      [Float32Array.of(1e30, 1e30), Float32Array.of(1e-30, -1e-30)],
    ],
    'a product with a vector on the left': [
      (a, b) => mul(1e-20, matmul(a, b)),
      [float32(1, 2), float32(2, 2)],
      [Float32Array.of(1e-30, 1e-30), Float32Array.of(1e30, 1e30, 1e30, 1e30)],
    ],
    'scaled columns added up': [(x) => sum(mul(x, 1e-30), 0), [float32(2, 2)], [Float32Array.of(3e38, 1, 3e38, 1)]],
  };
  it.each(Object.entries(cases))('%s', (_, [f, specs, inputs]) => {
    const { program } = trace(f, specs);
    for (const engine of ['typescript', 'wasm'] as const)
      expect(differences(run(program, inputs, { engine }), evaluate(program, inputs), 4)).toEqual([]);
  });

  it('tangents and gradients too', () => {
    const x = Float64Array.of(1, 2, 3);
    const tangents = Float64Array.of(0, 1e300, 1e-300);
    for (const [f, factor] of [
      [(y: Tensor) => mul(mul(y, 1e200), 1e200), 1e200],
      [(y: Tensor) => mul(mul(y, 1e-200), 1e-200), 1e-200],
      [(y: Tensor) => div(div(mul(y, 2), 1e200), 1e-200), undefined],
    ] as const) {
      const { program } = trace(f, wide);
      const { tangent } = linearizeProgram(program);
      const expected = tangents.map((t) => (factor === undefined ? (t * 2) / 1e200 / 1e-200 : t * factor * factor));
      expect(Array.from(run(tangent, [tangents])[0]!)).toEqual(Array.from(expected));
      const pull = compile((v: Tensor, t: Tensor) => vjp(f)([v], t)[1][0], [wide[0]!, wide[0]!]);
      const scaled = tangents.map((t) => (factor === undefined ? (t / 1e-200 / 1e200) * 2 : t * factor * factor));
      expect(Array.from(pull(x, tangents) as Data)).toEqual(Array.from(scaled));
    }
  });
});

describe('a constant that one operand stores while the other is computed', () => {
  const operations = { add, sub, mul, div, maximum, minimum, greater, pow } as const;
  it.each(Object.entries(operations))('%s: with a product of that constant, on either side', (_, f) => {
    const inputs = [Float64Array.of(1, 2, 3, 4)];
    for (const sides of [
      (x: Tensor, ones: Tensor) => f(matmul(x, ones), ones),
      (x: Tensor, ones: Tensor) => f(ones, matmul(x, ones)),
      (x: Tensor, ones: Tensor) => f(concatenate([x, ones]), concatenate([ones, ones])),
      (x: Tensor, ones: Tensor) => f(broadcastTo(matmul(x, ones), [2, 2, 2]), broadcastTo(ones, [2, 2, 2])),
    ])
      expectSame((x) => sides(x, full([2, 2], 3)), [float64(2, 2)], inputs);
  });
});
