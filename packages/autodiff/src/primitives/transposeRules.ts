import type { PrimitiveName, PrimitiveParams, Spec } from '../program.js';
import { range } from '../specs.js';
import { apply } from '../trace/apply.js';
import type { Tensor } from '../trace/tensor.js';
import * as p from './emit.js';

/** One equation of a linear program, met on the way back. */
export interface TransposeSite {
  readonly params: PrimitiveParams;
  /** the inputs that are known numbers; undefined where the program is linear in the input */
  readonly inputs: readonly (Tensor | undefined)[];
  readonly specs: readonly Spec[];
  /** cotangent of the output */
  readonly cotangent: Tensor;
}

/** Cotangents of the inputs; those of known inputs are ignored. */
export type TransposeRule = (site: TransposeSite) => readonly (Tensor | undefined)[];

/** One rule per primitive that a linearised program can be linear in; the others never meet a tangent. */
export const transposeRules: Readonly<Partial<Record<PrimitiveName, TransposeRule>>> = {
  neg: ({ cotangent }) => [p.neg(cotangent)],
  add: ({ cotangent }) => [cotangent, cotangent],
  sub: ({ cotangent, inputs: [, y] }) => [cotangent, y === undefined ? p.neg(cotangent) : undefined],
  mul: ({ cotangent, inputs: [x, y] }) => [y && p.mul(cotangent, y), x && p.mul(cotangent, x)],
  div: ({ cotangent, inputs: [, y] }) => [y && p.div(cotangent, y), undefined],
  select: ({ cotangent, inputs: [condition, x, y] }) => {
    const zeros = p.zerosLike(cotangent);
    return [
      undefined,
      x === undefined ? p.select(condition!, cotangent, zeros) : undefined,
      y === undefined ? p.select(condition!, zeros, cotangent) : undefined,
    ];
  },
  broadcast: ({ cotangent, params: { axes } }) => [
    p.reduceSum(
      cotangent,
      range(cotangent.shape.length).filter((axis) => !axes!.includes(axis)),
    ),
  ],
  reshape: ({ cotangent, specs: [x] }) => [p.reshape(cotangent, x.shape)],
  transpose: ({ cotangent, params: { permutation } }) => [
    p.transpose(
      cotangent,
      permutation!.map((_, axis) => permutation!.indexOf(axis)),
    ),
  ],
  slice: ({ cotangent, params: { start, limit }, specs: [x] }) => [
    apply('pad', [cotangent], { low: start!, high: x.shape.map((length, axis) => length - limit![axis]) }),
  ],
  pad: ({ cotangent, params: { low }, specs: [x] }) => [
    apply('slice', [cotangent], { start: low!, limit: x.shape.map((length, axis) => low![axis] + length) }),
  ],
  concatenate: ({ cotangent, params, inputs, specs }) => {
    let end = 0;
    return specs.map((x, i) => {
      const start = end;
      end += x.shape[params.axis!];
      return inputs[i] === undefined ? section(cotangent, params.axis!, start, end) : undefined;
    });
  },
  reduceSum: ({ cotangent, params: { axes }, specs: [x] }) => [p.spread(cotangent, axes!, x.shape)],
  // C = op(A) op(B): dA = dC op(B)ᵀ and dB = op(A)ᵀ dC, or their transposes where the operand is stored transposed
  matmul: ({ cotangent, params: { transA, transB }, inputs: [a, b] }) => {
    const [s, t] = [transA ?? 0, transB ?? 0];
    const flip = (flag: 0 | 1): 0 | 1 => (flag === 1 ? 0 : 1);
    return [
      b && (s === 1 ? p.matmul(b, cotangent, t, 1) : p.matmul(cotangent, b, 0, flip(t))),
      a && (t === 1 ? p.matmul(cotangent, a, 1, s) : p.matmul(a, cotangent, flip(s), 0)),
    ];
  },
  gatherRows: ({ cotangent, inputs: [, index], specs: [x] }) => [
    apply('scatterRows', [cotangent, index!], { columns: x.shape[1] }),
  ],
  scatterRows: ({ cotangent, inputs: [, index] }) => [apply('gatherRows', [cotangent, index!])],
  gatherFlat: ({ cotangent, inputs: [, index], specs: [x] }) => [
    apply('scatterFlat', [cotangent, index!], { shape: x.shape }),
  ],
  scatterFlat: ({ cotangent, inputs: [, index] }) => [apply('gatherFlat', [cotangent, index!])],
  im2col: ({ cotangent, params }) => [apply('col2im', [cotangent], params)],
  col2im: ({ cotangent, params }) => [apply('im2col', [cotangent], params)],
  depthwise: ({ cotangent, params, inputs: [x, w] }) => [
    w && apply('depthwiseInput', [cotangent, w], params),
    x && apply('depthwiseWeights', [x, cotangent], params),
  ],
  depthwiseInput: ({ cotangent, params, inputs: [y, w] }) => [
    w && apply('depthwise', [cotangent, w], params),
    y && apply('depthwiseWeights', [cotangent, y], params),
  ],
  depthwiseWeights: ({ cotangent, params, inputs: [x, y] }) => [
    y && apply('depthwiseInput', [y, cotangent], params),
    x && apply('depthwise', [x, cotangent], params),
  ],
  averagePool: ({ cotangent, params }) => [apply('averageUnpool', [cotangent], params)],
  averageUnpool: ({ cotangent, params }) => [apply('averagePool', [cotangent], params)],
  convert: ({ cotangent, specs: [x] }) => [p.convert(cotangent, x.dtype)],
};

function section(x: Tensor, axis: number, start: number, limit: number): Tensor {
  return apply('slice', [x], {
    start: x.shape.map((_, i) => (i === axis ? start : 0)),
    limit: x.shape.map((length, i) => (i === axis ? limit : length)),
  });
}
