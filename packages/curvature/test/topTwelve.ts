import { gaussNewton, hessian } from '@hyperribbon/curvature';
import { eigsh } from '@hyperribbon/lanczos';
import { expect } from 'vitest';
import { referenceNetwork } from './referenceNetwork.js';

const matrices = { hessian: [hessian, 'hessian'], gaussNewton: [gaussNewton, 'ggn'] } as const;

export type Case = [name: string, kind: string, matrix: keyof typeof matrices, dtype: 'float32' | 'float64'];

/**
 * The 12 largest eigenvalues of a trained network on MNIST against ARPACK on double-backward products in float64: within
 * 1e-8 λ₁ in float64, 2e-5 λ₁ in float32. Residuals need only the square root of that: an eigenvalue is off by
 * residual²/gap at most.
 */
export async function checkTopTwelve(...[name, kind, matrix, dtype]: Case): Promise<void> {
  const { network, params, examples, reference } = await referenceNetwork(name, kind);
  const [build, key] = matrices[matrix];
  const A = build(network, params, examples, { dtype });
  const wide = dtype === 'float64';
  expect(Math.abs(A.loss - reference.loss)).toBeLessThan(wide ? 1e-12 : 1e-6);
  expect(Math.abs(A.gradientNorm / reference.gradient_norm - 1)).toBeLessThan(wide ? 1e-9 : 1e-5);
  const expected = reference[key].top_eigenvalues!;
  const { values, converged } = await eigsh(A, { k: 12, which: 'LA', tol: wide ? 2e-5 : 5e-4, seed: 1 });
  expect(converged).toBe(true);
  const off = (list: readonly number[]): number =>
    list.reduce((most, value, i) => Math.max(most, Math.abs(values[i] - value)), 0) / expected[0];
  const tolerance = wide ? 1e-8 : 2e-5;
  expect(off(expected)).toBeLessThan(tolerance);
  expect(off(expected.map((value) => value + 10 * tolerance * expected[0]))).toBeGreaterThan(tolerance);
}
