import { hessian } from '@hyperribbon/curvature';
import type { FloatArray } from '@hyperribbon/kernels';
import { eigsh } from '@hyperribbon/lanczos';
import type { Examples, Network } from '@hyperribbon/nn';
import { orthonormalDirections } from '@hyperribbon/pac-bayes/networks';

export interface DirectionOptions {
  readonly k: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly report: (fraction: number, detail: string) => Promise<void>;
}

export interface CurvatureDirections {
  /** (k, size) orthonormal rows */
  readonly directions: Float32Array;
  /** (k,) descending in magnitude as they were found */
  readonly eigenvalues: Float64Array;
  /** how they were found, for reports */
  readonly evidence: string;
}

/**
 * Directions of the eigenvalues of largest magnitude of the Hessian, by Lanczos. They shape a posterior, which may be any: the search ends
 * after 3 k products whether or not the last pairs have converged, and says so.
 */
export async function hessianDirections(
  network: Network,
  weights: FloatArray,
  examples: Examples,
  { k, seed, signal, report }: DirectionOptions,
): Promise<CurvatureDirections> {
  const operator = hessian(network, weights, examples, { dtype: 'float32' });
  const most = 3 * k;
  let told: Promise<void> = Promise.resolve();
  const { values, vectors, matvecs, residualNorms, norm } = await eigsh(operator, {
    k,
    which: 'LM',
    tol: 1e-2,
    seed,
    maxMatvecs: most,
    filter: 'off',
    signal,
    onProgress: ({ matvecs: made }) => {
      told = report(Math.min(1, made / most), `${made} products with the Hessian`);
    },
  });
  await told;
  const worst = residualNorms.reduce((a, b) => Math.max(a, b), 0) / norm;
  return {
    directions: orthonormalDirections(Float32Array.from(vectors), network.size),
    eigenvalues: values,
    evidence: `Hessian of ${examples.count} examples by ${matvecs} Lanczos products, largest residual ${worst.toExponential(1)} of its norm`,
  };
}
