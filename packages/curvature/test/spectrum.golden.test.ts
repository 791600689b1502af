import { fisher, gaussNewton, hessian } from '@hyperribbon/curvature';
import { eigvalsh } from '@hyperribbon/lanczos';
import { logits } from '@hyperribbon/nn';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceNetwork } from './referenceNetwork.js';
import { matrixOf } from './smallExamples.js';

// every eigenvalue of three matrices of a trained 49-16-10 network, against dense float64 PyTorch

describe('mlp49-16-10-tanh in float64', () => {
  let net: Awaited<ReturnType<typeof referenceNetwork>>;
  beforeAll(async () => {
    net = await referenceNetwork('mlp49-16-10-tanh', 'mlp:tanh');
  });
  // 1000 examples in chunks of 300: the last one is uneven
  const options = { dtype: 'float64', chunkSize: 300 } as const;

  it('has the reference logits, loss and gradient norm', () => {
    const { network, params, examples, reference } = net;
    const z = logits(network, params, examples);
    reference.logits_first_row.forEach((value, c) => expect(Math.abs(z[c] - value)).toBeLessThan(1e-12));
    const H = hessian(network, params, examples, options);
    expect(Math.abs(H.loss - reference.loss)).toBeLessThan(1e-12);
    expect(Math.abs(H.gradientNorm / reference.gradient_norm - 1)).toBeLessThan(1e-9);
  });

  it.each([
    ['hessian', hessian, 'hessian'],
    ['gaussNewton', gaussNewton, 'ggn'],
    [
      'empirical fisher',
      (...[network, params, examples, more]: Parameters<typeof hessian>) =>
        fisher(network, params, examples, { ...more, kind: 'empirical' }),
      'empirical_fisher',
    ],
  ] as const)('%s: all 970 eigenvalues within 1e-10 λ₁', (_, build, key) => {
    const { network, params, examples, reference } = net;
    const { eigenvalues, trace, frobenius } = reference[key]!;
    const matrix = matrixOf(build(network, params, examples, options));
    const values = eigvalsh(matrix, 970);
    const scale = eigenvalues![0];
    const off = values.reduce((most, value, i) => Math.max(most, Math.abs(value - eigenvalues![i])), 0);
    expect(off / scale).toBeLessThan(1e-10);
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < 970; i++) sum += matrix[i * 971];
    for (const entry of matrix) squares += entry * entry;
    expect(Math.abs(sum / trace! - 1)).toBeLessThan(1e-10);
    expect(Math.abs(Math.sqrt(squares) / frobenius! - 1)).toBeLessThan(1e-10);
    // the comparison sees a difference of ten tolerances
    expect(Math.abs(values[0] * (1 + 1e-9) - eigenvalues![0]) / scale).toBeGreaterThan(1e-10);
  });
});
