import { type OnProgress, requireNoOthers, throwIfAborted } from '@hyperribbon/contract';
import { gaussNewton, hessian } from '@hyperribbon/curvature';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { eigsh } from '@hyperribbon/lanczos';
import { add, type LinearOperator, scale } from '@hyperribbon/linop';
import { type AnyExamples, type LossData, lossFromData, type Network, sizeOf } from '@hyperribbon/nn';
import { halfSquares } from './halfSquares.js';

export interface CurvatureSplitOptions {
  /** of one example, default softmax cross-entropy */
  readonly loss?: LossData;
  /** of products, default float64 */
  readonly dtype?: Dtype;
  /** of eigenvalues relative to each matrix's norm, default 1e-6 in float64 and 1e-3 in float32 */
  readonly tol?: number;
  /** of the searches, default 0 */
  readonly seed?: number;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
  /** products of one search after which it ends with what is there; default: no limit */
  readonly maxMatvecs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress<string>;
}

/** An eigenvalue with its evidence. */
export interface CertifiedValue {
  readonly value: number;
  /** ‖A v − value v‖: an eigenvalue is as near as that */
  readonly residualNorm: number;
  readonly converged: boolean;
}

/** How much of the top eigenvalue of the Gauss-Newton matrix one parameter array holds. */
export interface ParameterShare {
  readonly parameter: string;
  /** in [0, 1] */
  readonly share: number;
}

/** Norms of the parts of the Hessian H = G + R. Plain data. */
export interface CurvatureSplit {
  /** λ_max(H), the sharpness */
  readonly sharpness: CertifiedValue;
  /** λ_max(G) = ‖G‖ of the Gauss-Newton matrix (1/n) Σ (Df_i)ᵀ D²c_i (Df_i) */
  readonly gaussNewton: CertifiedValue;
  /** ‖R‖, the largest |λ| of R = H − G = (1/n) Σ_i Σ_k (∂c_i/∂f_k) ∇²f_k(x_i), with its sign */
  readonly residual: CertifiedValue;
  /** λ_max of (1/n) Σ (Df_i)ᵀ (Df_i), the tangent kernel: G without the losses' curvature */
  readonly tangent: CertifiedValue;
  /**
   * of each parameter array, in the network's order: the squared norm of its part of the unit top eigenvector of G. As λ_max(G) = Σ uᵀ Kc_l u over the parts
   * Kc_l of the conjugate kernel, u its top eigenvector, a share is how much of λ_max(G) the array holds; they add up to 1
   */
  readonly shares: readonly ParameterShare[];
  readonly loss: number;
  readonly gradientNorm: number;
  readonly matvecs: number;
}

/**
 * The largest eigenvalues of the Hessian and of its parts: the Gauss-Newton matrix G, the residual R that goes with the losses' slopes, and G with all
 * losses' curvatures put to 1.
 *
 * @param params flat weights (size,)
 * @param examples that the loss is the mean over
 * @throws ArgumentError for options that do not fit; AbortError once `signal` is aborted
 * Cost: four searches for one eigenvalue, 20 to 60 products each
 * @example
 * const net = mlp([2, 3, 2], { activation: 'tanh' });
 * const examples = examplesFromArrays({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) }, { shape: [2], data: Int32Array.of(0, 1) });
 * const { sharpness, residual } = await curvatureSplit(net, net.init(1), examples);
 * Source: [schraudolph2002] for the parts.
 */
export async function curvatureSplit(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  {
    loss: lossData = { kind: 'softmax-cross-entropy' },
    dtype = 'float64',
    tol = dtype === 'float64' ? 1e-6 : 1e-3,
    seed = 0,
    deterministic = false,
    maxMatvecs,
    signal,
    onProgress,
    ...others
  }: CurvatureSplitOptions = {},
): Promise<CurvatureSplit> {
  const caller = 'curvatureSplit';
  requireNoOthers(caller, others, 'CurvatureSplitOptions');
  const options = { dtype, deterministic };
  const loss = lossFromData(lossData);
  const H = hessian(network, params, examples, { ...options, loss });
  const G = gaussNewton(network, params, examples, { ...options, loss });
  const tangentKernel = gaussNewton(network, params, examples, { ...options, loss: halfSquares });
  let [searches, matvecs] = [0, 0];
  const top = async (operator: LinearOperator, which: 'LA' | 'LM', name: string): Promise<Found> => {
    throwIfAborted(caller, signal);
    onProgress?.({ done: searches, of: 4, detail: name });
    const found = await eigsh(operator, {
      k: 1,
      which,
      tol,
      seed,
      deterministic,
      ...(maxMatvecs === undefined ? {} : { maxMatvecs }),
      ...(signal && { signal }),
    });
    searches++;
    matvecs += found.matvecs;
    const certified = { value: found.values[0], residualNorm: found.residualNorms[0], converged: found.converged };
    return { certified, vector: found.vectors };
  };
  const { certified: sharpness } = await top(H, 'LA', 'the sharpness');
  const gaussNewtonTop = await top(G, 'LA', 'the Gauss-Newton matrix');
  const { certified: residual } = await top(add(H, scale(G, -1)), 'LM', 'the residual');
  const { certified: tangent } = await top(tangentKernel, 'LA', 'the tangent kernel');
  throwIfAborted(caller, signal);
  return {
    sharpness,
    gaussNewton: gaussNewtonTop.certified,
    residual,
    tangent,
    shares: sharesOf(network, gaussNewtonTop.vector),
    loss: H.loss,
    gradientNorm: H.gradientNorm,
    matvecs,
  };
}

interface Found {
  readonly certified: CertifiedValue;
  readonly vector: FloatArray;
}

function sharesOf(network: Network, vector: FloatArray): readonly ParameterShare[] {
  let from = 0;
  return network.parameters.map(({ name, shape }) => {
    const to = from + sizeOf(shape);
    let share = 0;
    for (; from < to; from++) share += vector[from] * vector[from];
    return { parameter: name, share };
  });
}
