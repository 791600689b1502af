import {
  bhattacharyyaDivergences,
  deepLinearNet,
  inContextRegression,
  inpca,
  layerHessian,
  predictedWidths,
  rankOneBound,
  regressionSpectrum,
  sloppyEigenvalues,
  squareLoss,
} from '@hyperribbon/linear-dynamics';
import { afterEach, expect, test, vi } from 'vitest';

// every dense eigenproblem that is posed: from order 96 on its kernels decide the bits
const posed = vi.hoisted(() => [] as (boolean | undefined)[]);
vi.mock('@hyperribbon/lanczos', async (original) => {
  const lanczos = (await original()) as typeof import('@hyperribbon/lanczos');
  const eigh = ((a, n, options = {}) => {
    posed.push(options.deterministic);
    return lanczos.eigh(a, n, options);
  }) as typeof lanczos.eigh;
  const eigvalsh: typeof lanczos.eigvalsh = (a, n, options = {}) => {
    posed.push(options.deterministic);
    return lanczos.eigvalsh(a, n, options);
  };
  return { ...lanczos, eigh, eigvalsh };
});
afterEach(() => void posed.splice(0));

test('linear dynamics have the same bits in every runtime: all dense eigenproblems run on deterministic kernels', () => {
  const identity = [1, 0, 0, 1];
  const net = deepLinearNet([2, 2, 1], [Float64Array.of(1, 2, 0, 1), Float64Array.of(1, 1)]);
  regressionSpectrum({
    inputs: Float64Array.of(1, 0, 0, 2, 1, 1),
    targets: Float64Array.of(1, 2, 3),
    count: 3,
    features: 2,
  });
  squareLoss({ inputCorrelation: identity, inputOutput: [1, 2], inputs: 2, outputs: 1 });
  layerHessian(net, 1);
  rankOneBound(net);
  inContextRegression({ inputCovariance: identity, inputs: 2, contextLength: 5 });
  const eigenvalues = sloppyEigenvalues(0.01, { dimension: 200 });
  predictedWidths({
    eigenvalues,
    target: new Float64Array(200).fill(1),
    learningRate: 0.9,
    steps: 50,
    initialScale: 0,
  });
  expect(posed.length).toBeGreaterThanOrEqual(7);
  expect(new Set(posed)).toEqual(new Set([true]));
});

test('a dense map takes the kernels that it is asked for', async () => {
  const set = { probabilities: Float64Array.of(0.5, 0.5, 0.3, 0.7, 0.9, 0.1), models: 3, samples: 1, classes: 2 };
  await inpca(bhattacharyyaDivergences(set), { deterministic: true });
  await inpca(bhattacharyyaDivergences(set));
  expect(posed).toEqual([true, false]);
});
