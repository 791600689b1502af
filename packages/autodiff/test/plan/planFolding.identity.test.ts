import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  concatenate,
  dense,
  float32,
  gatherRows,
  grad,
  int32,
  linearizeProgram,
  logSumExp,
  matmul,
  mean,
  mul,
  neg,
  plan,
  relu,
  reshape,
  sigmoid,
  slice,
  sub,
  sum,
  tanh,
  trace,
  transpose,
  type Program,
  type Spec,
  type Tensor,
} from '../everything.js';
import { bestFit } from '../../src/plan/memory/bestFit.js';
import { linearizedParts } from '../../src/plan/chunked/linearizedParts.js';

/** kernels of a plan in the order they run; those of a group joined by + */
function kernels(f: (...xs: Tensor[]) => unknown, specs: readonly Spec[]): string[] {
  return steps(trace(f as never, specs).program);
}
function steps(program: Program): string[] {
  return plan(program).steps.map(({ instructions }) => instructions.map(({ kernel }) => kernel).join(' + '));
}
const [m, n, k] = [8, 6, 4];
const [A, B, C] = [float32(m, k), float32(k, n), float32(m, n)];

describe('what folds into a matrix product', () => {
  it('bias and activation', () => {
    for (const f of [tanh, relu, sigmoid]) {
      const layer = (x: Tensor, W: Tensor, b: Tensor): Tensor => f(add(matmul(x, W), b));
      expect(kernels(layer, [A, B, float32(n)])).toEqual(['gemm']);
    }
  });

  it('the bias alone, where the pre-activation is needed too', () => {
    const layer = (x: Tensor, W: Tensor, b: Tensor): Tensor[] => {
      const z = add(matmul(x, W), b);
      return [z, tanh(z)];
    };
    expect(kernels(layer, [A, B, float32(n)])).toEqual(['gemm', 'unary.tanh']);
  });

  it('transpositions of operands', () => {
    const f = (x: Tensor, y: Tensor): Tensor => matmul(transpose(x), transpose(y));
    expect(kernels(f, [float32(k, m), float32(n, k)])).toEqual(['gemm']);
  });

  it('a sum of products, with signs', () => {
    const f = (a: Tensor, b: Tensor, c: Tensor): Tensor => sub(neg(matmul(a, b)), add(matmul(neg(a), c), matmul(a, c)));
    const { program } = trace(f as never, [A, B, B]);
    const calls = plan(program).steps.flatMap(({ instructions }) => instructions);
    expect(calls.map(({ kernel }) => kernel)).toEqual(['gemm', 'gemm', 'gemm']);
    // alpha and beta
    expect(calls.map(({ args }) => [args[5], args[10]])).toEqual([
      [-1, 0],
      [1, 1],
      [-1, 1],
    ]);
  });

  it('of other factors none: they could leave the range there, or keep it from being left', () => {
    expect(kernels((a, b) => mul(3, matmul(a, b)), [A, B])).toEqual(['gemm', 'binaryScalar.mul']);
    expect(kernels((a, b) => matmul(mul(a, 0.5), b), [A, B])).toEqual(['binaryScalar.mul', 'gemm']);
    expect(kernels((x) => sum(mul(x, 0.5)), [C])).toEqual(['binaryScalar.mul', 'sumRows']);
  });

  it('a value that dies, unless elementwise work follows that adds it for less', () => {
    const f = (a: Tensor, b: Tensor, c: Tensor): Tensor => add(tanh(c), matmul(a, b));
    expect(kernels(f, [A, B, C])).toEqual(['unary.tanh', 'gemm']);
    const g = (a: Tensor, b: Tensor, c: Tensor): Tensor => sigmoid(add(tanh(c), matmul(a, b)));
    expect(kernels(g, [A, B, C])).toEqual(['gemm', 'unary.tanh + binary.add + unary.sigmoid']);
  });

  it('a batch of rows against one matrix', () => {
    const f = (x: Tensor, W: Tensor): Tensor => matmul(x, W);
    expect(kernels(f, [float32(5, m, k), B])).toEqual(['gemm']);
    const { steps: all } = plan(trace(f, [float32(5, m, k), B]).program);
    expect(all[0]!.instructions[0]!.args.slice(2, 5)).toEqual([5 * m, n, k]);
    expect(all[0]!.instructions[0]!.repeat).toBeUndefined();
  });
});

