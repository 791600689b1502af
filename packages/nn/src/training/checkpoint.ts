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

/**
 * Where a training run stands: enough to go on as if it had never stopped, bit for bit.
 *
 * Only numbers, strings, typed arrays and plain objects: structuredClone, IndexedDB and message passing take it as it is,
 * and {@link checkpointToJson} writes it as text. `sums.loss` is the sum over the examples of the epoch's steps.
 */
export interface Checkpoint extends RunIdentity, DescentPosition<EpochRecord> {
  readonly version: 2;
  readonly weights: FloatArray;
  readonly initial: FloatArray;
  /** the optimiser's */
  readonly slots: readonly FloatArray[];
  readonly updates: number;
}

/** A checkpoint as JSON text; numbers keep all their digits. */
export function checkpointToJson(checkpoint: Checkpoint): string {
  return JSON.stringify(checkpoint, (_key, value: unknown) => {
    if (!isFloatArray(value)) return value;
    return { [value.BYTES_PER_ELEMENT === 4 ? 'float32' : 'float64']: Array.from(value, encode) };
  });
}

/** The inverse of {@link checkpointToJson}. @throws TypeError if the text is not a checkpoint of this version */
export function checkpointFromJson(text: string): Checkpoint {
  const value: unknown = JSON.parse(text, (_key, item: unknown) => {
    if (item !== null && typeof item === 'object') {
      if ('float32' in item && Array.isArray(item.float32)) return floatArray('float32', item.float32.map(decode));
      if ('float64' in item && Array.isArray(item.float64)) return floatArray('float64', item.float64.map(decode));
    }
    return item;
  });
  const found = value as Partial<Checkpoint> | null;
  if (typeof found !== 'object' || found?.version !== 2 || !isFloatArray(found.weights)) {
    refuseType('checkpointFromJson', 'text', 'a training checkpoint, version 2', value);
  }
  return value as Checkpoint;
}

// JSON has no −0, NaN or infinity
function encode(x: number): number | string {
  return Object.is(x, -0) ? '-0' : Number.isFinite(x) ? x : String(x);
}

function decode(x: number | string): number {
  return typeof x === 'number' ? x : Number(x);
}
