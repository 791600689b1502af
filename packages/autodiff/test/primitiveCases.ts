import { unaryNames } from '@hyperribbon/kernels';
import * as ad from './everything.js';
import type { Tensor } from './everything.js';
import { apply } from '../src/trace/apply.js';
import { layerCases } from './cases/layerCases.js';
import { index, positive, type PrimitiveCase, spread, value } from './cases/values.js';

export type { PrimitiveCase, Value } from './cases/values.js';

const needsPositive = new Set(['sqrt', 'rsqrt', 'log', 'lgamma', 'digamma', 'trigamma', 'reciprocal', 'log1p']);
const unary = unaryNames
  .filter((op) => op !== 'trigamma')
  .map(
    (op): PrimitiveCase => ({
      name: op,
      covers: [op],
      f: (x: Tensor) => apply(op, [x]),
      args: [needsPositive.has(op) ? positive(7) : spread(7)],
      // the third derivative of ln Γ is not available
      order: op === 'digamma' ? 1 : 2,
    }),
  );

const window = { size: [2, 3], stride: [2, 1] } as const;
const image = spread(2, 5, 6, 2);
// nonlinear after a linear primitive, so that its second order is not trivially zero
const bent = (x: Tensor): Tensor => ad.mul(ad.tanh(x), x);