describe('what folds elsewhere', () => {
  it('rows, columns and numbers into elementwise kernels', () => {
    const f = (x: Tensor, r: Tensor, c: Tensor): Tensor => mul(add(mul(tanh(x), 2), r), c);
    expect(kernels(f, [C, float32(n), float32(m, 1)])).toEqual([
      'unary.tanh + binaryScalar.mul + binaryRow.add + binaryColumn.mul',
    ]);
  });

  it('a product into the sum of its rows, and into an addition', () => {
    expect(kernels((x, y) => sum(mul(x, y), 1), [C, C])).toEqual(['dotRows']);
    expect(kernels((x, y, z) => add(mul(x, y), z), [C, C, C])).toEqual(['multiplyAdd']);
  });

  it('views: reshape, slices of the first axis, parts of a flat vector', () => {
    const f = (w: Tensor, x: Tensor): Tensor => matmul(x, reshape(slice(w, [3], [3 + k * n]), [k, n]));
    expect(kernels(f, [float32(100), A])).toEqual(['gemm']);
  });

  it('pieces of a vector are computed where they belong', () => {
    const f = (x: Tensor, y: Tensor): Tensor => concatenate([reshape(matmul(x, y), [-1]), tanh(reshape(x, [-1]))], 0);
    expect(kernels(f, [A, B]).sort()).toEqual(['gemm', 'unary.tanh']);
  });
});

describe('the Hessian-vector product of a 784-256-256-10 network', () => {
  type Weights = readonly Tensor[];
  const loss = ([W1, b1, W2, b2, W3, b3]: Weights, x: Tensor, labels: Tensor): Tensor => {
    const h = dense(dense(x, W1!, b1!, 'tanh'), W2!, b2!, 'tanh');
    const logits = dense(h, W3!, b3!);
    return mean(sub(logSumExp(logits), gatherRows(logits, labels)));
  };
  const weights = [float32(784, 256), float32(256), float32(256, 256), float32(256), float32(256, 10), float32(10)];
  const batch = 64;
  const { program } = trace(grad(loss as never) as never, [weights, float32(batch, 784), int32(batch)]);
  const parts = linearizedParts(linearizeProgram(program, { wrt: [0, 1, 2, 3, 4, 5] }));
  const all = parts.tangent.steps.flatMap(({ instructions }) => instructions.map(({ kernel }) => kernel));

  it('is 14 matrix products and nothing that moves data', () => {
    expect(all.filter((kernel) => kernel === 'gemm')).toHaveLength(14);
    const movers = ['copy', 'transpose', 'gather', 'repeatRows', 'fill'];
    expect(all.filter((kernel) => movers.includes(kernel))).toEqual([]);
  });

  it('does 2 · 14 products of flops', () => {
    const [first, second, last] = [784 * 256, 256 * 256, 256 * 10].map((size) => 2 * batch * size);
    const products = 2 * first! + 6 * second! + 6 * last!;
    expect(parts.tangent.flops).toBeGreaterThan(products);
    expect(parts.tangent.flops).toBeLessThan(1.02 * products);
  });

  it('stores 7 arrays of a hidden layer and 3 of the output layer', () => {
    // first layer h, h′ and δh″; second layer the same and δ; output layer the softmax, where it is above ½, and δ
    const floats = parts.stored.reduce((s, { shape }) => s + shape.reduce((a, b) => a * b, 1), 0);
    expect(floats).toBe(batch * (7 * 256 + 3 * 10));
  });
});

describe('bestFit', () => {
  const request = fc.record({ bytes: fc.nat(5000), first: fc.nat(30), span: fc.nat(10) });
  it('never lets two live requests overlap, and needs no more than all of them side by side', () => {
    const property = fc.property(fc.array(request, { maxLength: 40 }), (list) => {
      const requests = list.map(({ bytes, first, span }) => ({ bytes, first, last: first + span }));
      const { offsets, total } = bestFit(requests);
      requests.forEach((a, i) => {
        expect(offsets[i]! % 64).toBe(0);
        expect(offsets[i]! + a.bytes).toBeLessThanOrEqual(total);
        requests.slice(0, i).forEach((b, j) => {
          const together = a.first <= b.last && b.first <= a.last;
          const apart = offsets[i]! + a.bytes <= offsets[j]! || offsets[j]! + b.bytes <= offsets[i]!;
          expect(!together || apart || a.bytes * b.bytes === 0).toBe(true);
        });
      });
      expect(total).toBeLessThanOrEqual(requests.reduce((s, { bytes }) => s + Math.ceil(bytes / 64) * 64, 0));
    });
    fc.assert(property, { seed: 5, numRuns: 200 });
  });

  it('reuses freed memory', () => {
    const { offsets, total } = bestFit([
      { bytes: 640, first: 0, last: 1 },
      { bytes: 640, first: 1, last: 2 },
      { bytes: 640, first: 2, last: 3 },
    ]);
    expect(total).toBe(1280);
    expect(offsets[2]).toBe(offsets[0]);
  });
});
