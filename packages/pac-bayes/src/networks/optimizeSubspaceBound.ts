import { exp, log, type FloatArray } from '@hyperribbon/kernels';
import { adam, assertExamples, cosine, type Examples } from '@hyperribbon/nn';
import { requireWeights } from './requireGaussian.js';
import { AssumptionError, requireCount, requireDelta } from '../assumptions.js';
import { klInverseUpper } from '../klInverse.js';
import { descendBound, firstWeights } from './descendBound.js';
import { firstNonFiniteOf } from './finite.js';
import { noisePool } from './noisePool.js';
import { epochWeights } from './objective.js';
import type { BoundCheckpoint, OptimizeBoundOptions, OptimizedBound } from './optimizedBound.js';
import { directionsDefect } from './orthonormalDirections.js';
import type { SubspacePosterior } from './subspacePosterior.js';
import {
  assertSubspacePrior,
  startSubspaceHalfLogs,
  subspacePriorVariances,
  type SubspacePriorFamily,
} from './subspacePriorFamily.js';
import { planSubspaceStep } from './subspaceStep.js';

type Shared =
  | 'initialMean'
  | 'objective'
  | 'surrogate'
  | 'delta'
  | 'klWeight'
  | 'epochs'
  | 'batchSize'
  | 'optimizer'
  | 'schedule'
  | 'rates'
  | 'seed'
  | 'dtype'
  | 'deterministic'
  | 'signal'
  | 'onProgress'
  | 'onEpoch'
  | 'resume';

export interface OptimizeSubspaceOptions extends Pick<OptimizeBoundOptions, Shared> {
  readonly prior: SubspacePriorFamily;
  /** (k, size), orthonormal rows: |U Uᵀ − I| ≤ 1e-6, see `orthonormalDirections` */
  readonly directions: FloatArray;
  /** deviations to start from: (k + 1,), the last one of all other directions, or a factor on the prior's; default 0.5 */
  readonly initialStd?: FloatArray | number;
  /** networks drawn per step, each for the whole batch; default 1 */
  readonly draws?: number;
}

export interface OptimizedSubspaceBound extends Omit<OptimizedBound, 'posterior' | 'prior'> {
  readonly posterior: SubspacePosterior;
}

/** Beyond this the directions are not rounded orthonormal ones; certificates refuse them too. */
const mostDefect = 1e-6;

/**
 * Minimises a PAC-Bayes objective over mean, deviations along given directions, one deviation in all others, and the scales of
 * the prior: Methods 2 to 4 of [yang2022] for networks without Kronecker factors. Each step draws whole networks.
 *
 * Where the script's form is known it is an option: objective `dziugaite-roy`, Adam, a rate for all, its starting variances. The defaults
 * (objective `kl`, faster rates for deviations and scales) are ours and give smaller bounds.
 *
 * Order of epoch e from stream (seed, 'bound/order', e), noise of step t from a pool at places of stream (seed, 'bound/noise', t).
 *
 * @throws RangeError, TypeError for options out of range or examples that do not fit; AssumptionError for directions that are not orthonormal
 * Cost per step and draw: one gradient of the network and three passes over the k·size numbers of the directions
 */
