import { sum, type Tensor } from '@hyperribbon/autodiff';
import { isArgumentError } from '@hyperribbon/contract';
import {
  networkToData,
  planGradientStep,
  recordTrajectory,
  softmaxCrossEntropy,
  type Network,
  type TrainHook,
} from '@hyperribbon/nn';
import { examplesIdentity } from '@hyperribbon/data';
import type { AnyExamples } from '@hyperribbon/nn';
import { here } from '@hyperribbon/study';
import { loadAnySplit } from '../input/splitSource.js';
import { architectureText } from '../input/models/architectureFile.js';
import { networkFor } from '../input/networkFor.js';
import { jobs } from '../jobs/table.js';
import type { TrainJob } from '../jobs/train.js';
import { flag, option, type Given } from '../options/option.js';
import { positive, share, text, whole } from '../options/parsers.js';
import {
  answerOptions,
  architecture,
  arithmetic,
  dataOptions,
  repeatedRows,
  seed,
  testOptions,
} from '../options/shared.js';
import {
  augmentOf,
  normBiasOf,
  optimizerOf,
  scheduleFrom,
  scheduleOf,
  sharpnessAwareOf,
} from '../options/trainingChoices.js';
import { errorSummary } from '../output/errorSummary.js';
import { placeOf } from '../output/placeOf.js';
import { requireWritableFile, writeWhole } from '../output/writeFiles.js';
import { outputFile } from '../runs/outputFile.js';
import { UsageError } from '../usageError.js';
import { command } from './command.js';
import { checkpointFile, storedCheckpoint, trajectoryFile, weightsFile } from './trainFiles.js';

export const trainOptions = {
  ...dataOptions,
  ...answerOptions,
  ...testOptions,
  repeatedRows,
  architecture: architecture('mlp:tanh:128'),
  out: option(
    '<file>',
    'where to write the weights, a new file (default: weights.npz, or weights-2.npz, … where that is there)',
    text,
  ),
  force: flag('replace the file'),
  epochs: option('<count>', 'passes over the training examples', whole(1), 10),
  batchSize: option('<count>', 'examples per step', whole(1), 500),
  optimizer: option(
    '<name>',
    'adam, adamw, sgd, momentum[:0.9], nesterov[:0.9], rmsprop, sign[:0] or muon[:0.95] (default: adam)',
    optimizerOf,
  ),
  learningRate: option('<rate>', 'at the start; of one-cycle the largest', positive, 2e-3),
  finalRate: option('<rate>', 'at the end (default: a quarter of the first; of linear: 0)', positive),
  schedule: option(
    '<name>',
    'cosine, constant, linear, one-cycle, step:EVERY:FACTOR or multi-step:EPOCH,EPOCH,…:FACTOR (default: cosine)',
    scheduleOf,
  ),
  warmUp: option('<steps>', 'steps on a line up to the first rate, before the schedule', whole(1)),
  weightDecay: option(
    '<lambda>',
    'pulls weights to 0: added to the gradient, or apart from it with adamw, sign and muon (default: 0; adamw: 0.01)',
    positive,
  ),
  sam: option('<rho>', 'takes gradients at a distance rho up the slope: flat minima, two gradients a step', positive),
  asam: option('<rho>', 'the same with a distance that is measured in the size of each weight', positive),
  normBias: option('<target:strength>', 'pulls the squared norm of all weights to a target, up or down', normBiasOf),
  clip: option('<norm>', 'longest gradient; longer ones are shortened', positive),
  augment: option('<changes>', 'of training images: crop:PIXELS, flip, mixup:ALPHA, with commas between', augmentOf),
  labelSmoothing: option('<share>', 'of the probability that goes to all classes alike', share),
  microBatch: option(
    '<count>',
    'examples whose gradients are computed at a time (default: all of a batch; with --workers a quarter)',
    whole(1),
  ),
  workers: option(
    '<count>',
    'threads that share the micro-batches of a batch: the same bits for any number',
    whole(1, 64),
  ),
  checkpoint: option('<file>', 'kept up to date after every epoch; a file that is there is gone on from', text),
  record: option('<file>', 'npz of the weights at some 30 steps, evenly spaced on a logarithmic scale', text),
  seed,
  ...arithmetic,
};

