import { describe, expect, it } from 'vitest';
import * as ad from './everything.js';
import type { Tensor, DataArray } from './everything.js';
import { primitiveCases } from './primitiveCases.js';

const opsOf = (f: (...args: never[]) => ad.TensorTree, ...specs: ad.Spec[]): string[] =>
  ad.simplify(ad.trace(f, specs).program).equations.map(({ op }) => op);

describe('a program', () => {
  const f = (x: Tensor, y: Tensor): Tensor => ad.sum(ad.mul(ad.tanh(x), ad.add(y, ad.constant(Float64Array.of(1, 2)))));
  const { program } = ad.trace(f, [ad.float64(2), ad.float64(2)]);

  it('survives structuredClone and, but for its constants, JSON', () => {
    expect(structuredClone(program)).toEqual(program);
    const { constants, ...rest } = program;
    expect(JSON.parse(JSON.stringify(rest))).toEqual(rest);
    expect(constants).toHaveLength(1);
  });

  it('prints one line per value', () => {
    expect(ad.print(program)).toBe(
      [
        '%0 : float64[2] = input',
        '%1 : float64[2] = input',
        '%2 : float64[2] = constant',
        '%3 : float64[2] = tanh %0',
        '%4 : float64[2] = add %1 %2',
        '%5 : float64[2] = mul %3 %4',
        '%6 : float64[] = reduceSum %5 {axes:[0]}',
        'return %6',
      ].join('\n'),
    );
  });

  it('has a digest that depends on its structure and on the numbers of its constants, and on nothing else', () => {
    const again = ad.trace(f, [ad.float64(2), ad.float64(2)]).program;
    expect(ad.hash(again)).toBe(ad.hash(program));
    expect(ad.hash(program)).toBe('sha256:22666df30fbd33ff391cf4b3aa702024a974225f7c8322ff18dcb92e3f908716');
    const other = Float64Array.of(1, 2 + 2 ** -51);
    const changed = { ...program, constants: [{ value: 2, data: other }] };
    expect(ad.hash(changed)).not.toBe(ad.hash(program));
    const shorter = ad.trace(f, [ad.float64(1), ad.float64(2)]).program;
    expect(ad.hash(shorter)).not.toBe(ad.hash(program));
  });

  it('leaves out what does not reach its result', () => {
    const wasteful = (x: Tensor): Tensor => {
      ad.exp(ad.matmul(x, x));
      return ad.neg(x);
    };
    expect(opsOf(wasteful, ad.float64(2, 2))).toEqual(['neg']);
  });

  it('may be deeper than the call stack', () => {
    const deep = (x: Tensor): Tensor => {
      let y = x;
      for (let i = 0; i < 20_000; i++) y = ad.sin(y);
      return y;
    };
    expect(ad.trace(deep, [ad.float64()]).program.equations).toHaveLength(20_000);
  });

  it('keeps the order in which it was written', () => {
    const f2 = (x: Tensor): Tensor[] => {
      const early = ad.exp(x);
      return [ad.sin(x), early];
    };
    expect(ad.trace(f2, [ad.float64()]).program.equations.map(({ op }) => op)).toEqual(['exp', 'sin']);
  });

  it('treats objects with the same keys in another order alike', () => {
    const f3 = ({ a, b }: { a: Tensor; b: Tensor }): Tensor => ad.sub(a, b);
    const slope = (a: Tensor, b: Tensor): Tensor => ad.jvp(f3)([{ a, b }], [{ b, a }])[1];
    expect(ad.evaluateFunction(slope, [5, 2])).toEqual(Float64Array.of(3));
  });
});

describe('hvp', () => {
  const f = (x: Tensor, y: Tensor): Tensor => ad.sum(ad.mul(ad.square(x), y));

  it('needs specs for the arguments of the function only, by position or by name', () => {
    const byHand = ad.trace(ad.hvp(f), [ad.float64(3), ad.float64(3), ad.float64(3)]).program;
    expect(ad.trace(ad.hvp(f), [ad.float64(3), ad.float64(3)]).program).toEqual(byHand);
    expect(ad.trace(ad.hvp(f), { x: ad.float64(3), y: ad.float64(3) }).program).toEqual(byHand);
  });
});

