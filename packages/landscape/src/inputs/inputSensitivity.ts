import {
  floatArray,
  type OnProgress,
  pacer,
  requireInteger,
  requireNoOthers,
  requireSeed,
  throwIfAborted,
} from '@hyperribbon/contract';
import { inputJacobian, type InputJacobian } from '@hyperribbon/curvature';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { eigvalsh } from '@hyperribbon/lanczos';
import type { AnyExamples, Network } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { exampleRows } from './exampleRows.js';

export interface InputSensitivityOptions {
  /** default float64 */
  readonly dtype?: Dtype;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
  /**
   * estimates Frobenius norms from so many random signs (at least 2) and leaves spectral norms out: for networks with many outputs. Default: exact, by
   * forming the Jacobians of some examples at a time
   */
  readonly probes?: number;
  /** of the signs, default 0 */
  readonly seed?: number;
  /** examples at a time, default as many as fill 64 MB with Jacobians */
  readonly chunkSize?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress<string>;
}

/** How much the outputs of a network change with its inputs, example by example. */
export interface InputSensitivity {
  /** (count,) ‖J_i‖_F */
  readonly frobenius: Float64Array;
  /** (count,) standard errors of ‖J_i‖_F², 0 where they are exact */
  readonly squareErrors: Float64Array;
  /** (count,) ‖J_i‖₂, the largest singular values; absent where Frobenius norms are estimated */
  readonly spectral?: Float64Array;
  /** means over the examples */
  readonly mean: { readonly frobenius: number; readonly spectral?: number };
}

/**
 * Norms of the Jacobian of the outputs by the inputs of every example: the sensitivity whose mean goes with generalisation [novak2018].
 *
 * Exact norms form J_i from min(outputs, features) products for all examples of a chunk at once; the spectral norm is the root of the largest eigenvalue of the
 * smaller of J_iᵀ J_i and J_i J_iᵀ. Estimated ones are means of ‖J_iᵀ u‖² over random signs u [hutchinson1989].
 *
 * @param params flat weights (size,)
 * @param examples whose answers are not looked at
 * @throws ArgumentError as `inputJacobian`; AbortError once `signal` is aborted
 * Cost: min(outputs, features) products over all examples, or `probes` of them
 * @example
 * const net = mlp([2, 3, 2], { activation: 'tanh' });
 * const examples = examplesFromArrays({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) }, { shape: [2], data: Int32Array.of(0, 1) });
 * const { frobenius, spectral } = await inputSensitivity(net, net.init(1), examples);
 */
export async function inputSensitivity(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  {
    dtype = 'float64',
    deterministic = false,
    probes,
    seed = 0,
    chunkSize: wanted,
    signal,
    onProgress,
    ...others
  }: InputSensitivityOptions = {},
): Promise<InputSensitivity> {
  const caller = 'inputSensitivity';
  requireNoOthers(caller, others, 'InputSensitivityOptions');
  requireSeed(caller, seed);
  if (probes !== undefined) requireInteger(caller, 'probes', probes, 2);
  const { count, features } = examples;
  const { classes: outputs } = network;
  const chunkSize = wanted ?? Math.max(1, Math.min(count, 500, Math.floor(2 ** 23 / (outputs * features))));
  requireInteger(caller, 'chunkSize', chunkSize, 1);
  const [squares, squareErrors, spectral] = [1, 2, 3].map(() => new Float64Array(count));
  const pause = pacer();
  for (let from = 0; from < count; from += chunkSize) {
    throwIfAborted(caller, signal);
    const to = Math.min(count, from + chunkSize);
    const J = inputJacobian(network, params, exampleRows(examples, from, to), {
      dtype,
      deterministic,
      chunkSize: to - from,
    });
    const norms =
      probes === undefined ? exactNorms(J, deterministic) : estimatedNorms(J, probes, { seed, first: from });
    squares.set(norms.squares, from);
    if (norms.errors) squareErrors.set(norms.errors, from);
    if (norms.spectral) spectral.set(norms.spectral, from);
    onProgress?.({ done: to, of: count, detail: `Jacobians of ${to} of ${count} examples` });
    await pause();
  }
  const frobenius = squares.map(Math.sqrt);
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / count;
  return probes === undefined
    ? { frobenius, squareErrors, spectral, mean: { frobenius: mean(frobenius), spectral: mean(spectral) } }
    : { frobenius, squareErrors, mean: { frobenius: mean(frobenius) } };
}

interface ChunkNorms {
  /** of the Frobenius norms */
  readonly squares: Float64Array;
  readonly errors?: Float64Array;
  readonly spectral?: Float64Array;
}

function exactNorms(J: InputJacobian, deterministic: boolean): ChunkNorms {
  const { examples: count, outputs, features, dtype } = J;
  const byRows = outputs <= features;
  const [small, long] = byRows ? [outputs, features] : [features, outputs];
  const [unit, row] = [floatArray(dtype, count * small), floatArray(dtype, count * long)];
  // the Jacobians' rows, or columns, whichever are fewer
  const lines = new Float64Array(count * small * long);
  for (let line = 0; line < small; line++) {
    unit.fill(0);
    for (let i = 0; i < count; i++) unit[i * small + line] = 1;
    if (byRows) J.applyTranspose(unit, row);
    else J.apply(unit, row);
    for (let i = 0; i < count; i++) lines.set(row.subarray(i * long, (i + 1) * long), (i * small + line) * long);
  }
  const squares = new Float64Array(count);
  const spectral = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const gram = gramOf(lines.subarray(i * small * long, (i + 1) * small * long), small, long);
    for (let j = 0; j < small; j++) squares[i] += gram[j * small + j];
    spectral[i] = Math.sqrt(Math.max(0, eigvalsh(gram, small, { deterministic })[0]));
  }
  return { squares, spectral };
}

/** (n, n) products of the rows of a (n, length) */
function gramOf(a: Float64Array, n: number, length: number): Float64Array {
  const gram = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < length; k++) sum += a[i * length + k] * a[j * length + k];
      gram[i * n + j] = sum;
      gram[j * n + i] = sum;
    }
  return gram;
}

/** The signs of an example depend on its number and the seed, not on the chunk that it is in. */
function estimatedNorms(
  J: InputJacobian,
  probes: number,
  { seed, first }: { readonly seed: number; readonly first: number },
): ChunkNorms {
  const { examples: count, outputs, features, dtype } = J;
  const [signs, row] = [floatArray(dtype, count * outputs), floatArray(dtype, count * features)];
  const draws = Array.from({ length: count }, (_, i) =>
    stream({ seed, purpose: 'input-jacobian', index: first + i }).rademacher(new Float64Array(probes * outputs)),
  );
  const samples = Array.from({ length: probes }, (_, probe) => {
    draws.forEach((draw, i) => signs.set(draw.subarray(probe * outputs, (probe + 1) * outputs), i * outputs));
    J.applyTranspose(signs, row);
    const found = new Float64Array(count);
    for (let k = 0; k < row.length; k++) found[Math.floor(k / features)] += row[k] * row[k];
    return found;
  });
  const squares = Float64Array.from({ length: count }, (_, i) => samples.reduce((sum, s) => sum + s[i], 0) / probes);
  const errors = squares.map((mean, i) =>
    Math.sqrt(samples.reduce((sum, s) => sum + (s[i] - mean) * (s[i] - mean), 0) / (probes * (probes - 1))),
  );
  return { squares, errors };
}
