import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { typedArrayName } from '@hyperribbon/contract';
import * as is from '@hyperribbon/contract/decode';
import type { NumericArray } from '@hyperribbon/data';
import type { FloatArray } from '@hyperribbon/kernels';
import type { Checkpoint } from '@hyperribbon/nn';
import type { BoundCheckpoint } from '@hyperribbon/pac-bayes/networks';
import { differencesText } from '../runs/differencesText.js';
import { readKept, writeKept } from '../runs/keptFile.js';
import { UsageError } from '../usageError.js';

/** What a stopped run needs to go on: the optimiser's state and the prior's mean, which may have taken long to train. */
export interface StoppedBound {
  /** options that must be the same when it goes on */
  readonly key: string;
  readonly checkpoint: BoundCheckpoint;
  readonly priorMean: Float32Array;
}

/** What a bound keeps in its folder beside its results, one file each. */
export const keptFiles = { checkpoint: 'checkpoint.npz', prior: 'prior.npz', training: 'prior-training.npz' } as const;

const prior = is.object({ key: is.text });
const training = is.object({ key: is.text, slots: is.count, plain: is.text });
const epoch = is.object({
  epoch: is.count,
  risk: is.finite,
  error: is.share,
  kl: is.finite,
  estimate: is.finite,
  learningRate: is.finite,
});
const checkpoint = is.object({
  key: is.text,
  slots: is.count,
  version: is.oneOf(2),
  network: is.text,
  dtype: is.oneOf('float32', 'float64'),
  seed: is.count,
  count: is.count,
  batchSize: is.count,
  objective: is.oneOf('classic', 'quadratic', 'lambda', 'bbb', 'dziugaite-roy', 'kl'),
  meansIn: is.maybe(is.oneOf('weights', 'basis')),
  step: is.count,
  sums: is.object({ loss: is.finite, mistakes: is.finite }),
  history: is.arrayOf(epoch),
  updates: is.count,
  slopes: is.pairOf(is.finite),
  kl: is.finite,
});

export function saveCheckpoint(folder: string, { key, checkpoint, priorMean }: StoppedBound): void {
  const { state, slots, renewedAt, ...plain } = checkpoint;
  const numbered = Object.fromEntries(slots.map((slot, i) => [`slot${i}`, slot]));
  const arrays = { state, priorMean, ...(renewedAt === undefined ? {} : { renewedAt }), ...numbered };
  writeKept(join(folder, keptFiles.checkpoint), { key, slots: slots.length, ...plain }, shaped(arrays));
}

/** The checkpoint in a folder, if there is one. @throws UsageError if it is of a run with other options, or damaged */
export function loadCheckpoint(folder: string, key: string): StoppedBound | undefined {
  const file = join(folder, keptFiles.checkpoint);
  const kept = readKept(file, '--resume', checkpoint);
  if (kept === undefined) return undefined;
  const { key: found, slots, ...plain } = kept.record;
  if (found !== key) {
    throw new UsageError(`--resume: ${folder} is of a run with other options:${differencesText(found, key)}`);
  }
  const array = (name: string): Float32Array => float32(file, kept.arrays, name);
  return {
    key,
    priorMean: array('priorMean'),
    checkpoint: {
      ...plain,
      state: array('state'),
      ...(kept.arrays.has('renewedAt') ? { renewedAt: array('renewedAt') } : {}),
      slots: Array.from({ length: slots }, (_, i) => array(`slot${i}`)),
    },
  };
}

/** Keeps a trained prior, so that a run that stopped later need not train it again. */
export function savePrior(folder: string, key: string, mean: Float32Array): void {
  writeKept(join(folder, keptFiles.prior), { key }, shaped({ mean }));
  rmSync(join(folder, keptFiles.training), { force: true });
}

/** Keeps the training of a prior that was stopped. */
export function saveTraining(folder: string, key: string, { weights, initial, slots, ...plain }: Checkpoint): void {
  const numbered = Object.fromEntries(slots.map((slot, i) => [`slot${i}`, slot]));
  const record = { key, slots: slots.length, plain: JSON.stringify(plain) };
  writeKept(join(folder, keptFiles.training), record, shaped({ weights, initial, ...numbered }));
}

/** Where the training of a prior with the same options was stopped, if it was. */
export function loadTraining(folder: string, key: string): Checkpoint | undefined {
  const file = join(folder, keptFiles.training);
  const kept = readKept(file, '--resume', training);
  if (kept?.record.key !== key) return undefined;
  const array = (name: string): Float32Array => float32(file, kept.arrays, name);
  return {
    ...(JSON.parse(kept.record.plain) as Omit<Checkpoint, 'weights' | 'initial' | 'slots'>),
    weights: array('weights'),
    initial: array('initial'),
    slots: Array.from({ length: kept.record.slots }, (_, i) => array(`slot${i}`)),
  };
}

/** The trained prior in a folder, if there is one that was trained with the same options. */
export function loadPrior(folder: string, key: string): Float32Array | undefined {
  const file = join(folder, keptFiles.prior);
  const kept = readKept(file, '--resume', prior);
  return kept?.record.key === key ? float32(file, kept.arrays, 'mean') : undefined;
}

function shaped(arrays: Readonly<Record<string, FloatArray>>): Record<string, { shape: number[]; data: FloatArray }> {
  return Object.fromEntries(Object.entries(arrays).map(([name, data]) => [name, { shape: [data.length], data }]));
}

function float32(file: string, arrays: ReadonlyMap<string, NumericArray>, name: string): Float32Array {
  const data: unknown = arrays.get(name)?.data;
  if (typedArrayName(data) !== 'Float32Array') throw new UsageError(`--resume: ${file} lacks the array ${name}`);
  return data as Float32Array;
}
