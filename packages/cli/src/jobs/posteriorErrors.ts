import { compile, float32, float64 } from '@hyperribbon/autodiff';
import { createWorkspace, type Dtype, type FloatArray } from '@hyperribbon/kernels';
import { parseArchitecture, unflatten, type Examples, type Network } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import type { JobContext, Model } from './job.js';

/**
 * Errors of networks drawn from the Gaussian posterior of the analytic bound,
 *
 *     w' = w + ε^(−1/2) (r − UᵀU r) + Uᵀ diag(λ̄^(−1/2)) U r,   r ~ N(0, I),
 *
 * with U (k, p) the stiff eigenvectors as rows, λ̄ their posterior precisions and ε the precision everywhere else.
 * Every draw meets its own random subset of the examples (drawn with replacement): its error is an unbiased estimate of
 * the empirical error of that draw, and the draws are independent, which is all the concentration step needs.
 */
export interface PosteriorErrorsJob {
  readonly kind: 'posterior-errors';
  readonly model: Model;
  readonly examples: Examples;
  /** (k, p) row-major, orthonormal rows */
  readonly eigenvectors: FloatArray;
  readonly settings: readonly PosteriorSetting[];
  readonly examplesPerDraw: number;
  readonly seed: number;
  /** names the random streams: draws for different purposes never share numbers */
  readonly purpose: string;
  readonly deterministic: boolean;
}

/** One posterior and the draws wanted from it: indices first, first + 1, … so workers can share the work. */
export interface PosteriorSetting {
  /** names the random streams of this posterior: the index j of its precision */
  readonly key: number;
  readonly precision: number;
  /** (k,) posterior precisions along the eigenvectors */
  readonly stiffPrecisions: Float64Array;
  readonly first: number;
  readonly draws: number;
}

export interface PosteriorErrorsResult {
  /** per setting: (draws,) errors in [0, 1]; shorter if the run was stopped */
  readonly errors: readonly Float64Array[];
}

/** Draws made together, so that the eigenvectors are read once for all of them. */
const drawsTogether = 8;

export async function runPosteriorErrors(job: PosteriorErrorsJob, context: JobContext): Promise<PosteriorErrorsResult> {
  const network = parseArchitecture(job.model.architecture);
  const dtype: Dtype = job.eigenvectors instanceof Float64Array ? 'float64' : 'float32';
  const sampler = createSampler(job, network.size, dtype);
  const errorOf = createErrorMeter(network, job, dtype);
  const total = job.settings.reduce((sum, { draws }) => sum + draws, 0);
  let done = 0;
  const errors: Float64Array[] = [];
  for (const setting of job.settings) {
    const values = new Float64Array(setting.draws);
    let made = 0;
    while (made < setting.draws && !context.signal.aborted) {
      const count = Math.min(drawsTogether, setting.draws - made);
      const weights = sampler(setting, setting.first + made, count);
      for (let i = 0; i < count; i++) {
        values[made + i] = errorOf(
          weights.subarray(i * network.size, (i + 1) * network.size),
          setting.key,
          setting.first + made + i,
        );
      }
      made += count;
      done += count;
      context.report(done / total, `${done} of ${total} draws`);
      await Promise.resolve();
    }
    errors.push(values.subarray(0, made));
  }
  return { errors };
}

type Sampler = (setting: PosteriorSetting, first: number, count: number) => FloatArray;

/** Weights of `count` draws as rows of one array that is reused. Cost: 4·k·p flops per draw beside p normals. */
function createSampler(job: PosteriorErrorsJob, p: number, dtype: Dtype): Sampler {
  const k = job.eigenvectors.length / p;
  const width = dtype === 'float64' ? 8 : 4;
  const workspace = createWorkspace({
    bytes: (k + drawsTogether) * p * width + 2 * k * drawsTogether * 8 + 1024,
    deterministic: job.deterministic,
  });
  const table = workspace[dtype];
  const view = (pointer: number, length: number): FloatArray =>
    dtype === 'float64' ? workspace.float64View(pointer, length) : workspace.float32View(pointer, length);
  const basis = workspace.allocate(k * p * width);
  view(basis, k * p).set(job.eigenvectors);
  const noise = workspace.allocate(drawsTogether * p * width);
  const rows = view(noise, drawsTogether * p);
  const coefficients = workspace.allocate(k * drawsTogether * 8);
  const c = workspace.float64View(coefficients, k * drawsTogether);
  return (setting, first, count) => {
    const flat = 1 / Math.sqrt(setting.precision);
    for (let i = 0; i < count; i++) {
      const purpose = `${job.purpose}/weights/${setting.key}`;
      stream({ seed: job.seed, purpose, index: first + i }).normal(rows.subarray(i * p, (i + 1) * p));
    }
    // X ← X + Uᵀ (s − 1) U X with s_i = √(ε/λ̄_i) shrinks the stiff directions; then everything is scaled by ε^(−1/2)
    table.projectionCoefficients(k, count, p, basis, p, noise, p, coefficients);
    for (let i = 0; i < k; i++) {
      const shrink = 1 - Math.sqrt(setting.precision / setting.stiffPrecisions[i]);
      for (let j = 0; j < count; j++) c[i * count + j] *= shrink;
    }
    table.subtractProjection(k, count, p, basis, p, noise, p, coefficients);
    table.scale(count * p, flat, noise);
    for (let i = 0; i < count; i++) {
      const row = rows.subarray(i * p, (i + 1) * p);
      for (let j = 0; j < p; j++) row[j] += job.model.params[j];
    }
    return rows;
  };
}

/** The share of mistakes of one network on its own random subset of the examples. Cost: one forward pass of the subset. */
function createErrorMeter(
  network: Network,
  job: PosteriorErrorsJob,
  dtype: Dtype,
): (weights: FloatArray, key: number, draw: number) => number {
  const { examples, examplesPerDraw: batch } = job;
  const { inputs: features, classes } = network;
  const spec = dtype === 'float64' ? float64 : float32;
  const specs = Object.fromEntries(network.parameters.map(({ name, shape }) => [name, spec(...shape)]));
  const forward = compile(network.apply, [specs, spec(batch, features)], { deterministic: job.deterministic });
  const x = dtype === 'float64' ? new Float64Array(batch * features) : new Float32Array(batch * features);
  const chosen = new Float64Array(batch);
  return (weights, key, draw) => {
    stream({ seed: job.seed, purpose: `${job.purpose}/examples/${key}`, index: draw }).uniform(chosen);
    for (let i = 0; i < batch; i++) {
      const row = Math.floor(chosen[i] * examples.count);
      chosen[i] = row;
      x.set(examples.inputs.subarray(row * features, (row + 1) * features), i * features);
    }
    const logits = forward(unflatten(network, weights), x) as FloatArray;
    let mistakes = 0;
    for (let i = 0; i < batch; i++) {
      if (argmax(logits, i * classes, classes) !== examples.labels[chosen[i]]) mistakes += 1;
    }
    return mistakes / batch;
  };
}

/** NaN counts as a mistake: it is never the largest, and −1 is no label. */
function argmax(values: FloatArray, start: number, length: number): number {
  let best = -1;
  let largest = -Infinity;
  for (let i = 0; i < length; i++) {
    const value = values[start + i];
    if (value !== value) return -1;
    if (value > largest) {
      largest = value;
      best = i;
    }
  }
  return best;
}
