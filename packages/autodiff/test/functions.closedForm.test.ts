import { describe, expect, expectTypeOf, it } from 'vitest';
import * as ad from './everything.js';
import type { Tensor } from './everything.js';

describe('argnums', () => {
  const f = (x: Tensor, { w }: { readonly w: Tensor }, y: Tensor): Tensor => ad.sum(ad.mul(ad.mul(x, w), ad.square(y)));
  const args = [[1, 2], { w: [3, 4] }, [5, 6]];

  it('picks the arguments that the gradient is by, in the order named', () => {
    expect(ad.evaluateFunction(ad.grad(f), args)).toEqual(Float64Array.of(75, 144));
    expect(ad.evaluateFunction(ad.grad(f, { argnums: 2 }), args)).toEqual(Float64Array.of(30, 96));
    expect(ad.evaluateFunction(ad.grad(f, { argnums: [1, 0] }), args)).toEqual([
      { w: Float64Array.of(25, 72) },
      Float64Array.of(75, 144),
    ]);
    expect(ad.evaluateFunction(ad.valueAndGrad(f, { argnums: [] }), args)).toEqual([Float64Array.of(363), []]);
  });

  it('types the result like the arguments', () => {
    expectTypeOf(ad.grad(f)).returns.toEqualTypeOf<Tensor>();
    expectTypeOf(ad.grad(f, { argnums: [1, 0] })).returns.toEqualTypeOf<readonly [{ readonly w: Tensor }, Tensor]>();
  });

  it.each([3, -1, 0.5])('refuses position %s', (argnums) => {
    expect(() => ad.evaluateFunction(ad.grad(f as never, { argnums }), args)).toThrow(
      'grad: argnums must be an integer in [0, 2]',
    );
  });
});

describe('scan', () => {
  it('runs a linear recurrence, with derivatives through every step', () => {
    const f = (a: Tensor, x: Tensor): Tensor =>
      ad.scan((h: Tensor, xi: Tensor) => [ad.add(ad.mul(a, h), xi), h], ad.full([], 0), x)[0];
    // h = 4 + 2a + 3a² at a = 2
    expect(ad.evaluateFunction(f, [2, [3, 2, 4]])).toEqual(Float64Array.of(20));
    expect(ad.evaluateFunction(ad.grad(f), [2, [3, 2, 4]])).toEqual(Float64Array.of(14));
    expect(ad.evaluateFunction(ad.hvp(f), [2, [3, 2, 4], 1])).toEqual(Float64Array.of(6));
  });

  it('carries and stacks trees', () => {
    const f = (x: Tensor, y: Tensor): unknown =>
      ad.scan(
        ({ n }: { n: Tensor }, [a, b]: readonly [Tensor, Tensor]) =>
          [{ n: ad.add(n, ad.sum(a)) }, { p: b, q: n }] as const,
        { n: ad.full([], 1) },
        [x, y] as const,
      );
    const x = { data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] };
    expect(ad.evaluateFunction(f as never, [x, [8, 9]])).toEqual([
      { n: Float64Array.of(11) },
      { p: Float64Array.of(8, 9), q: Float64Array.of(1, 4) },
    ]);
  });

  it('says what does not fit', () => {
    const one = (h: Tensor, x: Tensor): [Tensor, Tensor] => [h, x];
    const traced =
      (f: (x: Tensor) => unknown, ...shape: number[]) =>
      () =>
        ad.trace(f as never, [ad.float64(...shape)]);
    expect(traced((x) => ad.scan(one, x, x), 0)).toThrow('scan: xs need one first length ≥ 1, got (0,)');
    expect(traced((x) => ad.scan(one, x, x))).toThrow('got ()');
    expect(traced((x) => ad.scan((h) => h as never, x, x), 2)).toThrow('the step must return [carry, result]');
    expect(traced((x) => ad.scan((h: Tensor) => [[h] as never, h], x, x), 2)).toThrow('scan: the carry');
  });
});

describe('jit', () => {
  it('plans once per combination of shapes and types', () => {
    let traces = 0;
    const f = ad.jit((x: Tensor, { b }: { b: Tensor }) => (traces++, { sum: ad.add(x, b) }));
    expect(f([1, 2], { b: 1 })).toEqual({ sum: { data: Float64Array.of(2, 3), shape: [2] } });
    const first = f([1, 2], { b: 1 });
    expect(f([5, 6], { b: 2 }).sum.data).toEqual(Float64Array.of(7, 8));
    expect(first.sum.data).toEqual(Float64Array.of(2, 3));
    expect([traces, f.plans]).toEqual([1, 1]);
    const matrix = { data: Float32Array.of(1, 2), shape: [1, 2] };
    expect(f(matrix, { b: Float32Array.of(3) })).toEqual({ sum: { data: Float32Array.of(4, 5), shape: [1, 2] } });
    expect([traces, f.plans]).toEqual([2, 2]);
  });

  it('forgets the plan not used for longest', () => {
    let traces = 0;
    const f = ad.jit((x: Tensor) => (traces++, ad.square(x)), { maxPlans: 2 });
    for (const length of [1, 2, 1, 3, 1, 2]) f(new Float64Array(length));
    expect([traces, f.plans]).toEqual([4, 2]);
  });

  it('takes its own results, and refuses data that their shape does not fit', () => {
    const f = ad.jit((x: Tensor) => ad.mul(x, 2));
    expect(f(f({ data: Float64Array.of(1, 2), shape: [2, 1] }))).toEqual({
      data: Float64Array.of(4, 8),
      shape: [2, 1],
    });
    expect(() => f({ data: Float64Array.of(1, 2), shape: [3] })).toThrow('jit: the data of an argument');
    expect(() => ad.jit((x: Tensor) => x, { maxPlans: 0 })).toThrow('jit: maxPlans must be an integer >= 1');
  });
});
