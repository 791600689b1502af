import { describe, expect, it } from 'vitest';
import * as ad from './everything.js';
import type { Tensor, DataArray } from './everything.js';

const run = ad.evaluateFunction;

describe('grad', () => {
  it('follows the nesting of the first argument', () => {
    const f = ({ w, rest: [b] }: { w: Tensor; rest: [Tensor] }, x: Tensor): Tensor =>
      ad.add(ad.dot(w, x), ad.sum(ad.square(b)));
    expect(run(ad.grad(f), [{ w: [1, 2], rest: [[3]] }, [5, 7]])).toEqual({
      w: Float64Array.of(5, 7),
      rest: [Float64Array.of(6)],
    });
  });

  it('is zero where the result does not depend on the argument, and at int32 leaves', () => {
    const f = ({ x, labels }: Record<'x' | 'unused' | 'labels', Tensor>): Tensor =>
      ad.sum(ad.gatherRows(ad.reshape(x, [1, 2]), labels));
    const g = ad.evaluateFunction(ad.grad(f), [{ x: [3, 4], unused: [5], labels: Int32Array.of(1) }]);
    expect(g).toEqual({ x: Float64Array.of(0, 1), unused: Float64Array.of(0), labels: Int32Array.of(0) });
  });

  it('gives the value along with valueAndGrad', () => {
    const [value, g] = run(ad.valueAndGrad(ad.logCosh as (x: Tensor) => Tensor), [0]) as DataArray[];
    expect([value[0], g[0]]).toEqual([0, 0]);
  });

  it('adds the contributions of every use of a tensor', () => {
    const f = (x: Tensor): Tensor => ad.sum(ad.add(ad.mul(x, x), ad.mul(x, 3)));
    expect(run(ad.grad(f), [[2, -1]])).toEqual(Float64Array.of(7, 1));
  });
});

describe('nested derivatives', () => {
  it('do not confuse the variables of an inner and an outer derivative', () => {
    // d/dx [x · d/dy (x + y)] at 1: the inner derivative is 1, so the outer is 1 (2 if tangents are confused)
    const f = (x: Tensor): Tensor => ad.mul(x, ad.grad((y: Tensor) => ad.add(x, y))(ad.onesLike(x)));
    expect(run(ad.grad(f), [1])).toEqual(Float64Array.of(1));
    const g = (x: Tensor): Tensor => ad.mul(x, ad.jvp((y: Tensor) => ad.mul(x, y))([x], [ad.onesLike(x)])[1]);
    expect(run(ad.jvp(g), [[[3]], [[1]]])).toEqual([Float64Array.of(9), Float64Array.of(6)]);
  });

  it('differentiate through tensors of the enclosing function', () => {
    // x · ∂/∂y (x² y³) at y = x: 3 x⁵, so the derivative is 15 x⁴
    const inner = (x: Tensor): Tensor =>
      ad.mul(x, ad.grad((y: Tensor) => ad.mul(ad.square(x), ad.mul(y, ad.square(y))))(x));
    expect(run(ad.grad(inner), [2])).toEqual(Float64Array.of(240));
  });

  it('reach fourth order: (x⁵)⁗ = 120 x', () => {
    const fifth = (x: Tensor): Tensor => ad.mul(ad.square(ad.square(x)), x);
    const derivative = (f: (x: Tensor) => Tensor): ((x: Tensor) => Tensor) => ad.grad(f);
    expect(run(derivative(derivative(derivative(derivative(fifth)))), [3])).toEqual(Float64Array.of(360));
  });

  it('compose with vmap: the Hessian by mapping hvp over unit vectors', () => {
    const f = (x: Tensor): Tensor => ad.mul(ad.slice(x, [0], [1]), ad.square(ad.slice(x, [1], [2])));
    const scalar = (x: Tensor): Tensor => ad.sum(f(x));
    const identity = { data: Float64Array.of(1, 0, 0, 1), shape: [2, 2] };
    const H = run(ad.vmap(ad.hvp(scalar), [false, true]), [[3, 5], identity]);
    expect(H).toEqual(Float64Array.of(0, 10, 10, 6)); // [[0, 2y], [2y, 2x]]
    expect(run(ad.jacfwd(ad.grad(scalar)), [[3, 5]])).toEqual(H);
    expect(run(ad.jacrev(ad.grad(scalar)), [[3, 5]])).toEqual(H);
  });
});

