import { drawLabels, gramMatrix } from '@hyperribbon/curvature';
import type { FloatArray } from '@hyperribbon/kernels';
import { eigvalsh } from '@hyperribbon/lanczos';
import { type Examples, type Network, type ParameterFilter, requireExamples } from '@hyperribbon/nn';

export interface FisherSpectrumOptions {
  /** of the labels drawn from the model: the same as those of `fisher` with `kind: 'sampled'`; default 0 */
  readonly seed?: number;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
  /** the parameters that count, as for operators; default all */
  readonly parameters?: ParameterFilter;
  /** hears a few words before the matrix is formed and before it is diagonalised */
  readonly onStage?: (words: string) => void;
}

/** A whole spectrum with what its small values are worth. */
export interface FisherSpectrum {
  /** (N,) descending: the non-zero eigenvalues of the matrix, and rounding beyond its rank */
  readonly eigenvalues: Float64Array;
  /** 10 · N · eps · λ₁: the rounding of forming and diagonalising the matrix */
  readonly noiseFloor: number;
}

/**
 * All non-zero eigenvalues of the sampled Fisher matrix through its dual, the N × N Gram matrix of gradients [yang2022], in float64.
 *
 * @param params (size,) weights
 * @param examples N of them; labels are drawn from the model
 * @throws ArgumentError for examples with targets or tokens: what is drawn is a label for each
 * @example
 * const net = mlp([2, 3, 2], { activation: 'tanh' });
 * const examples = examplesFromArrays({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) }, { shape: [2], data: Int32Array.of(0, 1) });
 * fisherSpectrum(net, net.init(1), examples).eigenvalues.length; // 2
 *
 * Cost: 2 N² Σ widths flops and 4/3 N³ to diagonalise; 24 N² bytes.
 */
export function fisherSpectrum(
  network: Network,
  params: FloatArray,
  examples: Examples,
  { seed = 0, deterministic = false, parameters, onStage }: FisherSpectrumOptions = {},
): FisherSpectrum {
  requireExamples('fisherSpectrum', network, examples);
  const n = examples.count;
  onStage?.('Gram matrix of the gradients');
  const labels = drawLabels(network, params, examples, seed);
  const gram = gramMatrix(
    network,
    params,
    { ...examples, labels },
    { deterministic, ...(parameters && { parameters }) },
  );
  onStage?.('diagonalising it');
  const eigenvalues = eigvalsh(gram, n, { deterministic });
  return { eigenvalues, noiseFloor: 10 * n * 2 ** -52 * Math.abs(eigenvalues[0]) };
}