export async function optimizeSubspaceBound(
  examples: Examples,
  options: OptimizeSubspaceOptions,
): Promise<OptimizedSubspaceBound> {
  const caller = 'optimizeSubspaceBound';
  const {
    prior,
    directions,
    objective = 'kl',
    surrogate = 'cross-entropy',
    delta = 0.025,
    klWeight = 0.1,
    epochs = 20,
    batchSize: wantedBatch = 500,
    draws = 1,
    optimizer = adam(),
    schedule = cosine(2e-3, 1e-4),
    rates: { logStd: stdRate = 3, scales: scaleRate = 3 } = {},
    seed = 0,
    dtype = 'float32',
    deterministic = false,
    signal,
    onProgress,
    onEpoch,
    resume,
  } = options;
  const { network } = prior;
  assertExamples(caller, network, examples);
  requireDelta(caller, delta);
  requireCount(caller, epochs, 'epochs', 0);
  requireCount(caller, wantedBatch, 'batchSize', 1);
  requireCount(caller, draws, 'draws', 1);
  const { count, features } = examples;
  const { size } = network;
  const k = assertDirections(caller, directions, size);
  assertSubspacePrior(caller, prior, k);
  const batchSize = Math.min(wantedBatch, count);
  if (resume !== undefined)
    assertResumable(caller, resume, { network: network.name, seed, count, batchSize, objective });

  const FloatArrays = dtype === 'float64' ? Float64Array : Float32Array;
  const state = startState(caller, options, k, FloatArrays);
  const setting = { objective, n: count, delta, klWeight };
  const plan = planSubspaceStep(network, {
    prior,
    directions,
    setting,
    surrogate,
    batch: batchSize,
    draws,
    dtype,
    deterministic,
  });
  const went = await descendBound({
    network,
    setting,
    seed,
    epochs,
    batchSize,
    optimizer,
    schedule,
    state,
    parts: [
      { end: size, factor: 1 },
      { end: size + k + 1, factor: stdRate },
      { end: state.length, factor: scaleRate },
    ],
    held: prior.scales.flatMap(({ fixed = false }, s) => (fixed ? [size + k + 1 + s] : [])),
    plan,
    pool: noisePool(seed, size),
    collect: (order, first) => {
      for (let i = 0; i < batchSize; i++) {
        const from = order[first + i];
        plan.labels[i] = examples.labels[from];
        plan.inputs.set(examples.inputs.subarray(from * features, (from + 1) * features), i * features);
      }
    },
    healthy: () => firstNonFiniteOf(plan.gradient) < 0,
    start: { weights: resume?.weights ?? firstWeights(objective, count), kl: resume?.sums[2] ?? 0 },
    // while guesses are hardly better than chance, the slopes of the certificate tell nothing about those at the end
    weightsAfter: (epoch, weights) =>
      epoch.error < 0.6 * (1 - 1 / network.classes) || (objective !== 'kl' && objective !== 'lambda')
        ? epochWeights(setting, epoch, klInverseUpper)
        : weights,
    signal,
    onProgress,
    onEpoch,
    resume,
  });
  const std = Float64Array.from(state.subarray(size, size + k + 1), exp);
  return {
    posterior: { network, mean: state.slice(0, size), directions, std },
    variances: prior.scales.map((_, s) => exp(2 * state[size + k + 1 + s])),
    ...went,
    kernels: plan.kernels,
    seed,
  };
}

/** mean, ln std, ½ ln scales at the start. */
function startState(
  caller: string,
  { prior, initialMean = prior.mean, initialStd = 0.5, resume }: OptimizeSubspaceOptions,
  k: number,
  FloatArrays: Float32ArrayConstructor | Float64ArrayConstructor,
): FloatArray {
  const { network, scales } = prior;
  const { size } = network;
  const state = new FloatArrays(size + k + 1 + scales.length);
  if (resume !== undefined) {
    if (resume.state.length !== state.length) {
      throw new RangeError(
        `${caller}: resume is of a run with ${resume.state.length} numbers in its state, this one has ${state.length}`,
      );
    }
    state.set(resume.state);
    return state;
  }
  requireWeights(caller, 'initialMean', network, initialMean);
  state.set(initialMean);
  const std =
    typeof initialStd === 'number'
      ? subspacePriorVariances(
          prior,
          k,
          scales.map(({ start }) => start),
        ).map((variance) => initialStd * Math.sqrt(variance))
      : initialStd;
  if (std.length !== k + 1) throw new RangeError(`${caller}: initialStd must hold ${k + 1} numbers, got ${std.length}`);
  for (let i = 0; i <= k; i++) {
    if (!(std[i] > 0 && std[i] < Infinity)) {
      throw new RangeError(`${caller}: initialStd must be positive and finite, got ${std[i]} at ${i}`);
    }
    state[size + i] = log(std[i]);
  }
  state.set(startSubspaceHalfLogs(prior), size + k + 1);
  return state;
}

function assertDirections(caller: string, directions: FloatArray, size: number): number {
  const k = directions.length / size;
  if (!Number.isInteger(k) || k < 1 || k >= size) {
    throw new RangeError(
      `${caller}: directions must be (k, ${size}) with 1 ≤ k < ${size}, got length ${directions.length}`,
    );
  }
  const defect = directionsDefect(directions, size);
  if (!(defect <= mostDefect)) {
    throw new AssumptionError(
      caller,
      `orthonormal directions, |U Uᵀ − I| ≤ ${mostDefect}; orthonormalDirections makes them so`,
      `|U Uᵀ − I| = ${defect}`,
    );
  }
  return k;
}

/** A resumed run must be the run that stopped. */
function assertResumable(
  caller: string,
  checkpoint: BoundCheckpoint,
  now: Pick<BoundCheckpoint, 'network' | 'seed' | 'count' | 'batchSize' | 'objective'>,
): void {
  if (checkpoint.version !== 1) {
    throw new TypeError(`${caller}: resume must be a checkpoint of version 1, got ${String(checkpoint.version)}`);
  }
  for (const key of ['network', 'seed', 'count', 'batchSize', 'objective'] as const) {
    if (checkpoint[key] !== now[key]) {
      throw new RangeError(`${caller}: resume is of a run with ${key}=${checkpoint[key]}, this one has ${now[key]}`);
    }
  }
}
