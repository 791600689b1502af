import { floatArray, type OnProgress, pacer, requireInteger, throwIfAborted } from '@hyperribbon/contract';
import { inputJacobian, type InputJacobian } from '@hyperribbon/curvature';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { tridiagonalEigen } from '@hyperribbon/lanczos';
import type { AnyExamples, Network } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { euclideanNorm } from './euclideanNorm.js';
import { exampleRows } from './exampleRows.js';

interface LanczosNormsOptions {
  readonly steps: number;
  readonly seed: number;
  readonly dtype: Dtype;
  readonly deterministic: boolean;
  readonly chunkSize?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress<string>;
}

/**
 * ‖J_i‖₂ of every example by Lanczos on the smaller of J_i J_iᵀ and J_iᵀ J_i, all examples of a chunk in step: products cost one pass for all of them. Bases are
 * orthogonalised twice.
 *
 * @returns norms (count,), which are lower bounds, and the largest of |λ − θ| / (2 θ) over the examples, the relative distance of a norm to a singular value
 * Cost: 2 steps products, and (steps + 1) · min(outputs, features) numbers an example of a chunk
 */
export async function lanczosNorms(
  caller: string,
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  { steps: wanted, seed, dtype, deterministic, chunkSize: given, signal, onProgress }: LanczosNormsOptions,
): Promise<{ readonly norms: Float64Array; readonly residual: number }> {
  const { count, features } = examples;
  const width = Math.min(network.classes, features);
  const steps = Math.min(wanted, width);
  const fitting = Math.floor(2 ** 23 / ((steps + 1) * width + features + network.classes));
  const chunkSize = given ?? Math.max(1, Math.min(count, 500, fitting));
  requireInteger(caller, 'chunkSize', chunkSize, 1);
  const norms = new Float64Array(count);
  let residual = 0;
  const pause = pacer();
  for (let from = 0; from < count; from += chunkSize) {
    throwIfAborted(caller, signal);
    const to = Math.min(count, from + chunkSize);
    const J = inputJacobian(network, params, exampleRows(examples, from, to), {
      dtype,
      deterministic,
      chunkSize: to - from,
    });
    const start = (i: number): Float64Array =>
      stream({ seed, purpose: 'jacobian-norms', index: from + i }).sphere(new Float64Array(width));
    const found = chunkNorms(J, steps, start);
    norms.set(found.norms, from);
    residual = found.residuals.reduce((a, b) => Math.max(a, b), residual);
    onProgress?.({ done: to, of: count, detail: `Jacobian norms of ${to} of ${count} examples` });
    await pause();
  }
  return { norms, residual };
}

interface ChunkNorms {
  readonly norms: Float64Array;
  readonly residuals: Float64Array;
}

function chunkNorms(J: InputJacobian, steps: number, start: (i: number) => Float64Array): ChunkNorms {
  const { examples: count, outputs, features, dtype } = J;
  const byRows = outputs <= features;
  const [width, long] = byRows ? [outputs, features] : [features, outputs];
  const [x, between, product] = [width, long, width].map((length) => floatArray(dtype, count * length));
  // (steps + 1, count · width): the bases of all examples
  const basis = Array.from({ length: steps + 1 }, () => new Float64Array(count * width));
  for (let i = 0; i < count; i++) basis[0].set(start(i), i * width);
  const [alphas, betas] = [1, 2].map(() => new Float64Array(count * steps));
  for (let step = 0; step < steps; step++) {
    x.set(basis[step]);
    if (byRows) {
      J.applyTranspose(x, between);
      J.apply(between, product);
    } else {
      J.apply(x, between);
      J.applyTranspose(between, product);
    }
    for (let i = 0; i < count; i++) {
      const row = basis[step + 1].subarray(i * width, (i + 1) * width);
      row.set(product.subarray(i * width, (i + 1) * width));
      alphas[i * steps + step] = orthogonalize(row, basis, step, i * width);
      betas[i * steps + step] = normalize(row, alphas.subarray(i * steps, i * steps + step + 1));
    }
  }
  const [norms, residuals] = [1, 2].map(() => new Float64Array(count));
  for (let i = 0; i < count; i++) {
    const [a, b] = [alphas, betas].map((all) => all.subarray(i * steps, (i + 1) * steps));
    if (a.some(Number.isNaN) || b.some(Number.isNaN)) {
      norms[i] = residuals[i] = NaN;
      continue;
    }
    const { values, vectors } = tridiagonalEigen(a.slice(), b.slice(0, steps - 1), { vectors: true });
    const theta = Math.max(0, values[0]);
    norms[i] = Math.sqrt(theta);
    residuals[i] = theta === 0 ? 0 : (b[steps - 1] * Math.abs(vectors[steps - 1])) / (2 * theta);
  }
  return { norms, residuals };
}

/** Takes rows 0…last of a basis out of a vector, twice. @returns its product with row `last` */
function orthogonalize(row: Float64Array, basis: readonly Float64Array[], last: number, offset: number): number {
  let alpha = 0;
  for (let pass = 0; pass < 2; pass++)
    for (let j = last; j >= 0; j--) {
      let dot = 0;
      for (let k = 0; k < row.length; k++) dot += row[k] * basis[j][offset + k];
      for (let k = 0; k < row.length; k++) row[k] -= dot * basis[j][offset + k];
      if (j === last) alpha += dot;
    }
  return alpha;
}

/** Scales to length 1, or to 0 where only rounding is left: the space is exhausted then. @returns the length before */
function normalize(row: Float64Array, alphas: Float64Array): number {
  const norm = euclideanNorm(row);
  const scale = alphas.reduce((most, alpha) => Math.max(most, Math.abs(alpha)), 0);
  if (norm <= 4 * Number.EPSILON * scale) {
    row.fill(0);
    return 0;
  }
  for (let k = 0; k < row.length; k++) row[k] /= norm;
  return norm;
}
