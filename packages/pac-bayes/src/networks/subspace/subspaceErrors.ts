import { compile, float32, float64 } from '@hyperribbon/autodiff';
import { floatArray, type OnProgress, requireInteger, throwIfAborted, yieldToEventLoop } from '@hyperribbon/contract';
import { type Dtype, type FloatArray, kernelInfo, productIn } from '@hyperribbon/kernels';
import {
  requireExamples,
  countMistakes,
  gatherBatch,
  parameterSpecs,
  unflatten,
  type Examples,
  type Network,
} from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import type { PosteriorErrorOptions } from '../gaussian/posteriorErrors.js';
import type { PosteriorErrors } from '../posteriorFamily.js';
import { directionsInMemory } from './directionsInMemory.js';
import { requireSubspacePosterior, type SubspacePosterior } from './subspacePosterior.js';

export interface SubspaceErrorPlanOptions extends Pick<PosteriorErrorOptions, 'seed' | 'deterministic'> {
  /**
   * Random examples that each draw of the weights meets, default 1: then every trial is one right-or-wrong answer of its own network about
   * its own example, and the binomial limit applies; with more, networks are the units, and the limit of averages does. With a mean of
   * 0.04 over 10,000 networks the limits are 0.0448 and, at the cost of more forward passes, 0.0462.
   */
  readonly examplesPerDraw?: number;
  /** what the draws are for, part of the streams' names; default 'subspace/certify' */
  readonly purpose?: string;
}

/** Draws from posteriors with the same directions: planned once, for several means and deviations. */
export interface SubspaceErrorPlan {
  /**
   * Errors in [0, 1] of draws `first`, `first + 1`, … of one posterior, `out.length` of them.
   *
   * @param candidate names the streams beside purpose and seed, where several posteriors are compared
   * @param onDraws hears how many draws are made; true ends it early
   * @returns the errors made, a view of `out`
   */
  draw(
    posterior: Pick<SubspacePosterior, 'mean' | 'std'>,
    out: Float64Array,
    request?: {
      readonly first?: number;
      readonly candidate?: number;
      readonly onDraws?: (made: number) => boolean | Promise<boolean>;
    },
  ): Promise<Float64Array>;
}

/**
 * Draws made together, so that the directions are read once for all of them: of 44,426 weights and 300 directions a draw of 32 costs half of
 * one of 8. Rows take 16 MB at most.
 */
function drawsTogether(p: number): number {
  return Math.max(1, Math.min(32, Math.floor(2 ** 22 / p)));
}

/**
 * Errors of networks drawn from a subspace posterior, each on its own random examples.
 *
 * A draw is w = m + s_c (r − Uᵀ diag(1 − s_i/s_c) U r), r ~ N(0, I). It meets examples drawn with replacement, so its error is an
 * unbiased estimate of the posterior's empirical error; the draws are independent, which is all the concentration step needs: one
 * unit each, `scheme: 'random-subset'`.
 *
 * @param directions (k, size), of float32 or float64, which is then the arithmetic of everything
 * Cost: per draw 4·k·size flops, `size` normal numbers and one forward pass of its examples; (k + 32)·size numbers are kept at most
 */
export function planSubspaceErrors(
  network: Network,
  directions: FloatArray,
  examples: Examples,
  { examplesPerDraw = 1, seed = 0, purpose = 'subspace/certify', deterministic = true }: SubspaceErrorPlanOptions,
): SubspaceErrorPlan {
  requireExamples('planSubspaceErrors', network, examples);
  requireInteger('planSubspaceErrors', 'examplesPerDraw', examplesPerDraw, 1);
  const p = network.size;
  const dtype: Dtype = directions.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32';
  const weightsOf = createSampler(directions, p, dtype, deterministic);
  const errorOf = createErrorMeter(network, examples, examplesPerDraw, dtype, deterministic);
  return {
    async draw({ mean, std }, out, { first = 0, candidate = 0, onDraws } = {}) {
      requireSubspacePosterior('planSubspaceErrors', { network, mean, directions, std });
      const named = (what: string, index: number) =>
        stream({ seed, purpose: `${purpose}/${what}/${candidate}`, index });
      let made = 0;
      for (let stop = false; made < out.length && !stop; ) {
        const count = Math.min(drawsTogether(p), out.length - made);
        const start = first + made;
        const rows = weightsOf(mean, std, count, (i, row) => void named('weights', start + i).normal(row));
        for (let i = 0; i < count; i++) {
          const weights = rows.subarray(i * p, (i + 1) * p);
          out[made + i] = errorOf(weights, (u) => void named('examples', start + i).uniform(u));
        }
        made += count;
        stop = (await onDraws?.(made)) === true;
      }
      return out.subarray(0, made);
    },
  };
}