describe('jacfwd and jacrev', () => {
  const f = (x: Tensor, y: Tensor): Tensor => ad.matmul(ad.reshape(ad.square(x), [2, 2]), y);

  it('have the axes of the result, then of the argument', () => {
    // ∂(x² y)ᵢ/∂xⱼₖ = 2 xᵢₖ yₖ for i = j
    const x = { data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] };
    const expected = Float64Array.of(10, 28, 0, 0, 0, 0, 30, 56);
    for (const jacobian of [ad.jacfwd(f), ad.jacrev(f)]) {
      expect(run(jacobian, [x, [5, 7]])).toEqual(expected);
      const traced = ad.trace(jacobian, [ad.float64(2, 2), ad.float64(2)]).program;
      expect(traced.values[traced.outputs[0]].shape).toEqual([2, 2, 2]);
    }
  });

  it('are nested like the result and within like the first argument', () => {
    const g = ({ a, b }: { a: Tensor; b: Tensor }): Record<string, Tensor> => ({ p: ad.mul(a, b), q: ad.square(b) });
    const expected = {
      p: { a: Float64Array.of(3), b: Float64Array.of(2) },
      q: { a: Float64Array.of(0), b: Float64Array.of(6) },
    };
    for (const jacobian of [ad.jacfwd(g), ad.jacrev(g)]) expect(run(jacobian, [{ a: 2, b: 3 }])).toEqual(expected);
  });
});

describe('linearize', () => {
  it('gives the value and a derivative that can be applied many times', () => {
    const f = (x: Tensor, u: Tensor, v: Tensor): Tensor[] => {
      const { value, apply } = ad.linearize((y: Tensor) => ad.mul(y, ad.square(y)))(x);
      return [value, apply(u), apply(v)];
    };
    expect(run(f, [2, 1, 10])).toEqual([Float64Array.of(8), Float64Array.of(12), Float64Array.of(120)]);
  });
});

describe('stopGradient', () => {
  it('is the identity with a zero derivative', () => {
    const f = (x: Tensor): Tensor => ad.sum(ad.mul(x, ad.stopGradient(ad.square(x))));
    expect(run(f, [[3]])).toEqual(Float64Array.of(27));
    expect(run(ad.grad(f), [[3]])).toEqual(Float64Array.of(9));
  });
});

describe('conventions at kinks', () => {
  it('are those of the documentation', () => {
    const slope = (f: (x: Tensor) => Tensor, x: number): number =>
      (
        run(
          ad.grad((t: Tensor) => ad.sum(f(t))),
          [x],
        ) as DataArray
      )[0];
    expect(slope(ad.relu, 0)).toBe(0);
    expect(slope(ad.abs, 0)).toBe(0);
    expect(slope((x) => ad.maximum(x, 0), 0)).toBe(0); // the second operand takes it
    expect(slope((x) => ad.maximum(0, x), 0)).toBe(1);
    expect(slope((x) => ad.max(ad.stack([x, x, ad.neg(x)])), 0)).toBeCloseTo(1 / 3, 15); // shared: (1 + 1 − 1)/3
    expect(slope((x) => ad.pow(x, 2.5), 0)).toBe(0);
  });
});

describe('xlogx', () => {
  it('loses its second derivative below 1e-154, as documented, and not above', () => {
    const second = (x: Tensor): Tensor => ad.grad((y: Tensor) => ad.grad(ad.xlogx as (t: Tensor) => Tensor)(y))(x);
    expect(Number.isFinite((run(second, [1e-160]) as DataArray)[0])).toBe(false);
    expect((run(second, [1e-100]) as DataArray)[0]).toBeCloseTo(1e100, -87);
  });
});

describe('xlogx at 0', () => {
  const f = ad.xlogx as (x: Tensor) => Tensor;
  it('is 0 with derivative −∞, and leaves its neighbours alone', () => {
    expect(run(f, [[0, 1, -0]])).toEqual(Float64Array.of(0, 0, 0));
    expect(run(f, [[-1, NaN, Infinity, 2]])).toEqual(Float64Array.of(NaN, NaN, Infinity, 2 * Math.log(2)));
    const slope = ad.grad((x: Tensor) => ad.sum(f(x)));
    expect(run(slope, [[0, 1, Math.E]])).toEqual(Float64Array.of(-Infinity, 1, 2));
    const compiled = ad.compile((x: Tensor) => [f(x), slope(x)], [ad.float32(2)]);
    const [value, derivative] = compiled(Float32Array.of(0, 1)) as readonly DataArray[];
    expect([Array.from(value!), Array.from(derivative!)]).toEqual([
      [0, 0],
      [-Infinity, 1],
    ]);
    // the entropy of a certain outcome
    expect(run((p: Tensor) => ad.neg(ad.sum(f(p))), [[1, 0, 0]])).toEqual(Float64Array.of(-0));
  });
});

