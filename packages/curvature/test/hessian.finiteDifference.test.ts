import { gaussNewton, hessian } from '@hyperribbon/curvature';
import { type ActivationName, type Network, lenet, mlp, softmaxCrossEntropy, squaredError } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { product, relativeDistance, smallExamples, someVector } from './smallExamples.js';

/** (∇(w + h v) − ∇(w − h v))/(2h) */
function differenceProduct(
  network: Network,
  w: Float64Array,
  v: Float64Array,
  examples: Parameters<typeof hessian>[2],
  loss: typeof squaredError,
): Float64Array {
  // truncation h² and cancellation 1e-16/h meet near 1e-5 for weights of order one
  const h = 1e-5 / Math.sqrt(v.reduce((sum, x) => sum + x * x, 0) / v.length);
  const at = (sign: number): Float64Array =>
    hessian(
      network,
      w.map((x, i) => x + sign * h * v[i]),
      examples,
      { loss, dtype: 'float64' },
    ).gradient();
  const [ahead, behind] = [at(1), at(-1)];
  return ahead.map((g, i) => (g - behind[i]) / (2 * h));
}

describe('Hessian products are differences of gradients', () => {
  const cases: [string, Network, typeof squaredError][] = [
    ...(['tanh', 'sigmoid', 'gelu', 'softplus', 'linear'] as ActivationName[]).map(
      (activation): [string, Network, typeof squaredError] => [
        `${activation}, cross-entropy`,
        mlp([7, 6, 5, 4], { activation }),
        softmaxCrossEntropy,
      ],
    ),
    ['relu, squared error', mlp([7, 6, 4], { activation: 'relu' }), squaredError],
    ['tanh, squared error', mlp([7, 6, 4]), squaredError],
  ];
  it.each(cases)('%s', (_, network, loss) => {
    const examples = smallExamples(19, 7, 4);
    const w = network.init(5, 'float64') as Float64Array;
    const v = someVector(network.size);
    const Hv = product(hessian(network, w, examples, { loss, dtype: 'float64', chunkSize: 8 }), v);
    const reference = differenceProduct(network, w, v, examples, loss);
    expect(relativeDistance(Hv, reference)).toBeLessThan(2e-8);
    const other = product(gaussNewton(network, w, examples, { loss, dtype: 'float64' }), v);
    // the Gauss-Newton matrix lacks the network's own curvature: only a linear network has none
    if (!network.name.startsWith('mlp:linear')) expect(relativeDistance(other, reference)).toBeGreaterThan(1e-4);
  });

  it('LeNet', () => {
    const network = lenet({ channels: [2, 3], hidden: [6], classes: 4 });
    const examples = smallExamples(5, 784, 4);
    const w = network.init(5, 'float64') as Float64Array;
    const v = someVector(network.size);
    const Hv = product(hessian(network, w, examples, { dtype: 'float64', chunkSize: 3 }), v);
    expect(relativeDistance(Hv, differenceProduct(network, w, v, examples, softmaxCrossEntropy))).toBeLessThan(2e-8);
  });
});