const others: readonly PrimitiveCase[] = [
  {
    name: 'trigamma, as the second derivative of lgamma',
    covers: ['trigamma'],
    f: (x: Tensor) => ad.lgamma(x),
    args: [positive(3)],
  },
  {
    name: 'add',
    covers: ['add', 'broadcast'],
    f: (x: Tensor, y: Tensor) => bent(ad.add(x, y)),
    args: [spread(3, 2), spread(2)],
  },
  { name: 'sub', covers: ['sub'], f: (x: Tensor, y: Tensor) => bent(ad.sub(x, y)), args: [spread(2), spread(3, 2)] },
  { name: 'mul', covers: ['mul'], f: (x: Tensor, y: Tensor) => ad.mul(x, y), args: [spread(3, 1), spread(1, 4)] },
  { name: 'div', covers: ['div'], f: (x: Tensor, y: Tensor) => ad.div(x, y), args: [spread(3, 2), positive(3, 2)] },
  { name: 'div of a number', covers: ['div'], f: (x: Tensor) => ad.div(2, x), args: [positive(3)] },
  { name: 'max', covers: ['max'], f: (x: Tensor, y: Tensor) => bent(ad.maximum(x, y)), args: [spread(9), positive(1)] },
  {
    name: 'min',
    covers: ['min', 'greater'],
    f: (x: Tensor, y: Tensor) => bent(ad.minimum(x, y)),
    args: [spread(9), positive(1)],
  },
  {
    name: 'greater',
    covers: ['greater'],
    f: (x: Tensor, y: Tensor) => ad.mul(ad.greater(x, y), x),
    args: [spread(9), positive(1)],
  },
  { name: 'pow', covers: ['pow'], f: (x: Tensor, y: Tensor) => ad.pow(x, y), args: [positive(5), spread(5)] },
  {
    name: 'pow by a number',
    covers: ['pow'],
    f: (x: Tensor) => ad.add(ad.pow(x, 2.5), ad.pow(x, 3)),
    args: [positive(5)],
  },
  {
    name: 'select',
    covers: ['select'],
    f: (c: Tensor, x: Tensor, y: Tensor) => ad.select(ad.greater(c, 0), bent(x), ad.sin(y)),
    args: [spread(6), spread(6), positive(6)],
  },
  { name: 'full', covers: ['full'], f: (x: Tensor) => ad.mul(ad.full([3], 0.5, x.dtype), bent(x)), args: [spread(3)] },
  { name: 'reshape', covers: ['reshape'], f: (x: Tensor) => ad.softmax(ad.reshape(x, [3, -1])), args: [spread(2, 6)] },
  {
    name: 'transpose',
    covers: ['transpose'],
    f: (x: Tensor) => ad.softmax(ad.transpose(x, [1, 2, 0])),
    args: [spread(2, 3, 4)],
  },
  {
    name: 'slice',
    covers: ['slice', 'pad'],
    f: (x: Tensor) => bent(ad.slice(x, [1, 0], [3, 2])),
    args: [spread(4, 3)],
  },
  {
    name: 'slices of one vector',
    covers: ['slice', 'concatenate'],
    f: (x: Tensor) => ad.mul(bent(ad.slice(x, [0], [3])), ad.slice(x, [5], [8])),
    args: [spread(9)],
  },
  { name: 'pad', covers: ['pad'], f: (x: Tensor) => ad.softmax(ad.pad(x, [1, 0], [0, 2])), args: [spread(2, 3)] },
  {
    name: 'concatenate',
    covers: ['concatenate'],
    f: (x: Tensor, y: Tensor) => ad.softmax(ad.concatenate([x, ad.square(y), x], 1)),
    args: [spread(2, 3), spread(2, 1)],
  },
  {
    name: 'stack',
    covers: ['concatenate'],
    f: (x: Tensor, y: Tensor) => ad.softmax(ad.stack([x, y], -1)),
    args: [spread(3), positive(3)],
  },
  { name: 'reduceSum', covers: ['reduceSum'], f: (x: Tensor) => bent(ad.sum(x, [0, 2])), args: [spread(2, 3, 4)] },
  {
    name: 'mean',
    covers: ['reduceSum'],
    f: (x: Tensor) => ad.mul(ad.mean(x, -1, { keepDims: true }), x),
    args: [spread(2, 3)],
  },
  { name: 'reduceMax', covers: ['reduceMax'], f: (x: Tensor) => bent(ad.max(x, 1)), args: [spread(3, 4)] },
  { name: 'min over axes', covers: ['reduceMax'], f: (x: Tensor) => bent(ad.min(x)), args: [spread(3, 4)] },
  ...([0, 1] as const).flatMap((transA) =>
    ([0, 1] as const).map(
      (transB): PrimitiveCase => ({
        name: `matmul ${transA}${transB}`,
        covers: ['matmul'],
        f: (a: Tensor, b: Tensor) => apply('matmul', [a, b], { transA, transB }),
        args: [transA ? spread(4, 3) : spread(3, 4), transB ? spread(2, 4) : spread(4, 2)],
      }),
    ),
  ),
  {
    name: 'matmul of stacks',
    covers: ['matmul'],
    f: (a: Tensor, b: Tensor) => ad.matmul(a, b),
    args: [spread(2, 1, 3, 4), spread(3, 4, 2)],
  },
  {
    name: 'matmul of a matrix with itself',
    covers: ['matmul'],
    f: (a: Tensor) => ad.matmul(a, ad.transpose(a)),
    args: [spread(3, 4)],
  },
  {
    name: 'matrix and vector',
    covers: ['matmul'],
    f: (a: Tensor, x: Tensor) => ad.mul(ad.matmul(a, x), ad.matmul(x, a)),
    args: [spread(3, 3), spread(3)],
  },
  { name: 'logSumExp', covers: ['logSumExp'], f: (x: Tensor) => ad.logSumExp(x, 0), args: [spread(4, 3)] },
  { name: 'softmax', covers: ['softmax'], f: (x: Tensor) => ad.softmax(x), args: [spread(3, 4)] },
  { name: 'logSoftmax', covers: ['logSumExp'], f: (x: Tensor) => ad.logSoftmax(x, 1), args: [spread(2, 3, 2)] },
  {
    name: 'gatherRows',
    covers: ['gatherRows'],
    f: (x: Tensor, labels: Tensor) => bent(ad.gatherRows(x, labels)),
    args: [spread(3, 4), index([2, 0, 3])],
  },
  {
    name: 'scatterRows',
    covers: ['scatterRows'],
    f: (x: Tensor, labels: Tensor) => bent(ad.scatterRows(x, labels, 4)),
    args: [spread(3), index([2, 0, 3])],
  },
  {
    name: 'gatherFlat',
    covers: ['gatherFlat'],
    f: (x: Tensor, at: Tensor) => bent(apply('gatherFlat', [x, at])),
    args: [spread(3, 4), index([5, 5, 0, 11], [2, 2])],
  },
  {
    name: 'scatterFlat',
    covers: ['scatterFlat'],
    f: (x: Tensor, at: Tensor) => bent(apply('scatterFlat', [x, at], { shape: [2, 3] })),
    args: [spread(4), index([5, 5, 0, 2])],
  },
  {
    name: 'conv2d',
    covers: ['im2col', 'col2im'],
    f: (x: Tensor, w: Tensor) => ad.conv2d(x, w, { stride: [2, 1], padding: 'same' }),
    args: [spread(2, 5, 4, 2), spread(3, 2, 3, 2)],
  },
  {
    name: 'conv2d NCHW',
    covers: ['im2col'],
    f: (x: Tensor, w: Tensor) =>
      ad.tanh(
        ad.conv2d(x, w, {
          padding: [
            [1, 0],
            [0, 2],
          ],
          layout: 'NCHW',
        }),
      ),
    args: [spread(1, 2, 4, 3), spread(2, 2, 2, 2)],
  },
  {
    name: 'averagePool2d',
    covers: ['averagePool', 'averageUnpool'],
    f: (x: Tensor) => bent(ad.averagePool2d(x, window)),
    args: [image],
  },
  { name: 'maxPool2d', covers: ['argmaxPool'], f: (x: Tensor) => bent(ad.maxPool2d(x, window)), args: [image] },
  ...(['im2col', 'col2im', 'averagePool', 'averageUnpool'] as const).map((op): PrimitiveCase => {
    const geometry = {
      batch: 2,
      height: 4,
      width: 3,
      channels: 2,
      kh: 2,
      kw: 2,
      strideH: 2,
      strideW: 1,
      padTop: 0,
      padLeft: 0,
      oh: 2,
      ow: 2,
    };
    const shapes = { im2col: [2, 4, 3, 2], col2im: [8, 8], averagePool: [2, 4, 3, 2], averageUnpool: [2, 2, 2, 2] };
    return {
      name: op,
      covers: [op],
      f: (x: Tensor) => bent(apply(op, [x], { window: geometry })),
      args: [spread(...shapes[op])],
    };
  }),
  {
    name: 'convert',
    covers: ['convert'],
    f: (x: Tensor) => bent(ad.convert(ad.convert(x, 'float64'), x.dtype)),
    args: [spread(5)],
  },
  {
    name: 'batchNorm',
    covers: ['rsqrt'],
    f: (x: Tensor, mean: Tensor, variance: Tensor, scale: Tensor, shift: Tensor) =>
      ad.batchNorm(x, { mean, variance, scale, shift, axis: 1 }),
    args: [spread(2, 3, 2), spread(3), positive(3), spread(3), spread(3)],
  },
  {
    name: 'gelu, tanh form',
    covers: ['sigmoid'],
    f: (x: Tensor) => ad.gelu(x, { approximate: 'tanh' }),
    args: [spread(7)],
  },
  {
    name: 'dense',
    covers: ['matmul'],
    f: (x: Tensor, W: Tensor, b: Tensor) => ad.dense(x, W, b, 'silu'),
    args: [spread(2, 3), spread(3, 4), spread(4)],
  },
  {
    name: 'sort',
    covers: ['argsort'],
    f: (x: Tensor) => bent(ad.sort(x, 1, { descending: true })),
    args: [spread(2, 5, 2)],
  },
  { name: 'topK', covers: ['argsort'], f: (x: Tensor) => bent(ad.topK(x, 2).values), args: [spread(3, 4)] },
  {
    name: 'maxPool2d with padding',
    covers: ['argmaxPool'],
    f: (x: Tensor) => bent(ad.maxPool2d(x, { size: 3, stride: 2, padding: 1, layout: 'NCHW' })),
    args: [spread(2, 2, 5, 4)],
  },
  {
    name: 'averagePool2d with padding',
    covers: ['averagePool'],
    f: (x: Tensor) => bent(ad.averagePool2d(x, { size: [2, 3], stride: 2, padding: 'same', countPadding: false })),
    args: [image],
  },
  {
    name: 'take',
    covers: ['gatherFlat'],
    f: (x: Tensor, at: Tensor) => bent(ad.take(x, at, 1)),
    args: [spread(2, 4, 3), index([3, 0, 3, 1, 1, 2], [3, 2])],
  },
  {
    name: 'takeAlong',
    covers: ['gatherFlat'],
    f: (x: Tensor, at: Tensor) => bent(ad.takeAlong(x, at, 0)),
    args: [spread(3, 2), index([2, 0, 1, 1, 2, 2, 0, 1], [4, 2])],
  },
  {
    name: 'cumulativeSum',
    covers: ['pad'],
    f: (x: Tensor) => bent(ad.cumulativeSum(x, 1)),
    args: [spread(2, 5, 2)],
  },
  {
    name: 'einsum',
    covers: ['matmul'],
    f: (a: Tensor, b: Tensor, c: Tensor) => bent(ad.einsum('bij,bkj,kk->ib', a, b, c)),
    args: [spread(2, 3, 4), spread(2, 3, 4), positive(3, 3)],
  },
  {
    name: 'dropout',
    covers: ['select'],
    f: (x: Tensor, draws: Tensor) => bent(ad.dropout(x, ad.stopGradient(draws), 0.4)),
    args: [spread(4, 3), value([4, 1], (i) => [0.1, 0.9, 0.41, 0.39][i])],
  },
];

export const primitiveCases: readonly PrimitiveCase[] = [...unary, ...others, ...layerCases];
