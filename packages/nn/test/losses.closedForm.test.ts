import { type Tensor, constant } from '@hyperribbon/autodiff';
import { evaluateFunction } from '@hyperribbon/autodiff/testing';
import { type Loss, softmaxCrossEntropy, squaredError } from '@hyperribbon/nn';
import { expect, it } from 'vitest';

/** losses of logits (1, −2, 0.5) and (800, 0, −800) at these labels */
function at(loss: Loss, labels: number[]): Float64Array {
  const logits = { data: Float64Array.of(1, -2, 0.5, 800, 0, -800), shape: [2, 3] };
  const f = (z: Tensor): Tensor => loss(z, constant(Int32Array.from(labels)));
  return evaluateFunction(f, [logits]) as Float64Array;
}

it('cross-entropy is −ln p of the label, also for huge logits', () => {
  const total = Math.exp(1) + Math.exp(-2) + Math.exp(0.5);
  const [a, b] = at(softmaxCrossEntropy, [2, 2]);
  expect(Math.abs(a - (Math.log(total) - 0.5))).toBeLessThan(1e-15);
  expect(b).toBe(1600);
});

it('squared error is half the squared distance to the unit vector of the label', () => {
  const [a, b] = at(squaredError, [0, 1]);
  expect(a).toBe((0 + 4 + 0.25) / 2);
  expect(b).toBe((640000 + 1 + 640000) / 2);
});
