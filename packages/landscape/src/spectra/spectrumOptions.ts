import type { OnProgress } from '@hyperribbon/contract';
import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';
import type { LossData, ParameterFilter } from '@hyperribbon/nn';
import type { DensityCurve } from './densityCurve.js';

/**
 * Curvature matrices of the mean loss, by name. `fisher` has one label per example, or one token per position, drawn from the model; of models that
 * draw real numbers (squared error) or coins (binary cross-entropy) it is exact.
 */
export const curvatureNames = ['hessian', 'ggn', 'fisher', 'empirical-fisher'] as const;
export type CurvatureName = (typeof curvatureNames)[number];

export interface NetworkSpectrumOptions {
  /** default `hessian` */
  readonly operator?: CurvatureName;
  /** of one example, default softmax cross-entropy */
  readonly loss?: LossData;
  /** how many eigenvalues, integer in [1, size], or 'all' of them by forming the matrix */
  readonly count: number | 'all';
  /** largest (default), smallest, largest magnitude, both ends */
  readonly which?: 'LA' | 'SA' | 'LM' | 'BE';
  /** of products, default float32 */
  readonly dtype?: Dtype;
  /** residual norms relative to the norm of the operator, default 1e-5 in float32 and 1e-10 in float64 */
  readonly tol?: number;
  /** of the search and of the labels that are drawn, default 0 */
  readonly seed?: number;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
  /** whether eigenvectors are returned, default false */
  readonly vectors?: boolean;
  /** the search ends after so many products, with what is there */
  readonly maxMatvecs?: number;
  /** also the spectral density, with so many Lanczos steps for each of so many probes */
  readonly density?: { readonly steps: number; readonly probes: number } | undefined;
  /** also the trace, from so many products (at least 4): exact where there are as many as the matrix has columns, or all eigenvalues are known */
  readonly trace?: number | undefined;
  /** the parameters that count, by a pattern, their names or a function of names: the matrix is the block of theirs. Default all */
  readonly parameters?: ParameterFilter | undefined;
  /** threads that share the examples, this one included (default 1); the result has the same bits for any number */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  /** hears the share of the work that is done, with a few words */
  readonly onProgress?: OnProgress<string>;
}

/** Eigenpairs with their evidence. */
export interface SpectrumPairs {
  /** descending */
  readonly values: Float64Array;
  readonly residualNorms: Float64Array;
  readonly converged: boolean;
  /** the solver's, or `dense` where the matrix was formed */
  readonly reason: string;
  readonly matvecs: number;
  /** largest entry of |U Uᵀ − I| */
  readonly orthogonality: number;
  /** (values.length, size) row-major, if asked for */
  readonly vectors?: FloatArray;
}

export interface NetworkSpectrum extends SpectrumPairs {
  readonly seed: number;
  /** mean loss at the weights, and the norm of its gradient */
  readonly loss: number;
  readonly gradientNorm: number;
  readonly kernels: KernelInfo;
  /** 10 eps ‖A‖: magnitudes below it are rounding */
  readonly noiseFloor: number;
  readonly density?: DensityCurve;
  readonly trace?: SpectrumTrace;
}

/** A trace with its evidence. */
export interface SpectrumTrace {
  readonly value: number;
  /** 0 where nothing was random */
  readonly standardError: number;
  readonly matvecs: number;
}

/** Residuals relative to the norm of the operator that each arithmetic reaches with ease. */
const defaultTol: Readonly<Record<Dtype, number>> = { float32: 1e-5, float64: 1e-10 };

/** Options with every default filled in. */
export type SettledSpectrum = NetworkSpectrumOptions &
  Required<
    Pick<
      NetworkSpectrumOptions,
      'operator' | 'loss' | 'which' | 'dtype' | 'tol' | 'seed' | 'deterministic' | 'vectors' | 'workers'
    >
  >;

export function settleSpectrum({ dtype = 'float32', ...options }: NetworkSpectrumOptions): SettledSpectrum {
  return {
    operator: 'hessian',
    loss: { kind: 'softmax-cross-entropy' },
    which: 'LA',
    dtype,
    tol: defaultTol[dtype],
    seed: 0,
    deterministic: false,
    vectors: false,
    workers: 1,
    ...options,
  };
}
