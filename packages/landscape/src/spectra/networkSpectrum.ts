import { requireInteger, requireOneOf } from '@hyperribbon/contract';
import { fisher, gaussNewton, hessian, type ShardedCurvatureOperator } from '@hyperribbon/curvature';
import type { FloatArray } from '@hyperribbon/kernels';
import type { KnownPairs } from '@hyperribbon/lanczos';
import { spectralDensity } from '@hyperribbon/lanczos/density';
import { estimateTrace } from '@hyperribbon/lanczos/trace';
import {
  type AnyExamples,
  chosenParameters,
  type LossData,
  lossFromData,
  type Network,
  type ParameterFilter,
  sizeOf,
} from '@hyperribbon/nn';
import { densityCurve, type DensityCurve } from './densityCurve.js';
import {
  curvatureNames,
  settleSpectrum,
  type NetworkSpectrum,
  type NetworkSpectrumOptions,
  type SettledSpectrum,
  type SpectrumPairs,
  type SpectrumTrace,
} from './spectrumOptions.js';
import { topOfSpectrum } from './topOfSpectrum.js';
import { wholeSpectrum } from './wholeSpectrum.js';

const machineEpsilon = { float32: 2 ** -23, float64: 2 ** -52 };

/**
 * Eigenvalues of a curvature matrix of a network over examples, at given weights, with residuals and a reason; and its spectral density.
 *
 * @param params (size,) weights
 * @param examples that the loss is the mean over
 * @returns what there is once `signal` is aborted too: pairs of the last check, maybe none, with reason `aborted`, and no density
 * @example
 * const net = mlp([2, 3, 2], { activation: 'tanh' });
 * const examples = examplesFromArrays({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) }, { shape: [2], data: Int32Array.of(0, 1) });
 * const { values } = await networkSpectrum(net, net.init(1), examples, { count: 3, dtype: 'float64' });
 *
 * Cost: products with the operator, about 3 per eigenvalue; `size` of them and 9 size³ flops for 'all'.
 */
export async function networkSpectrum(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  options: NetworkSpectrumOptions,
): Promise<NetworkSpectrum> {
  const settled = settleSpectrum(options);
  requireOneOf('networkSpectrum', 'operator', settled.operator, curvatureNames);
  if (settled.count !== 'all')
    requireInteger('networkSpectrum', 'count', settled.count, 1, chosenSize(network, settled.parameters));
  settled.onProgress?.({ done: 0, of: 1, detail: 'linearising' });
  const operator = curvatureOperator(network, params, examples, settled);
  try {
    await operator.ready;
    return await measure(operator, settled);
  } finally {
    await operator.close();
  }
}

function chosenSize(network: Network, parameters: ParameterFilter | undefined): number {
  if (parameters === undefined) return network.size;
  const chosen = chosenParameters('networkSpectrum', network, parameters);
  return network.parameters.reduce((sum, { shape }, i) => sum + (chosen.has(i) ? sizeOf(shape) : 0), 0);
}

/** The operator of a settled spectrum; to be closed. */
export function curvatureOperator(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  { operator, loss, dtype, deterministic, workers, seed, parameters }: SettledSpectrum,
): ShardedCurvatureOperator {
  const options = { loss: lossFromData(loss), dtype, deterministic, workers, ...(parameters && { parameters }) };
  switch (operator) {
    case 'hessian':
      return hessian(network, params, examples, options);
    case 'ggn':
      return gaussNewton(network, params, examples, options);
    case 'fisher':
      return fisher(network, params, examples, { ...options, kind: drawsClasses(loss) ? 'sampled' : 'exact', seed });
    case 'empirical-fisher':
      return fisher(network, params, examples, { ...options, kind: 'empirical' });
  }
}

/** Whether the model of a loss draws one of finitely many things. */
function drawsClasses({ kind }: LossData): boolean {
  return kind === 'softmax-cross-entropy' || kind === 'token-cross-entropy';
}

async function measure(operator: ShardedCurvatureOperator, options: SettledSpectrum): Promise<NetworkSpectrum> {
  const { count, dtype, seed, density, signal } = options;
  const share = density ? 0.5 : 1;
  const pairs =
    count === 'all' ? await wholeSpectrum(operator, options) : await topOfSpectrum(operator, count, options, share);
  const scale = Math.max(Math.abs(pairs.values[0] ?? 0), Math.abs(pairs.values.at(-1) ?? 0));
  const noiseFloor = 10 * machineEpsilon[dtype] * scale;
  const curve =
    density === undefined || signal?.aborted === true
      ? undefined
      : await densityOf(operator, density, pairs, { ...options, share, noiseFloor });
  const trace = await traceOf(operator, pairs, options);
  return {
    ...pairs,
    seed,
    loss: operator.loss,
    gradientNorm: operator.gradientNorm,
    kernels: operator.info.kernels,
    noiseFloor,
    ...(curve ? { density: curve } : {}),
    ...(trace ? { trace } : {}),
  };
}

/** @returns undefined if it was aborted, or not asked for */
async function traceOf(
  operator: ShardedCurvatureOperator,
  pairs: SpectrumPairs,
  { trace: samples, seed, deterministic, signal }: SettledSpectrum,
): Promise<SpectrumTrace | undefined> {
  if (samples === undefined || signal?.aborted) return undefined;
  if (pairs.values.length === operator.size)
    return { value: pairs.values.reduce((sum, value) => sum + value, 0), standardError: 0, matvecs: 0 };
  try {
    const method = operator.size < 4 ? 'hutchinson' : 'xtrace';
    const options = { method, samples, seed, deterministic, ...(signal ? { signal } : {}) } as const;
    const { value, standardError, matvecs } = await estimateTrace(operator, options);
    return { value, standardError, matvecs };
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  }
}

/** @returns undefined if it was aborted: the eigenvalues that are done are the result */
async function densityOf(
  operator: ShardedCurvatureOperator,
  { steps, probes }: { readonly steps: number; readonly probes: number },
  { values, vectors }: SpectrumPairs,
  options: SettledSpectrum & { readonly share: number; readonly noiseFloor: number },
): Promise<DensityCurve | undefined> {
  const { seed, deterministic, signal, onProgress, share, noiseFloor } = options;
  try {
    const report = await spectralDensity(operator, {
      steps,
      probes,
      seed,
      deterministic,
      // eigenpairs that are known are counted exactly
      ...(vectors ? { deflate: knownPairs(values, vectors, operator.size) } : {}),
      ...(signal ? { signal } : {}),
      onProgress: ({ done, of }) =>
        onProgress?.({
          done: share + ((1 - share) * done) / of,
          of: 1,
          detail: `spectral density, ${done} of ${of} products`,
        }),
    });
    return densityCurve(report, noiseFloor);
  } catch (error) {
    if (signal?.aborted === true) return undefined;
    throw error;
  }
}

/** The pairs; where all are known without the one nearest to zero, which leaves the probes something to meet. */
function knownPairs(values: Float64Array, vectors: FloatArray, size: number): KnownPairs {
  if (values.length < size) return { values, vectors };
  const least = values.reduce((at, value, i) => (Math.abs(value) < Math.abs(values[at]) ? i : at), 0);
  const from = least * size;
  const kept = vectors.slice(0, vectors.length - size);
  kept.set(vectors.subarray(from + size), from);
  return { values: values.filter((_, i) => i !== least), vectors: kept };
}
