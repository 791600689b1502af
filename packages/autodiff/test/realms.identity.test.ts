// Arrays made in another realm (a frame, a vm context, a test environment) are arrays; what only looks like one is refused by name.
import { runInNewContext } from 'node:vm';
import { ArgumentTypeError } from '@hyperribbon/contract';
import { expect, it } from 'vitest';
import {
  compile,
  constant,
  evaluate,
  evaluateFunction,
  float32,
  float64,
  gatherRows,
  int32,
  mul,
  planLinearized,
  linearizeProgram,
  sum,
  trace,
  valueAndGrad,
  type Tensor,
} from './everything.js';

const elsewhere = <T>(code: string): T => runInNewContext(code) as T;
const x = elsewhere<Float64Array>('Float64Array.of(1, 2, 3)');
const twice = (t: Tensor): Tensor => mul(2, t);

it('goes into compiled functions, constants and the interpreter', () => {
  expect(x).not.toBeInstanceOf(Float64Array);
  expect(Array.from(compile(twice, [float64(3)])(x))).toEqual([2, 4, 6]);
  expect(constant(x)).toMatchObject({ dtype: 'float64', shape: [3] });
  expect(constant(elsewhere<Int32Array>('Int32Array.of(1)')).dtype).toBe('int32');
  const { program } = trace((t: Tensor) => mul(t, constant(x)), [float64(3)]);
  expect(Array.from(evaluate(program, [x])[0]!)).toEqual([1, 4, 9]);
  expect(evaluateFunction(twice, [elsewhere<Float32Array>('Float32Array.of(1)')])).toEqual(Float32Array.of(2));
});

it('goes into indices and the data of chunks', () => {
  const pick = compile((t: Tensor, i: Tensor) => gatherRows(t, i), [float64(1, 3), int32(1)]);
  expect(Array.from(pick(x, elsewhere<Int32Array>('Int32Array.of(2)')))).toEqual([3]);
  const loss = (w: Tensor, data: Tensor): Tensor => sum(mul(mul(w, w), data));
  const split = linearizeProgram(trace(valueAndGrad(loss), [float64(3), float64(3)]).program, { wrt: [0] });
  const plan = planLinearized([split], { chunks: [0], shared: [true, false], outputs: 2 });
  plan.shared[0]!.set([1, 1, 1]);
  plan.setData(0, [undefined, x]);
  plan.primal.run(0);
  expect(Array.from(plan.primal.outputs[1]!)).toEqual([2, 4, 6]);
});

it.each([
  ['a list', [1, 2, 3]],
  ['another kind of array', new Uint8Array(3)],
  ['bytes', new ArrayBuffer(24)],
  ['an object with a length', { length: 3 }],
  ['nothing', undefined],
])('%s is refused', (_, value) => {
  const f = compile(twice, [float64(3)]);
  expect(() => f(value as never)).toThrow(ArgumentTypeError);
  expect(() => f(value as never)).toThrow(/^compile: argument 0 must be float64 of length 3, got /);
});

it('constants of other kinds are refused, not taken for int32', () => {
  expect(() => constant(new Uint8Array(2) as never)).toThrow(
    'constant: data must be a Float32Array, Float64Array or Int32Array',
  );
  expect(() => compile(twice, [float32(3)])(x as never)).toThrow(
    'must be float32 of length 3, got a Float64Array of length 3',
  );
});
