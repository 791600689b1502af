import { compile, float32, logSoftmax, type Tensor } from '@hyperribbon/autodiff';
import { interval } from '@hyperribbon/contract';
import type { TrainingReason } from '@hyperribbon/contract/reasons';
import {
  batchGradients,
  countMistakes,
  createUpdate,
  descend,
  networkFromData,
  parameterSpecs,
  restoreUpdates,
  softmaxCrossEntropy,
  unflatten,
  type Examples,
  type Network,
  type NetworkData,
  type Update,
} from '@hyperribbon/nn';
import { checkpointSteps, toAmplitudes } from '@hyperribbon/linear-dynamics';
import { readPartialRun, readRun, writeRun, type Recording, type RunSettings } from './trajectoryFile.js';
import type { JobContext } from '@hyperribbon/study';

/**
 * Trains one network of an ensemble and records its probabilities on fixed samples at every checkpoint, in a file.
 *
 * A finished file is left as it is; an unfinished one is continued and ends with the bits of a run that was never stopped. The
 * order of the batches is that of `train` in the nn package: stream (seed, 'batch-order', epoch). A signal that aborts leaves an unfinished file.
 */
export interface TrajectoryJob {
  readonly settings: RunSettings;
  /** what settings.architecture names */
  readonly network: NetworkData;
  /** already scaled by settings.inputScale, like the samples */
  readonly train: Examples;
  /** the first half from training, the second from testing */
  readonly samples: Examples;
  readonly trainSamples: number;
  readonly file: string;
}

export interface TrajectoryResult {
  /** 'non-finite-loss': the run diverged and ends at its last finite checkpoint */
  readonly reason: TrainingReason;
  readonly checkpoints: number;
  readonly seconds: number;
}

/** ms; an unfinished run is written this often: what a power cut may cost */
const saveEvery = 10_000;

export async function runTrajectory(job: TrajectoryJob, context: JobContext): Promise<TrajectoryResult> {
  const { settings, train, file } = job;
  const { epochs, weightDecay } = settings;
  const network = networkFromData(job.network);
  const batchSize = Math.min(settings.batchSize, train.count);
  const batches = Math.ceil(train.count / batchSize);
  const wanted = checkpointSteps(epochs, batches);
  const kept = readRun(file, settings);
  if (kept !== undefined) {
    const checkpoints = kept.steps.length;
    return { reason: checkpoints < wanted.length ? 'non-finite-loss' : 'finished', checkpoints, seconds: 0 };
  }
  const recorder = createRecorder(network, job, wanted);
  const { step: from, weights, update } = startRun(network, job, recorder);
  const save = (step: number): void => {
    const { updates, slots } = update;
    writeRun(file, settings, recorder.recording(), { step, updates, weights, slots: slots as readonly Float32Array[] });
  };
  /** Records where a checkpoint is wanted; false if the network no longer says anything. */
  const recorded = (step: number): boolean => step !== wanted[recorder.count] || recorder.record(weights);
  if (!recorded(from)) {
    writeRun(file, settings, recorder.recording());
    return { reason: 'non-finite-loss', checkpoints: recorder.count, seconds: 0 };
  }
  const { seed, deterministic, schedule } = settings;
  const flavour = { dtype: 'float32', deterministic } as const;
  const gradients = batchGradients(network, train, { loss: softmaxCrossEntropy, batchSize, seed, ...flavour });
  const saveDue = interval(saveEvery);
  const { reason, step, seconds } = await descend<undefined, string>({
    epochs,
    batches,
    schedule,
    resume: { step: from, sums: { loss: 0, mistakes: 0 }, history: [] },
    signal: context.signal,
    onProgress: context.report,
    enterEpoch: (epoch) => gradients.enterEpoch(epoch),
    measure: (at) => gradients.measure(at, weights),
    move(learningRate) {
      const { gradient } = gradients.last();
      if (weightDecay > 0) for (let i = 0; i < weights.length; i++) gradient[i] += weightDecay * weights[i];
      update.apply(weights, gradient, learningRate);
    },
    afterStep(done) {
      if (!recorded(done)) return false;
      if (saveDue()) save(done);
      return true;
    },
    detail: ({ epoch }) => `epoch ${epoch + 1} of ${epochs}`,
    endEpoch: () => undefined,
  });
  if (reason === 'aborted') save(step);
  else writeRun(file, settings, recorder.recording());
  return { reason, checkpoints: recorder.count, seconds };
}

/** Weights and update rule at the start, or where the file says that the run stopped; the recorder gets back what was recorded. */
function startRun(
  network: Network,
  { settings, file }: TrajectoryJob,
  recorder: Recorder,
): { readonly step: number; readonly weights: Float32Array; readonly update: Update } {
  const partial = readPartialRun(file, settings);
  const weights = partial?.state.weights ?? initialWeights(network, settings);
  const update = createUpdate(settings.optimizer, weights);
  if (partial !== undefined) {
    restoreUpdates('trajectory', [update], partial.state);
    recorder.restore(partial.recording);
  }
  return { step: partial?.state.step ?? 0, weights, update };
}

function initialWeights(network: Network, { seed, initialScale }: RunSettings): Float32Array {
  const weights = network.init(seed, 'float32') as Float32Array;
  for (let i = 0; i < weights.length; i++) weights[i] *= initialScale;
  return weights;
}

interface Recorder {
  readonly count: number;
  /** false if the network no longer says anything: its log-probabilities are not finite */
  record(weights: Float32Array): boolean;
  restore(recording: Recording): void;
  recording(): Recording;
}

function createRecorder(network: Network, job: TrajectoryJob, wanted: Int32Array): Recorder {
  const { samples, trainSamples } = job;
  const { count: rows, classes, features } = samples;
  const predict = compile(
    (params: Record<string, Tensor>, x: Tensor) => logSoftmax(network.apply(params, x)),
    [parameterSpecs(network, 'float32'), float32(rows, features)],
    { deterministic: job.settings.deterministic },
  );
  const inputs = Float32Array.from(samples.inputs);
  const size = rows * classes;
  const amplitudes = new Uint16Array(wanted.length * size);
  const losses = new Float64Array(wanted.length * 4);
  let count = 0;
  return {
    get count() {
      return count;
    },
    record(weights) {
      const logs = predict(unflatten(network, weights), inputs) as Float32Array;
      if (!logs.every((value) => Number.isFinite(value))) return false;
      toAmplitudes(logs, amplitudes.subarray(count * size, (count + 1) * size));
      losses.set(
        [
          ...lossAndError(logs, samples.labels, classes, 0, trainSamples),
          ...lossAndError(logs, samples.labels, classes, trainSamples, rows),
        ],
        4 * count,
      );
      count++;
      return true;
    },
    restore(recording) {
      count = recording.steps.length;
      amplitudes.set(recording.amplitudes);
      losses.set(recording.losses);
    },
    recording: () => ({
      steps: wanted.slice(0, count),
      amplitudes: amplitudes.subarray(0, count * size),
      samples: rows,
      classes,
      losses: losses.subarray(0, 4 * count),
    }),
  };
}

/** Mean negative log-likelihood and share of mistakes over the samples from..to−1. */
function lossAndError(
  logs: Float32Array,
  labels: Int32Array,
  classes: number,
  from: number,
  to: number,
): readonly [number, number] {
  if (to <= from) return [0, 0];
  let loss = 0;
  for (let i = from; i < to; i++) loss -= logs[i * classes + labels[i]];
  const mistakes = countMistakes(logs.subarray(from * classes), labels.subarray(from, to), classes);
  return [loss / (to - from), mistakes / (to - from)];
}
