import { compile, float32, int32, logSoftmax, mean, valueAndGrad, type Tensor } from '@hyperribbon/autodiff';
import {
  createUpdate,
  learningRateAt,
  parseArchitecture,
  softmaxCrossEntropy,
  unflatten,
  type Examples,
  type Network,
} from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { checkpointSteps, toAmplitudes } from '@hyperribbon/linear-dynamics';
import { readPartialRun, readRun, writeRun, type Recording, type RunSettings } from '../ribbon/runFile.js';
import type { JobContext } from './job.js';

/**
 * Trains one network of an ensemble and records its probabilities on fixed samples at every checkpoint, in a file.
 *
 * A finished file is left as it is; an unfinished one is continued and ends with the bits of a run that was never stopped. The
 * order of the batches is that of `train` in the nn package: stream (seed, 'batch-order', epoch).
 */
export interface TrajectoryJob {
  readonly kind: 'trajectory';
  readonly settings: RunSettings;
  /** already scaled by settings.inputScale, like the samples */
  readonly train: Examples;
  /** the first half from training, the second from testing */
  readonly samples: Examples;
  readonly trainSamples: number;
  readonly file: string;
}

export interface TrajectoryResult {
  /** nonFiniteLoss: the run diverged and ends at its last finite checkpoint */
  readonly reason: 'finished' | 'stopped' | 'nonFiniteLoss';
  readonly checkpoints: number;
  readonly seconds: number;
}

/** An unfinished run is written this often: what a power cut may cost. */
const saveEvery = 10_000;

export async function runTrajectory(job: TrajectoryJob, context: JobContext): Promise<TrajectoryResult> {
  const { settings, train, file } = job;
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const network = parseArchitecture(settings.architecture);
  const batchSize = Math.min(settings.batchSize, train.count);
  const batches = Math.ceil(train.count / batchSize);
  const steps = settings.epochs * batches;
  const wanted = checkpointSteps(settings.epochs, batches);
  const kept = readRun(file, settings);
  if (kept !== undefined) {
    const checkpoints = kept.steps.length;
    return { reason: checkpoints < wanted.length ? 'nonFiniteLoss' : 'finished', checkpoints, seconds: 0 };
  }
  const recorder = createRecorder(network, job, wanted);
  const full = planGradient(network, batchSize, settings.deterministic);
  const rest = train.count - (batches - 1) * batchSize;
  const last = rest === batchSize ? full : planGradient(network, rest, settings.deterministic);

  const partial = readPartialRun(file, settings);
  const weights = partial?.state.weights ?? initialWeights(network, settings);
  const update = createUpdate(settings.optimizer, weights);
  partial?.state.slots.forEach((slot, i) => update.slots[i].set(slot));
  update.count = partial?.state.updates ?? 0;
  if (partial !== undefined) recorder.restore(partial.recording);
  let step = partial?.state.step ?? 0;
  let lastSave = performance.now();
  const save = (): void => {
    lastSave = performance.now();
    const state = { step, updates: update.count, weights, slots: update.slots as readonly Float32Array[] };
    writeRun(file, settings, recorder.recording(), state);
  };

  let order: Int32Array | undefined;
  let reason: TrajectoryResult['reason'] = 'finished';
  const decay = settings.weightDecay;
  for (;;) {
    if (step === wanted[recorder.count] && !recorder.record(weights)) {
      reason = 'nonFiniteLoss';
      break;
    }
    if (step === steps) break;
    context.report(step / steps, `epoch ${Math.floor(step / batches) + 1} of ${settings.epochs}`);
    if (context.signal.aborted) {
      save();
      return { reason: 'stopped', checkpoints: recorder.count, seconds: seconds() };
    }
    if (performance.now() - lastSave > saveEvery) save();
    const epoch = Math.floor(step / batches);
    const batch = step - epoch * batches;
    if (order === undefined || batch === 0) {
      order = stream({ seed: settings.seed, purpose: 'batch-order', index: epoch }).permutation(train.count);
    }
    const plan = batch === batches - 1 ? last : full;
    plan.gather(train, order, batch * batchSize);
    if (!Number.isFinite(plan.run(weights))) {
      reason = 'nonFiniteLoss';
      break;
    }
    const { gradient } = plan;
    if (decay > 0) for (let i = 0; i < weights.length; i++) gradient[i] += decay * weights[i];
    update.apply(weights, gradient, learningRateAt(settings.schedule, { step, steps, epoch }));
    step++;
  }
  writeRun(file, settings, recorder.recording());
  return { reason, checkpoints: recorder.count, seconds: seconds() };
}

function initialWeights(network: Network, { seed, initialScale }: RunSettings): Float32Array {
  const weights = network.init(seed, 'float32') as Float32Array;
  for (let i = 0; i < weights.length; i++) weights[i] *= initialScale;
  return weights;
}

interface PlannedGradient {
  readonly gradient: Float32Array;
  gather(examples: Examples, order: Int32Array, first: number): void;
  /** mean loss of the batch; the gradient is in `gradient` */
  run(weights: Float32Array): number;
}

function specsOf(network: Network): Record<string, ReturnType<typeof float32>> {
  return Object.fromEntries(network.parameters.map(({ name, shape }) => [name, float32(...shape)]));
}

function planGradient(network: Network, batch: number, deterministic: boolean): PlannedGradient {
  const { inputs: features } = network;
  const loss = (params: Record<string, Tensor>, x: Tensor, labels: Tensor): Tensor =>
    mean(softmaxCrossEntropy(network.apply(params, x), labels));
  const planned = compile(valueAndGrad(loss), [specsOf(network), float32(batch, features), int32(batch)], {
    deterministic,
  });
  const inputs = new Float32Array(batch * features);
  const labels = new Int32Array(batch);
  const gradient = new Float32Array(network.size);
  const views = unflatten(network, gradient);
  let bound: Float32Array | undefined;
  let weightViews: ReturnType<typeof unflatten> = {};
  return {
    gradient,
    gather(examples, order, first) {
      for (let i = 0; i < batch; i++) {
        const row = order[first + i];
        labels[i] = examples.labels[row];
        inputs.set(examples.inputs.subarray(row * features, (row + 1) * features), i * features);
      }
    },
    run(weights) {
      if (bound !== weights) weightViews = unflatten(network, weights);
      bound = weights;
      const [value, slopes] = planned(weightViews, inputs, labels);
      for (const { name } of network.parameters) views[name].set(slopes[name] as Float32Array);
      return (value as Float32Array)[0];
    },
  };
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
    [specsOf(network), float32(rows, features)],
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
  let loss = 0;
  let mistakes = 0;
  for (let i = from; i < to; i++) {
    const right = logs[i * classes + labels[i]];
    loss -= right;
    for (let c = 0; c < classes; c++) {
      if (c !== labels[i] && logs[i * classes + c] >= right) {
        mistakes++;
        break;
      }
    }
  }
  return to > from ? [loss / (to - from), mistakes / (to - from)] : [0, 0];
}