export const trainCommand = command({
  name: 'train',
  description:
    'Trains a network (seeded; Adam and a cosine schedule unless told otherwise) and writes its weights as npz.',
  options: trainOptions,
  after: [
    'Examples:',
    '  hyperribbon train --data mnist --task digits --architecture mlp:relu:128 --epochs 5 --out net.npz',
    '  hyperribbon train --data fashion-mnist --architecture resnet:8 --optimizer nesterov --schedule one-cycle \\',
    '    --learning-rate 0.2 --weight-decay 5e-4 --batch-size 128 --augment flip --workers 2',
  ].join('\n'),
  run: async (options, { signal, lines, print }) => {
    const { seed } = options;
    const out = outputFile(options.out, 'weights.npz', options.force);
    const record = options.record && requireWritableFile(options.record, '--record');
    const checkpoint = options.checkpoint && requireWritableFile(options.checkpoint, '--checkpoint');
    const split = await loadAnySplit(options, seed, { rows: options.repeatedRows });
    const { dataset, train, test, loss, notes, repeated } = split;
    for (const note of notes) lines.print(note);
    if (repeated !== undefined) lines.print(repeated);
    const network = networkFor(await architectureText(options.architecture), train, loss, { trains: true });
    const setting = settingOf(options, network, train);
    requireCompany(network, train.count, setting);
    const asked = { ...setting, architecture: network.architecture ?? network.name, examples: examplesIdentity(train) };
    const { workers: _workers, ...decides } = asked;
    const resume = checkpoint === undefined ? undefined : storedCheckpoint(checkpoint, decides);
    const trajectory = recordTrajectory();
    const keep: TrainHook = {
      onCheckpoint: (at) => writeWhole(checkpoint!, checkpointFile(decides, at.checkpoint)),
    };
    const hooks = [...(record === undefined ? [] : [trajectory]), ...(checkpoint === undefined ? [] : [keep])];
    if (resume !== undefined && record !== undefined && resume.step > 0)
      throw new UsageError(
        '--record: a run that goes on from a checkpoint has no weights of its beginning; leave one of the two off',
      );
    const line = lines.start(`training ${network.name} on ${dataset}, ${train.count} examples`);
    const result = await here(jobs).run(
      {
        kind: 'train',
        network: networkToData(network),
        train,
        test,
        loss,
        ...setting,
        hooks,
        ...(resume && { resume }),
      },
      { signal, onProgress: line.update },
    );
    const { final, finished, reason } = result;
    const found = errorSummary([{ final }]);
    if (finished) line.done(found);
    else line.stopped(`${reason}; ${found}`);
    writeWhole(out, weightsFile(network, result, train));
    if (record !== undefined) writeWhole(record, trajectoryFile(network, trajectory.steps, trajectory.records));
    if (placeOf(out).kind !== 'stream') print(`${out}\n`);
    return finished ? 0 : 1;
  },
});

/** What decides the bits of a run, beside network and examples; threads do not. */
export function settingOf(
  options: Given<typeof trainOptions>,
  { inputShape }: Network,
  train: AnyExamples,
): Omit<TrainJob, 'network' | 'train'> {
  const { epochs, batchSize, seed, dtype, deterministic, weightDecay, clip, workers } = options;
  const { augment, labelSmoothing: smoothing, normBias } = options;
  const sharpnessAware = sharpnessAwareOf(options);
  const chosen = options.optimizer ?? optimizerOf('adam', '--optimizer');
  const schedule = scheduleFrom(options.schedule ?? scheduleOf('cosine', '--schedule'), options);
  const moves = augment?.crop !== undefined || augment?.flip !== undefined;
  const image = moves ? imageOf(inputShape ?? train.shape) : undefined;
  const changes = {
    ...augment,
    ...(smoothing !== undefined && smoothing > 0 && { smoothing }),
    ...(image && { image }),
  };
  const microBatch = options.microBatch ?? (workers === undefined ? undefined : Math.ceil(batchSize / 4));
  return {
    epochs,
    batchSize,
    optimizer: chosen.make(weightDecay === undefined ? {} : { weightDecay }),
    schedule,
    seed,
    dtype,
    deterministic,
    ...(clip !== undefined && { clipNorm: clip }),
    ...(sharpnessAware && { sharpnessAware }),
    ...(normBias && { normBias }),
    ...(Object.keys(changes).length > 0 && { augmentation: changes }),
    ...(microBatch !== undefined && { microBatch }),
    ...(workers !== undefined && { workers }),
  };
}

/**
 * Batch norm has no variance of one number per channel: a part of a batch that holds one example is refused in the words of the command.
 *
 * @throws UsageError
 */
function requireCompany(
  network: Network,
  count: number,
  { batchSize = count, microBatch = batchSize }: Omit<TrainJob, 'network' | 'train'>,
): void {
  const sizes = [Math.min(batchSize, count), count % batchSize].filter((rows) => rows > 0);
  const alone = sizes.some((rows) => rows % microBatch === 1 || microBatch === 1);
  if (!alone || (network.buffers ?? []).length === 0) return;
  try {
    const risk = (z: Tensor, y: Tensor): Tensor => sum(softmaxCrossEntropy(z, y));
    planGradientStep(network, 1, { risk, dtype: 'float32', deterministic: false, training: true });
  } catch (error) {
    if (!isArgumentError(error)) throw error;
    const flag = microBatch < batchSize ? '--micro-batch' : '--batch-size';
    throw new UsageError(`${flag}: leaves one example alone, and batch norm needs two; choose another size`);
  }
}

/** @throws UsageError for examples that are no images */
function imageOf(shape: readonly number[] | undefined): readonly [number, number, number] {
  const [channels, height, width] = shape?.length === 2 ? [1, ...shape] : (shape ?? []);
  if (shape === undefined || shape.length < 2 || shape.length > 3)
    throw new UsageError('--augment: crop and flip are for images, and these examples are rows of numbers');
  return [channels, height, width];
}
