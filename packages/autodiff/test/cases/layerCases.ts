import * as ad from '../everything.js';
import type { Tensor } from '../everything.js';
import { imageCases } from './imageCases.js';
import { index, positive, type PrimitiveCase, spread, value } from './values.js';

/** nonlinear after a linear operation, so that its second order is not trivially zero */
const bent = (x: Tensor): Tensor => ad.mul(ad.tanh(x), x);
const composed = (name: string, f: PrimitiveCase['f'], ...args: PrimitiveCase['args']): PrimitiveCase => ({
  name,
  covers: [],
  f,
  args,
});

/** Operations of layers and of arrays that are made of primitives. */
export const layerCases: readonly PrimitiveCase[] = [
  ...imageCases,
  composed(
    'batchNormTraining',
    (x: Tensor, scale: Tensor, shift: Tensor) => bent(ad.batchNormTraining(x, { scale, shift, axis: 1 }).output),
    spread(3, 2, 4),
    spread(2),
    spread(2),
  ),
  composed(
    'batchNormTraining, its statistics',
    (x: Tensor) => {
      const { mean, variance, unbiasedVariance } = ad.batchNormTraining(x);
      return ad.mul(mean, ad.add(variance, ad.square(unbiasedVariance)));
    },
    spread(4, 3),
  ),
  composed(
    'layerNorm',
    (x: Tensor, scale: Tensor, shift: Tensor) => bent(ad.layerNorm(x, { axes: [1, 2], scale, shift })),
    spread(2, 3, 2),
    spread(3, 2),
    spread(3, 2),
  ),
  composed('rmsNorm', (x: Tensor, scale: Tensor) => bent(ad.rmsNorm(x, { scale })), spread(2, 4), spread(4)),
  composed(
    'groupNorm',
    (x: Tensor, scale: Tensor, shift: Tensor) => bent(ad.groupNorm(x, 2, { scale, shift, axis: 1 })),
    spread(2, 4, 3),
    spread(4),
    spread(4),
  ),
  composed('instanceNorm', (x: Tensor) => bent(ad.instanceNorm(ad.add(x, ad.square(x)))), spread(2, 3, 2)),
  composed(
    'attention',
    (q: Tensor, k: Tensor, v: Tensor, bias: Tensor) => ad.attention(q, k, v, { causal: true, bias }),
    spread(2, 3, 2),
    spread(2, 3, 2),
    spread(2, 3, 2),
    spread(3, 3),
  ),
  composed(
    'attention with a mask that hides all keys of one query',
    (q: Tensor, k: Tensor, v: Tensor) =>
      ad.attention(q, k, v, {
        mask: ad.greater(ad.convert(ad.constant(Float64Array.of(1, 0, 1, 0, 0, 0), [2, 3]), q.dtype), 0),
      }),
    spread(2, 2),
    spread(3, 2),
    spread(3, 2),
  ),
  composed(
    'linearAttention',
    (q: Tensor, k: Tensor, v: Tensor) => ad.linearAttention(q, k, v, { scale: 0.5 }),
    spread(3, 2),
    spread(4, 2),
    spread(4, 3),
  ),
  composed(
    'linearAttention, causal',
    (q: Tensor, k: Tensor, v: Tensor) => ad.linearAttention(q, k, v, { causal: true }),
    spread(3, 2),
    spread(3, 2),
    spread(3, 2),
  ),
  composed('maskedSoftmax', (x: Tensor) => bent(ad.maskedSoftmax(x, ad.step(ad.stopGradient(x)))), spread(3, 5)),
  composed(
    'maskedLogSoftmax',
    (x: Tensor) => {
      const mask = ad.step(ad.stopGradient(x));
      return bent(ad.select(mask, ad.maskedLogSoftmax(x, mask), 0));
    },
    spread(3, 5),
  ),
  composed(
    'embedding',
    (table: Tensor, at: Tensor) => bent(ad.embedding(table, at)),
    spread(4, 3),
    index([3, 0, 3, 1], [2, 2]),
  ),
  ...[ad.leakyRelu, ad.elu, ad.selu, ad.celu, ad.hardSwish, ad.softsign, ad.mish].map((f) =>
    composed(f.name, (x: Tensor) => f(x), spread(7)),
  ),
  composed('hardSigmoid', (x: Tensor) => bent(ad.hardSigmoid(x, 0.4)), spread(7)),
  composed('thresholdedRelu', (x: Tensor) => bent(ad.thresholdedRelu(x, 0.5)), spread(7)),
  composed('prelu', (x: Tensor, slope: Tensor) => bent(ad.prelu(x, slope)), spread(2, 3), spread(3)),
  composed('clip', (x: Tensor) => bent(ad.clip(x, -0.5, 1.01)), spread(9)),
  composed('variance', (x: Tensor) => bent(ad.variance(x, 1, { correction: 1, keepDims: true })), spread(2, 3, 2)),
  composed('product', (x: Tensor) => ad.product(x, 1), spread(2, 5, 2)),
  composed(
    'product with a zero',
    (x: Tensor) => ad.product(ad.mul(x, ad.convert(ad.constant(Float64Array.of(1, 0, 2)), x.dtype))),
    spread(3),
  ),
  composed('norm', (x: Tensor) => ad.norm(x, 0), spread(3, 2)),
  composed('norm of absolute values', (x: Tensor) => bent(ad.norm(x, 0, { order: 1 })), spread(3, 2)),
  composed('tile', (x: Tensor) => bent(ad.tile(x, [2, 1, 3])), spread(2, 3, 2)),
  composed('flip', (x: Tensor) => bent(ad.flip(x, [0, -1])), spread(2, 3, 2)),
  composed('strided', (x: Tensor) => bent(ad.strided(x, [4, 0], [0, 3], [-2, 2])), spread(5, 3)),
  composed('tril', (x: Tensor) => bent(ad.tril(x, 1)), spread(2, 3, 4)),
  composed('triu', (x: Tensor) => bent(ad.triu(x)), spread(3, 3)),
  composed(
    'cumulativeSum, exclusive from the end',
    (x: Tensor) => bent(ad.cumulativeSum(x, 0, { exclusive: true, reverse: true })),
    spread(5, 2),
  ),
  composed(
    'scatterAdd',
    (x: Tensor, at: Tensor, updates: Tensor) => bent(ad.scatterAdd(x, at, updates, 0)),
    spread(3, 2),
    index([2, 0, 1, 1, 2, 2, 0, 1], [4, 2]),
    spread(4, 2),
  ),
  ...[ad.tan, ad.sinh, ad.cosh, ad.asin, ad.acos, ad.atanh].map((f) =>
    composed(
      f.name,
      f,
      value([4], (i) => 0.3 * i - 0.5),
    ),
  ),
  composed('acosh', (x: Tensor) => ad.acosh(ad.add(x, 1)), positive(4)),
];
