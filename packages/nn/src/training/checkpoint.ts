import type { Dtype, FloatArray } from '@hyperribbon/kernels';

/** What one epoch came to. */
export interface EpochRecord {
  readonly epoch: number;
  /** mean loss per example over the epoch's batches, each at the weights of its step; without the anchor's penalty */
  readonly loss: number;
  /** share of the epoch's examples that were misclassified, each at the weights of its step */
  readonly error: number;
  /** learning rate of the last step */
  readonly learningRate: number;
  /** loss and error on the validation examples after the epoch, if there are any */
  readonly validationLoss?: number;
  readonly validationError?: number;
}

/**
 * Where a training run stands: enough to go on as if it had never stopped, bit for bit.
 *
 * Only numbers, strings, typed arrays and plain objects: structuredClone, IndexedDB and message passing take it as it is,
 * and {@link checkpointToJson} writes it as text.
 */
export interface Checkpoint {
  readonly version: 1;
  readonly network: string;
  readonly dtype: Dtype;
  readonly seed: number;
  readonly count: number;
  readonly batchSize: number;
  /** the batch to run next: batch `batch` of epoch `epoch` */
  readonly epoch: number;
  readonly batch: number;
  readonly weights: FloatArray;
  readonly initial: FloatArray;
  readonly slots: readonly FloatArray[];
  readonly updates: number;
  /** sums over the part of the epoch that is done */
  readonly lossSum: number;
  readonly mistakes: number;
  readonly history: readonly EpochRecord[];
}

/** A checkpoint as JSON text; numbers keep all their digits. */
export function checkpointToJson(checkpoint: Checkpoint): string {
  return JSON.stringify(checkpoint, (_key, value: unknown) => {
    if (value instanceof Float32Array) return { float32: Array.from(value, encode) };
    if (value instanceof Float64Array) return { float64: Array.from(value, encode) };
    return value;
  });
}

/** The inverse of {@link checkpointToJson}. @throws TypeError if the text is not a checkpoint of this version */
export function checkpointFromJson(text: string): Checkpoint {
  const value: unknown = JSON.parse(text, (_key, item: unknown) => {
    if (item !== null && typeof item === 'object') {
      if ('float32' in item && Array.isArray(item.float32)) return Float32Array.from(item.float32, decode);
      if ('float64' in item && Array.isArray(item.float64)) return Float64Array.from(item.float64, decode);
    }
    return item;
  });
  if (
    value === null ||
    typeof value !== 'object' ||
    (value as Checkpoint).version !== 1 ||
    !ArrayBuffer.isView((value as Checkpoint).weights)
  ) {
    throw new TypeError('checkpointFromJson: expected the text of a training checkpoint, version 1');
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