export interface SubspaceErrorOptions extends SubspaceErrorPlanOptions, Pick<PosteriorErrorOptions, 'signal'> {
  /** networks, default 10,000 */
  readonly draws?: number;
  /** a unit is a draw */
  readonly onProgress?: OnProgress | undefined;
}

/**
 * {@link planSubspaceErrors} for one posterior: each network's errors have the posterior's empirical error as their mean.
 *
 * @throws RangeError, TypeError for a posterior or examples that do not fit; AbortError when the signal aborts
 */
export async function subspaceErrors(
  posterior: SubspacePosterior,
  examples: Examples,
  options: SubspaceErrorOptions = {},
): Promise<PosteriorErrors> {
  const { draws = 10_000, examplesPerDraw = 1, seed = 0, purpose = 'subspace/certify', signal, onProgress } = options;
  requireSubspacePosterior('subspaceErrors', posterior);
  const { network, directions } = posterior;
  const plan = planSubspaceErrors(network, directions, examples, options);
  const began = performance.now();
  const errors = await plan.draw(posterior, new Float64Array(draws), {
    async onDraws(made) {
      onProgress?.({ done: made, of: draws });
      await yieldToEventLoop();
      throwIfAborted('subspaceErrors', signal);
      return false;
    },
  });
  // every error is a whole number of mistakes over examplesPerDraw
  const perPass = Array.from(errors, (error) => Math.round(error * examplesPerDraw));
  return {
    errors: perPass.reduce((sum, mistakes) => sum + mistakes, 0),
    trials: draws * examplesPerDraw,
    units: draws,
    scheme: 'random-subset',
    passes: draws,
    perPass,
    seed,
    purpose,
    batchSize: examplesPerDraw,
    dtype: directions.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32',
    noise: 'weights',
    kernels: kernelInfo({ deterministic: options.deterministic ?? true }),
    seconds: (performance.now() - began) / 1000,
  };
}

type Sampler = (
  mean: FloatArray,
  std: FloatArray,
  count: number,
  noise: (draw: number, row: FloatArray) => void,
) => FloatArray;

/** Weights of `count` draws as rows of one array that is reused. */
function createSampler(directions: FloatArray, p: number, dtype: Dtype, deterministic: boolean): Sampler {
  const k = directions.length / p;
  const together = drawsTogether(p);
  const memory = directionsInMemory(directions, dtype, deterministic, { numbers: together * (p + k) });
  const { workspace, table, basis, width, view } = memory;
  const noise = workspace.allocate(together * p * width);
  const rows = view(noise, together * p);
  const coefficients = workspace.allocate(k * together * width);
  const z = view(coefficients, k * together);
  return (mean, std, count, draw) => {
    for (let i = 0; i < count; i++) draw(i, rows.subarray(i * p, (i + 1) * p));
    // R ← s_c R + Z diag(s_i − s_c) U with Z = R Uᵀ. The sums of a matrix product do not depend on how many rows it has
    productIn(table, { m: count, n: k, k: p, a: noise, b: basis, transposeB: true, c: coefficients });
    for (let i = 0; i < count; i++) for (let j = 0; j < k; j++) z[i * k + j] *= std[j] - std[k];
    productIn(table, { m: count, n: p, k, a: coefficients, b: basis, beta: std[k], c: noise });
    for (let i = 0; i < count; i++) {
      const row = rows.subarray(i * p, (i + 1) * p);
      for (let j = 0; j < p; j++) row[j] += mean[j];
    }
    return rows;
  };
}

/** The share of mistakes of one network on its own random subset of the examples. */
function createErrorMeter(
  network: Network,
  examples: Examples,
  batch: number,
  dtype: Dtype,
  deterministic: boolean,
): (weights: FloatArray, choose: (out: Float64Array) => void) => number {
  const { features, classes, count } = examples;
  const spec = dtype === 'float64' ? float64 : float32;
  const forward = compile(network.apply, [parameterSpecs(network, dtype), spec(batch, features)], { deterministic });
  const subset = { inputs: floatArray(dtype, batch * features), labels: new Int32Array(batch) };
  const chosen = new Float64Array(batch);
  return (weights, choose) => {
    choose(chosen);
    const rows = Int32Array.from(chosen, (u) => Math.floor(u * count));
    gatherBatch(examples, rows, 0, subset);
    const logits = forward(unflatten(network, weights), subset.inputs) as FloatArray;
    return countMistakes(logits, subset.labels, classes) / batch;
  };
}