describe('trigamma', () => {
  it('has no derivative and says so', () => {
    const first = ad.grad((x: Tensor) => ad.lgamma(x));
    const third = ad.grad((x: Tensor) => ad.grad((y: Tensor) => first(y))(x));
    expect(() => ad.trace(third, [ad.float64()])).toThrow('trigamma: its derivative');
  });
});

describe('derivatives of the largest element', () => {
  const slope = (f: (x: Tensor) => Tensor, x: readonly number[]): number[] =>
    Array.from(
      run(
        ad.grad((t: Tensor) => ad.sum(f(t))),
        [x],
      ) as DataArray,
    );
  it('are NaN where one element is, and finite beside infinities', () => {
    expect(slope(ad.max as never, [1, NaN, 3])).toEqual([NaN, NaN, NaN]);
    expect(slope(ad.min as never, [NaN, 2])).toEqual([NaN, NaN]);
    expect(slope((x) => ad.max(ad.reshape(x, [2, 2]), 1), [1, NaN, 5, 5])).toEqual([NaN, NaN, 0.5, 0.5]);
    expect(slope(ad.max as never, [1, Infinity, -Infinity])).toEqual([0, 1, 0]);
    expect(slope(ad.max as never, [-Infinity, -Infinity])).toEqual([0.5, 0.5]);
    const compiled = ad.compile(
      ad.grad((x: Tensor) => ad.max(x)),
      [ad.float32(2)],
    );
    expect(Array.from(compiled(Float32Array.of(NaN, 1)) as DataArray)).toEqual([NaN, NaN]);
    expect(Array.from(compiled(Float32Array.of(4, 1)) as DataArray)).toEqual([1, 0]);
  });
});

describe('derivatives of xʸ by both arguments', () => {
  const power = ad.pow as (x: Tensor, y: Tensor) => Tensor;
  const byX = (f: typeof power): typeof power => ad.grad(f);
  const byY =
    (f: typeof power): typeof power =>
    (x, y) =>
      ad.grad((t: Tensor) => f(x, t))(y);
  const at = (f: typeof power, x: number, y: number): number => (run(f, [x, y]) as DataArray)[0]!;
  const points = [2, 0.5, 3, 1e-3].flatMap((x) => [0, 1, 2, -1, 0.5].map((y) => [x, y] as const));

  it.each(points)('are those of e^(y ln x) up to third order at (%d, %d)', (x, y) => {
    const l = Math.log(x);
    const mixed = x ** (y - 1) * (1 + y * l);
    const third = x ** (y - 2) * (2 * y - 1 + y * (y - 1) * l);
    const near = (got: number, want: number): void =>
      expect(Math.abs(got - want)).toBeLessThanOrEqual(1e-13 * Math.max(1, Math.abs(want)));
    near(at(byX(byY(power)), x, y), mixed);
    near(at(byY(byX(power)), x, y), mixed);
    near(at(byX(byX(power)), x, y), y * (y - 1) * x ** (y - 2));
    near(at(byX(byX(byY(power))), x, y), third);
    near(at(byX(byY(byX(power))), x, y), third);
    near(at(byY(byX(byX(power))), x, y), third);
  });

  it('are 0 by x at y = 0, also where 1/x overflows, and are whole powers for x < 0', () => {
    for (const x of [0, -0, 1e-320, -1e-320, 5]) expect(Math.abs(at(byX(power), x, 0))).toBe(0);
    const single = ad.compile(byX(power), [ad.float32(), ad.float32()]);
    expect(Math.abs((single(1e-40, 0) as DataArray)[0]!)).toBe(0);
    expect(at(byX(power), -3, 2)).toBe(-6);
    expect(at(byX(byX(power)), -3, 3)).toBe(-18);
  });
});
