import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { typedArrayName } from '@hyperribbon/contract';
import * as is from '@hyperribbon/contract/decode';
import { parseNpz, writeNpz } from '@hyperribbon/data';
import type { FloatArray } from '@hyperribbon/kernels';
import type { BoundCheckpoint } from '@hyperribbon/pac-bayes/networks';
import { planDifferences } from '@hyperribbon/study';
import { writeWhole } from '../output/writeFiles.js';
import { UsageError } from '../usageError.js';

/** What a stopped run needs to go on: the optimiser's state and the prior's mean, which may have taken long to train. */
export interface StoppedBound {
  /** options that must be the same when it goes on */
  readonly key: string;
  readonly checkpoint: BoundCheckpoint;
  readonly priorMean: Float32Array;
}

/** What is kept under a name: arrays in NAME.npz, everything else in NAME.json. */
type Kept = 'checkpoint' | 'prior';

const prior = is.object({ key: is.text });
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
  save(folder, 'checkpoint', arrays, { key, slots: slots.length, ...plain });
}

export function hasCheckpoint(folder: string): boolean {
  return has(folder, 'checkpoint');
}

/** The checkpoint in a folder. @throws UsageError if there is none, it is of a run with other options, or it is damaged */
export function loadCheckpoint(folder: string, key: string): StoppedBound {
  if (!hasCheckpoint(folder)) {
    throw new UsageError(`--resume: ${folder} holds no checkpoint. Leave --resume off to start anew.`);
  }
  const { key: found, slots, ...plain } = read(folder, 'checkpoint', checkpoint);
  if (found !== key) {
    const differences = planDifferences(found, key).join('\n  ');
    throw new UsageError(`--resume: ${folder} is of a run with other options:\n  ${differences}`);
  }
  const arrays = parseNpz(readFileSync(join(folder, 'checkpoint.npz')));
  const array = (name: string): Float32Array => float32(folder, 'checkpoint', arrays.get(name)?.data, name);
  return {
    key,
    priorMean: array('priorMean'),
    checkpoint: {
      ...plain,
      state: array('state'),
      ...(arrays.has('renewedAt') ? { renewedAt: array('renewedAt') } : {}),
      slots: Array.from({ length: slots }, (_, i) => array(`slot${i}`)),
    },
  };
}

/** Keeps a trained prior, so that a run that stopped later need not train it again. */
export function savePrior(folder: string, key: string, mean: Float32Array): void {
  save(folder, 'prior', { mean }, { key });
}

/** The trained prior in a folder, if there is one that was trained with the same options. */
export function loadPrior(folder: string, key: string): Float32Array | undefined {
  if (!has(folder, 'prior') || read(folder, 'prior', prior).key !== key) return undefined;
  return float32(folder, 'prior', parseNpz(readFileSync(join(folder, 'prior.npz'))).get('mean')?.data, 'mean');
}

function save(folder: string, name: Kept, arrays: Readonly<Record<string, FloatArray>>, rest: object): void {
  const shaped = Object.entries(arrays).map(([key, data]) => [key, { shape: [data.length], data }] as const);
  writeWhole(join(folder, `${name}.npz`), writeNpz(Object.fromEntries(shaped), { compress: false }));
  writeWhole(join(folder, `${name}.json`), `${JSON.stringify(rest)}\n`);
}

function has(folder: string, name: Kept): boolean {
  return existsSync(join(folder, `${name}.json`)) && existsSync(join(folder, `${name}.npz`));
}

function read<T>(folder: string, name: Kept, decoder: is.Decoder<T>): T {
  const file = join(folder, `${name}.json`);
  try {
    return is.decode(`--resume: ${file}`, decoder, readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof is.RecordFormatError) throw new UsageError(`${error.message}. Remove it to start anew.`);
    throw error;
  }
}

function float32(folder: string, name: Kept, data: unknown, key: string): Float32Array {
  if (typedArrayName(data) !== 'Float32Array')
    throw new UsageError(`--resume: ${join(folder, `${name}.npz`)} lacks the array ${key}`);
  return data as Float32Array;
}
