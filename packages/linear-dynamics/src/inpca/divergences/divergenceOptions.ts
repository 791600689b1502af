import type { OnProgress } from '@hyperribbon/contract';
import type { FloatArray, KernelInfo, KernelOptions } from '@hyperribbon/kernels';
import type { DivergenceKind } from './measure.js';

/** Divergences between all models of a set. InPCA treats them as squared distances. */
export interface Divergences {
  readonly kind: DivergenceKind;
  /** (models, models) row-major, symmetric, zero diagonal, ≥ 0; nats (greatCircle: radians) per sample */
  readonly values: FloatArray;
  readonly models: number;
  readonly samples: number;
  /** events (pair of models, sample) that a cap made finite, see {@link DivergenceOptions.cap}; each pair counts once */
  readonly capped: number;
  readonly kernels: KernelInfo;
}

/** What every computation of divergences takes: tolerance, arithmetic, a signal and progress. */
export interface DivergenceOptions extends KernelOptions {
  /**
   * most nats that a sample (bhattacharyya), or a class of a sample (symmetrizedKl), contributes to a divergence, in (0, 100];
   * default 100. Events of probability zero under one model only would contribute ∞.
   */
  readonly cap?: number;
  /** how far a sum of probabilities may be from 1; default 1e-5 for float32 input, 1e-9 for float64. What is left is divided out */
  readonly sumTol?: number;
  /** of the sums over classes; default: that of the input. Sums over samples are float64 */
  readonly precision?: 'float32' | 'float64';
  /** of the result, and of blocks; default float64. float32 halves the memory */
  readonly storage?: 'float32' | 'float64';
  /** an abort ends the call with AbortError; the computation is synchronous, so raise it from onProgress */
  readonly signal?: AbortSignal;
  /** units: pairs of models times samples; a few times per second of work */
  readonly onProgress?: OnProgress;
}

/** Options of some rows, or of two sets: those of {@link DivergenceOptions} and which divergence is meant. */
export interface BlockOptions extends DivergenceOptions {
  /** default bhattacharyya */
  readonly kind?: DivergenceKind;
  /** for kind gaussian: standard deviation of an observation; default 1 */
  readonly sigma?: number;
}
