import { createWorkspace } from '@hyperribbon/kernels';
import { describe, expect, it } from 'vitest';
import { ArgumentError } from '@hyperribbon/contract';
import {
  add,
  compile,
  constant,
  programCost,
  float32,
  float64,
  gatherRows,
  hvp,
  int32,
  jvp,
  matmul,
  MemoryLimitError,
  mul,
  reshape,
  sum,
  tanh,
  trace,
  type Tensor,
} from '@hyperribbon/autodiff';

const square = (x: Tensor): Tensor => sum(mul(x, x));

describe('compile', () => {
  it('computes a function of arrays', () => {
    const norm = compile(square, [float64(3)]);
    expect(Array.from(norm(Float64Array.of(1, 2, 3)))).toEqual([14]);
    expect(Array.from(norm(Float64Array.of(0, 0, 4)))).toEqual([16]);
  });

  it('takes specs by name, and for hvp those of the function alone', () => {
    const product = compile(hvp(square), { x: float64(2) });
    expect(Array.from(product(Float64Array.of(5, 7), Float64Array.of(1, -3)))).toEqual([2, -6]);
  });

  it('takes and returns trees, in any order of keys', () => {
    const f = ({ a, b }: { a: Tensor; b: Tensor }, [c]: readonly [Tensor]): { sum: Tensor; list: Tensor[] } => ({
      sum: add(add(a, b), c),
      list: [a, mul(b, c)],
    });
    const planned = compile(f, [{ a: float32(2), b: float32(2) }, [float32(2)]]);
    const result = planned({ b: Float32Array.of(3, 4), a: Float32Array.of(1, 2) }, [Float32Array.of(10, 20)]);
    expect(result.sum).toEqual(Float32Array.of(14, 26));
    expect(result.list[0]).toEqual(Float32Array.of(1, 2));
    expect(result.list[1]).toEqual(Float32Array.of(30, 80));
  });

  it('takes numbers for scalars and functions of five arguments', () => {
    const f = (...xs: readonly Tensor[]): Tensor => xs.reduce((a, b) => add(mul(a, 10), b));
    const specs = Array.from({ length: 5 }, () => float64());
    expect(compile(f, specs)(1, 2, 3, 4, 5)[0]).toBe(12345);
    expect(() => compile(f, specs)(1, 2, 3, 4, 5, 6)).toThrow(/expected 5 arguments/);
  });

  it('returns arrays that the next call overwrites', () => {
    const planned = compile((x: Tensor) => mul(x, 2), [float64(1)]);
    const first = planned(Float64Array.of(1));
    planned(Float64Array.of(4));
    expect(first[0]).toBe(8);
  });

  it('returns an input, a part of it, and one value twice as arrays of their own', () => {
    const f = (x: Tensor): Tensor[] => {
      const y = tanh(x);
      return [x, reshape(x, [2, 1]), y, y, constant(Float64Array.of(7), [1])];
    };
    const views = compile(f, [float64(2)])(Float64Array.of(0, 0));
    expect(views.map((view) => Array.from(view))).toEqual([[0, 0], [0, 0], [0, 0], [0, 0], [7]]);
    views[2]![0] = 5;
    expect(views[3]![0]).toBe(0);
  });

  it('runs jvp through nested argument lists', () => {
    const slope = compile(jvp(square), [[float64(2)], [float64(2)]]);
    const [value, derivative] = slope([Float64Array.of(1, 2)], [Float64Array.of(1, 1)]);
    expect([value[0], derivative[0]]).toEqual([5, 6]);
  });

  it('names the argument whose type, length or nesting is wrong', () => {
    const f = compile((p: { w: Tensor }, x: Tensor) => add(p.w, x), [{ w: float32(2) }, float32(2)]);
    const ok = new Float32Array(2);
    expect(() => f({ w: new Float32Array(3) }, ok)).toThrow(
      'argument 0.w must be float32 of length 2, got a Float32Array of length 3',
    );
    expect(() => f({ w: ok }, new Float64Array(2))).toThrow(
      'argument 1 must be float32 of length 2, got a Float64Array of length 2',
    );
    expect(() => f(ok as never, ok)).toThrow(/argument 0 must be nested like its spec/);
    expect(() => (f as unknown as (x: unknown) => unknown)({ w: ok })).toThrow(/argument 1 .* got undefined/);
    expect(() => f({ w: 1 }, ok)).toThrow(TypeError);
  });

  it('checks indices with position, value and limit, and leaves NaN in data alone', () => {
    const pick = compile((x: Tensor, i: Tensor) => gatherRows(x, i), [float64(2, 3), int32(2)]);
    const x = Float64Array.of(1, 2, NaN, 4, 5, 6);
    expect(Array.from(pick(x, Int32Array.of(2, 0)))).toEqual([NaN, 4]);
    expect(() => pick(x, Int32Array.of(0, 3))).toThrow(
      new ArgumentError('gatherRows: index must be in [0, 3), got 3 at position 1'),
    );
    expect(() => pick(x, Int32Array.of(-1, 0))).toThrow(/got -1 at position 0/);
  });

  it('refuses constant indices out of range when it plans', () => {
    const f = (x: Tensor): Tensor => gatherRows(x, constant(Int32Array.of(0, 9), [2]));
    expect(() => compile(f, [float64(2, 3)])).toThrow(/got 9 at position 1/);
  });
});

describe('memory', () => {
  const f = (x: Tensor, W: Tensor): Tensor => sum(tanh(matmul(x, W)));
  const specs = [float32(50, 30), float32(30, 20)];
  const { program } = trace(f, specs);

  it('is exactly what programCost says', () => {
    const { bytes } = programCost(program);
    const workspace = createWorkspace({ bytes });
    compile(f, specs, { workspace });
    expect(workspace.used).toBe(bytes);
    expect(bytes % 64).toBe(0);
  });

  it('is refused beyond memoryLimit, in numbers', () => {
    const { bytes } = programCost(program);
    expect(compile(f, specs, { memoryLimit: bytes }).plan.bytes).toBe(bytes);
    const refused = (): unknown => compile(f, specs, { memoryLimit: bytes - 1 });
    expect(refused).toThrow(MemoryLimitError);
    expect(refused).toThrow(`plan: needs ${bytes} bytes`);
    expect(refused).toThrow(`memoryLimit is ${bytes - 1}`);
  });

  it('counts 2 m n k operations for a product and one per element for the rest', () => {
    expect(programCost(trace((x: Tensor, W: Tensor) => matmul(x, W), specs).program).flops).toBe(2 * 50 * 30 * 20);
    expect(programCost(trace((x: Tensor) => tanh(x), [float64(7)]).program).flops).toBe(7);
  });

  it('of a chain of 40 layers is that of two activations', () => {
    const deep = (x: Tensor, W: Tensor): Tensor => {
      let h = x;
      for (let i = 0; i < 40; i++) h = tanh(matmul(h, W));
      return h;
    };
    const { bytes } = programCost(trace(deep, [float64(100, 64), float64(64, 64)]).program);
    const [activation, weights] = [100 * 64 * 8, 64 * 64 * 8];
    // input, weights and output, and two intermediates that take turns
    expect(bytes).toBe(4 * activation + weights);
  });
});
