import { floatArray, isFloatArray, refuseType } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { DescentPosition } from './descend.js';
import type { RunIdentity } from './runIdentity.js';

/** The epoch so far. */
export interface TrainDetail {
  /** in [0, epochs) */
  readonly epoch: number;
  /** mean loss per example, and share of examples that were misclassified: NaN where they have targets */
  readonly loss: number;
  readonly error: number;
  readonly learningRate: number;
}

/** What one epoch came to: without the anchor's penalty, each batch at the weights of its step; the learning rate of the last one. */
export interface EpochRecord extends TrainDetail {
  /** loss and error on the validation examples after the epoch, if there are any */
  readonly validationLoss?: number;
  readonly validationError?: number;
}

/** What must be the same in a resumed run of `train` as in the run that stopped. */
export interface TrainIdentity extends RunIdentity {
  /** at most `batchSize`, which means that batches are not cut */
  readonly microBatch: number;
}

/**
 * Where a training run stands: enough to go on as if it had never stopped, bit for bit.
 *
 * Only numbers, strings, typed arrays and plain objects: structuredClone, IndexedDB and message passing take it as it is,
 * and {@link checkpointToJson} writes it as text. `sums.loss` is the sum over the examples of the epoch's steps.
 */
export interface Checkpoint extends TrainIdentity, DescentPosition<EpochRecord> {
  readonly version: 3;
  readonly weights: FloatArray;
  readonly initial: FloatArray;
  /** the network's, by name */
  readonly buffers: Readonly<Record<string, FloatArray>>;
  /** the optimiser's */
  readonly slots: readonly FloatArray[];
  readonly updates: number;
}

/** What an earlier version wrote: of networks without buffers, batches not cut. */
export interface EarlierCheckpoint extends Omit<Checkpoint, 'version' | 'buffers' | 'microBatch'> {
  readonly version: 2;
}

/** A checkpoint of this version. */
export function currentCheckpoint(checkpoint: Checkpoint | EarlierCheckpoint): Checkpoint {
  if (checkpoint.version !== 2) return checkpoint;
  return { ...checkpoint, version: 3, buffers: {}, microBatch: checkpoint.batchSize };
}

/** A checkpoint as JSON text; numbers keep all their digits. */
export function checkpointToJson(checkpoint: Checkpoint): string {
  return JSON.stringify(checkpoint, (_key, value: unknown) => {
    if (!isFloatArray(value)) return value;
    return { [value.BYTES_PER_ELEMENT === 4 ? 'float32' : 'float64']: Array.from(value, encode) };
  });
}

/** The inverse of {@link checkpointToJson}; reads version 2 too. @throws TypeError if the text is not a checkpoint of these versions */
export function checkpointFromJson(text: string): Checkpoint {
  const value: unknown = JSON.parse(text, (_key, item: unknown) => {
    if (item !== null && typeof item === 'object') {
      if ('float32' in item && Array.isArray(item.float32)) return floatArray('float32', item.float32.map(decode));
      if ('float64' in item && Array.isArray(item.float64)) return floatArray('float64', item.float64.map(decode));
    }
    return item;
  });
  const found = value as Partial<Checkpoint | EarlierCheckpoint> | null;
  const known = typeof found === 'object' && (found?.version === 2 || found?.version === 3);
  if (!known || !isFloatArray(found.weights))
    return refuseType('checkpointFromJson', 'text', 'a training checkpoint, version 2 or 3', value);
  return currentCheckpoint(value as Checkpoint | EarlierCheckpoint);
}

// JSON has no −0, NaN or infinity
function encode(x: number): number | string {
  return Object.is(x, -0) ? '-0' : Number.isFinite(x) ? x : String(x);
}

function decode(x: number | string): number {
  return typeof x === 'number' ? x : Number(x);
}
