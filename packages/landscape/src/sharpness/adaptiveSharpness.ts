import { floatArray, requireNoOthers, throwIfAborted } from '@hyperribbon/contract';
import { hessian } from '@hyperribbon/curvature';
import type { FloatArray } from '@hyperribbon/kernels';
import { eigsh } from '@hyperribbon/lanczos';
import { compose, diagonal } from '@hyperribbon/linop';
import { type AnyExamples, lossFromData, type Network } from '@hyperribbon/nn';
import type { CertifiedValue, CurvatureSplitOptions } from './curvatureSplit.js';

/** One search for one eigenvalue. */
export type AdaptiveSharpnessOptions = Omit<CurvatureSplitOptions, 'onProgress'>;

/**
 * λ_max(|θ| H |θ|), |θ| the diagonal matrix of the magnitudes of the weights: the curvature of relative changes. It is the same for all weights that
 * {@link rescaleLayers} makes of each other, which λ_max(H) is not.
 *
 * The adaptive sharpness of [kwon2021] is a rise of the loss within a ball of this metric; this is its second-order part, with their η₀ = 0.
 *
 * @param params flat weights (size,)
 * @returns 0 for weights of zeros
 * @throws ArgumentError for options that do not fit; AbortError once `signal` is aborted
 * Cost: 20 to 60 products
 * @example
 * const net = mlp([2, 3, 2], { activation: 'relu' });
 * const examples = examplesFromArrays({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) }, { shape: [2], data: Int32Array.of(0, 1) });
 * const { value, residualNorm } = await adaptiveSharpness(net, net.init(1), examples);
 */
export async function adaptiveSharpness(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  {
    loss = { kind: 'softmax-cross-entropy' },
    dtype = 'float64',
    tol = dtype === 'float64' ? 1e-6 : 1e-3,
    seed = 0,
    deterministic = false,
    maxMatvecs,
    signal,
    ...others
  }: AdaptiveSharpnessOptions = {},
): Promise<CertifiedValue> {
  const caller = 'adaptiveSharpness';
  requireNoOthers(caller, others, 'AdaptiveSharpnessOptions');
  throwIfAborted(caller, signal);
  const H = hessian(network, params, examples, { dtype, loss: lossFromData(loss), deterministic });
  const magnitudes = diagonal(floatArray(dtype, Float64Array.from(params, Math.abs)));
  const { values, residualNorms, converged } = await eigsh(compose(magnitudes, compose(H, magnitudes)), {
    k: 1,
    which: 'LA',
    tol,
    seed,
    deterministic,
    ...(maxMatvecs === undefined ? {} : { maxMatvecs }),
    ...(signal && { signal }),
  });
  throwIfAborted(caller, signal);
  return { value: values[0], residualNorm: residualNorms[0], converged };
}
