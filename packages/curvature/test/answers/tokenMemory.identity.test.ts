// Oracle: diag p − p pᵀ. A product with a matrix of a cross-entropy needs of the logits' shape the probabilities alone.
import { float32, int32, type Spec } from '@hyperribbon/autodiff';
import { type Loss, mlp, type Network, softmaxCrossEntropy, tokenCrossEntropy } from '@hyperribbon/nn';
import { gpt } from '@hyperribbon/nn/models';
import { describe, expect, it } from 'vitest';
import { chunkProgram } from '../../src/operators/chunkProgram.js';
import { gaussNewtonProduct, hessianProduct, outerProduct } from '../../src/operators/products.js';

const products = { hessianProduct, gaussNewtonProduct, outerProduct };

/** How many arrays of the logits' shape are kept, and how long all others are together, in units of it. */
function kept(network: Network, loss: Loss, product: keyof typeof products, answers: Spec): [number, number] {
  const { primal, residuals } = chunkProgram(network, products[product](network, loss), 1, {
    loss,
    dtype: 'float32',
    answers,
  });
  const lengths = residuals.flatMap((residual) =>
    'output' in residual
      ? [primal.values[primal.outputs[residual.output]].shape.reduce((product, length) => product * length, 1)]
      : [],
  );
  const large = lengths.filter((length) => length >= network.classes);
  return [large.length, lengths.reduce((sum, length) => sum + length, 0) / network.classes - large.length];
}

describe.each(Object.keys(products) as (keyof typeof products)[])('%s keeps the probabilities alone', (product) => {
  it.each([true, false])('of a language model, tied: %s', (tied) => {
    const model = gpt(8, 1, 2, { vocabulary: 2048, positions: 6, tied });
    const [large, rest] = kept(model, tokenCrossEntropy({ positions: 6 }), product, float32(1, 6));
    expect(large).toBe(1);
    expect(rest).toBeLessThan(0.6);
  });

  it('of a classifier with many classes', () => {
    expect(kept(mlp([4, 6, 3000]), softmaxCrossEntropy, product, int32(1))[0]).toBe(1);
  });
});

it('a network that makes its tables anew in every call is run forward once', () => {
  const model = gpt(8, 1, 2, { vocabulary: 64, positions: 6 });
  const loss = tokenCrossEntropy({ positions: 6 });
  const { primal } = chunkProgram(model, hessianProduct(model, loss), 1, {
    loss,
    dtype: 'float32',
    answers: float32(1, 6),
  });
  const softmaxes = primal.equations.filter(({ op }) => op === 'softmax');
  // of attention, and of the logits
  expect(softmaxes).toHaveLength(2);
});