describe('simplify', () => {
  const x = ad.float64(3, 3);

  it('computes equal equations once', () => {
    expect(opsOf((t: Tensor) => ad.add(ad.exp(t), ad.sin(ad.exp(t))), x)).toEqual(['exp', 'sin', 'add']);
  });

  it('does not share what differs in a parameter', () => {
    const f = (t: Tensor): Tensor => ad.add(ad.sum(t, 0), ad.sum(t, 1));
    expect(opsOf(f, x)).toEqual(['reduceSum', 'reduceSum', 'add']);
  });

  it.each<[string, (t: Tensor) => Tensor, string[]]>([
    ['x · 1', (t) => ad.mul(t, 1), []],
    ['0 + x', (t) => ad.add(0, t), []],
    ['x − 0', (t) => ad.sub(t, 0), []],
    ['x / 1', (t) => ad.div(t, 1), []],
    ['−(−x)', (t) => ad.neg(ad.neg(t)), []],
    ['x · −1', (t) => ad.mul(t, -1), ['neg']],
    ['(xᵀ)ᵀ', (t) => ad.transpose(ad.transpose(t)), []],
    ['reshape of reshape', (t) => ad.reshape(ad.reshape(t, [9]), [1, 9]), ['reshape']],
    ['reshape there and back', (t) => ad.reshape(ad.reshape(t, [9]), [3, 3]), []],
    ['transposes before a product', (t) => ad.matmul(ad.transpose(t), ad.transpose(t)), ['matmul']],
    ['sum of a broadcast', (t) => ad.sum(ad.broadcastTo(ad.sum(t), [4])), ['reduceSum', 'full', 'mul']],
    ['arithmetic of numbers', (t) => ad.mul(t, ad.add(ad.full([3, 3], 0.25), 0.75)), []],
    ['stopGradient twice', (t) => ad.stopGradient(ad.stopGradient(t)), ['stopGradient']],
  ])('folds %s', (_, f, ops) => {
    expect(opsOf(f, x)).toEqual(ops);
  });

  it('keeps x · 0, which is NaN for NaN', () => {
    expect(ad.evaluateFunction((t: Tensor) => ad.mul(t, 0), [NaN])).toEqual(Float64Array.of(NaN));
  });
});

describe.each(primitiveCases)('$name', ({ f, args }) => {
  const specs = args.map(({ data, shape }) => (data instanceof Int32Array ? ad.int32 : ad.float64)(...shape));
  const { program } = ad.trace(f, specs);
  const point = args.map(({ data }) => data);
  const wrt = args.flatMap(({ data }, i) => (data instanceof Int32Array ? [] : [i]));
  const tangents = wrt.map((i) => Float64Array.from(point[i], (_, k) => ((k * 5) % 7) / 3 - 1));
  const close = (x: DataArray, y: DataArray): void => {
    const scale = 1 + Math.max(0, ...Array.from(y, Math.abs));
    x.forEach((value: number, i: number) => expect(Math.abs(value - y[i])).toBeLessThanOrEqual(64 * 2 ** -52 * scale));
  };

  it('simplified has the same bits', () => {
    expect(ad.evaluate(ad.simplify(program), point)).toEqual(ad.evaluate(program, point));
  });

  it('split by linearizeProgram equals jvpProgram, and its transpose equals vjpProgram', () => {
    const { primal, tangent, residuals } = ad.linearizeProgram(program);
    const kept = ad.evaluate(primal, point);
    const held = residuals.map((residual) => ('input' in residual ? point[residual.input] : kept[residual.output]));
    const [value, slope] = ad.evaluate(ad.jvpProgram(program), [...point, ...tangents]);
    expect(kept[0]).toEqual(value);
    close(ad.evaluate(tangent, [...held, ...tangents])[0], slope);
    const w = Float64Array.from(value, (_, k) => ((k * 3) % 5) / 2 - 1);
    const linear = wrt.map((_, i) => residuals.length + i);
    const back = ad.evaluate(ad.transposeProgram(tangent, { linear }), [...held, w]);
    const [, ...expected] = ad.evaluate(ad.vjpProgram(program), [...point, w]);
    back.forEach((x, i) => close(x, expected[i]));
  });
});

describe('checkGrads', () => {
  it('rejects a derivative that is wrong', () => {
    const wrong = (x: Tensor): Tensor => ad.mul(x, ad.stopGradient(ad.sin(x)));
    const report = ad.checkGrads(wrong, [[0.5, 2]], { order: 1 });
    expect(report.passed).toBe(false);
    expect(report.checks.map(({ derivative, passed }) => [derivative, passed])).toEqual([
      ['jvp', false],
      ['vjp', false],
    ]);
  });

  it('rejects a second derivative that is wrong though the first is right', () => {
    // the slope of sin is right, the slope of that slope is not
    const wrong = (x: Tensor): Tensor =>
      ad.add(ad.stopGradient(ad.sin(x)), ad.mul(ad.sub(x, ad.stopGradient(x)), ad.stopGradient(ad.cos(x))));
    const checks = ad.checkGrads(wrong, [[0.5, 2]]).checks.map(({ derivative }) => derivative);
    expect(checks).toEqual(['jvp', 'jvp of jvp', 'vjp of jvp', 'vjp', 'jvp of vjp', 'vjp of vjp']);
    expect(ad.checkGrads(wrong, [[0.5, 2]]).passed).toBe(false);
  });

  it('accepts to its tolerance and no further', () => {
    const f = (x: Tensor): Tensor => ad.sin(x);
    const { worst } = ad.checkGrads(f, [[0.3]]);
    expect(worst.error).toBeLessThan(1e-9);
    expect(ad.checkGrads(f, [[0.3]], { tol: worst.error / 2 }).passed).toBe(false);
  });
});
