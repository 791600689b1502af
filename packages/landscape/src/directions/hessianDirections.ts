import { AbortError, requireInteger } from '@hyperribbon/contract';
import { hessian } from '@hyperribbon/curvature';
import type { FloatArray } from '@hyperribbon/kernels';
import { eigsh } from '@hyperribbon/lanczos';
import { orthonormalDirections } from '@hyperribbon/linop/directions';
import { type AnyExamples, type LossData, lossFromData, type Network } from '@hyperribbon/nn';
import { chosenPart, type DirectionOptions, type StiffDirections } from './stiffDirections.js';

/**
 * Directions of the eigenvalues of largest magnitude of the Hessian of the mean loss (default cross-entropy), by Lanczos in float32.
 *
 * They shape a posterior, which may be any: the search ends after 3 k products whether or not the last pairs have converged, and
 * `evidence` says so.
 *
 * @param params (size,) weights at which the Hessian is taken
 * @param examples that the loss is the mean over
 * @returns k orthonormal directions, eigenvalues descending
 * @throws AbortError once `signal` is aborted: half a search is no set of directions
 * @example
 * const net = mlp([2, 3, 2], { activation: 'tanh' });
 * const examples = examplesFromArrays({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) }, { shape: [2], data: Int32Array.of(0, 1) });
 * const { directions, eigenvalues } = await hessianDirections(net, net.init(1, 'float32'), examples, { k: 2 });
 *
 * Cost: 3 k Hessian-vector products.
 */
export async function hessianDirections(
  whole: Network,
  wholeParams: FloatArray,
  examples: AnyExamples,
  {
    k,
    seed = 0,
    loss = { kind: 'softmax-cross-entropy' },
    parameters,
    signal,
    onProgress,
  }: DirectionOptions & { readonly loss?: LossData },
): Promise<StiffDirections> {
  const { network, params, whole: ofWhole } = chosenPart(whole, wholeParams, parameters);
  requireInteger('hessianDirections', 'k', k, 1, network.size);
  const operator = hessian(network, params, examples, { dtype: 'float32', loss: lossFromData(loss) });
  const most = 3 * k;
  const { values, vectors, matvecs, residualNorms, norm } = await eigsh(operator, {
    k,
    which: 'LM',
    tol: 1e-2,
    seed,
    maxMatvecs: most,
    filter: 'off',
    ...(signal === undefined ? {} : { signal }),
    onProgress: ({ done: made }) =>
      onProgress?.({ done: Math.min(made, most), of: most, detail: `${made} products with the Hessian` }),
  });
  if (signal?.aborted === true) throw new AbortError('hessianDirections', signal);
  onProgress?.({ done: most, of: most, detail: `${values.length} directions` });
  const worst = residualNorms.reduce((a, b) => Math.max(a, b), 0) / norm;
  return {
    directions: ofWhole(orthonormalDirections(Float32Array.from(vectors), network.size)),
    eigenvalues: values,
    evidence: `Hessian of ${examples.count} examples by ${matvecs} Lanczos products, largest residual ${worst.toExponential(1)} of its norm`,
  };
}
