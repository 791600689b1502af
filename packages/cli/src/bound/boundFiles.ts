import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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

const numbers = 'checkpoint.npz';
const rest = 'checkpoint.json';

/** Writes checkpoint.npz and checkpoint.json into the folder. */
export function saveCheckpoint(folder: string, { key, checkpoint, priorMean }: StoppedBound): void {
  const { state, slots, renewedAt, ...plain } = checkpoint;
  const flat = (data: FloatArray) => ({ shape: [data.length], data });
  const arrays = {
    state: flat(state),
    ...(renewedAt === undefined ? {} : { renewedAt: flat(renewedAt) }),
    priorMean: flat(priorMean),
    ...Object.fromEntries(slots.map((slot, i) => [`slot${i}`, flat(slot)])),
  };
  writeWhole(join(folder, numbers), writeNpz(arrays, { compress: false }));
  writeWhole(join(folder, rest), `${JSON.stringify({ key, slots: slots.length, ...plain })}\n`);
}

export function hasCheckpoint(folder: string): boolean {
  return existsSync(join(folder, rest)) && existsSync(join(folder, numbers));
}

/** The checkpoint in a folder. @throws UsageError if there is none, or it is of a run with other options */
export function loadCheckpoint(folder: string, key: string): StoppedBound {
  if (!hasCheckpoint(folder)) {
    throw new UsageError(`--resume: ${folder} holds no checkpoint. Leave --resume off to start anew.`);
  }
  const {
    key: found,
    slots,
    ...plain
  } = JSON.parse(readFileSync(join(folder, rest), 'utf8')) as {
    key: string;
    slots: number;
  } & Omit<BoundCheckpoint, 'state' | 'slots' | 'renewedAt'>;
  if (found !== key) {
    const differences = planDifferences(found, key).join('\n  ');
    throw new UsageError(`--resume: ${folder} is of a run with other options:\n  ${differences}`);
  }
  const arrays = parseNpz(readFileSync(join(folder, numbers)));
  const array = (name: string): Float32Array => {
    const data = arrays.get(name)?.data;
    if (!(data instanceof Float32Array)) throw new UsageError(`--resume: ${folder}/${numbers} lacks the array ${name}`);
    return data;
  };
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

const trained = 'prior.npz';
const trainedKey = 'prior.json';

/** Keeps a trained prior, so that a run that stopped later need not train it again. */
export function savePrior(folder: string, key: string, weights: Float32Array): void {
  writeWhole(
    join(folder, trained),
    writeNpz({ mean: { shape: [weights.length], data: weights } }, { compress: false }),
  );
  writeWhole(join(folder, trainedKey), `${JSON.stringify({ key })}\n`);
}

/** The trained prior in a folder, if there is one that was trained with the same options. */
export function loadPrior(folder: string, key: string): Float32Array | undefined {
  if (!existsSync(join(folder, trainedKey)) || !existsSync(join(folder, trained))) return undefined;
  const { key: found } = JSON.parse(readFileSync(join(folder, trainedKey), 'utf8')) as { key: string };
  const mean = found === key ? parseNpz(readFileSync(join(folder, trained))).get('mean')?.data : undefined;
  return mean instanceof Float32Array ? mean : undefined;
}
