import { describe, expect, it } from 'vitest';
import { evaluate, grad, jvp, square, sum, trace, vmap, type Program, type Spec, type Tensor } from '../everything.js';
import { primitiveCases } from '../primitiveCases.js';
import { differences, run } from './plannedRun.js';

type Dtype = 'float32' | 'float64';
const dtypes: readonly Dtype[] = ['float32', 'float64'];

/** the function, its directional derivative, its gradient, and four examples of it at once */
const variants = {
  value: (f: Function_): Function_ => f,
  jvp:
    (f: Function_): Function_ =>
    (...args) =>
      jvp(f)(args, args)[1],
  gradient: (f: Function_): Function_ => grad((...args: Tensor[]) => sum(square(f(...args)))),
  stacked:
    (f: Function_): Function_ =>
    (...args) =>
      vmap(f)(...args),
};
type Function_ = (...args: Tensor[]) => Tensor;

describe.each(dtypes)('planned execution in %s agrees with the interpreter', (dtype) => {
  describe.each(Object.keys(variants) as (keyof typeof variants)[])('%s', (variant) => {
    it.each(primitiveCases.map((c) => [c.name, c] as const))('%s', (_, { f, args }) => {
      const copies = variant === 'stacked' ? 4 : 1;
      const specs = args.map(
        ({ data, shape }): Spec => ({
          shape: variant === 'stacked' ? [4, ...shape] : shape,
          dtype: data instanceof Int32Array ? 'int32' : dtype,
        }),
      );
      const { program } = trace(variants[variant](f as unknown as Function_), specs);
      const inputs = args.map(({ data }) => {
        const type = data instanceof Int32Array ? Int32Array : dtype === 'float32' ? Float32Array : Float64Array;
        const out = new type(data.length * copies);
        for (let i = 0; i < copies; i++)
          out.set(data instanceof Int32Array ? data : data.map((x) => x * (1 + i / 64)), i * data.length);
        return out;
      });
      check(program, inputs);
    });
  });
});

function check(program: Program, inputs: readonly (Float32Array | Float64Array | Int32Array)[]): void {
  const expected = evaluate(program, inputs);
  for (const options of [{}, { blockBytes: 16 }, { fused: false }]) {
    const got = run(program, inputs, options);
    expect(differences(got, expected)).toEqual([]);
  }
}
