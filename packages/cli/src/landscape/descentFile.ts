import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type FloatArray, isFloatArray } from '@hyperribbon/contract';
import * as is from '@hyperribbon/contract/decode';
import type { DescentState } from '../jobs/landscape/watchDescent.js';
import { readKept, writeKept } from '../runs/keptFile.js';

/** Name of the file in a run's folder from which a stopped descent goes on. */
export const keptDescentName = 'descent.npz';

export function descentFile(folder: string): string {
  return join(folder, keptDescentName);
}

/** What is whole needs no state to go on from. */
export function forgetDescent(folder: string): void {
  rmSync(descentFile(folder), { force: true });
}

const record = is.object({ state: (value: unknown) => value });

/** Stands in the record for an array of the file: its name. */
interface ArrayOf {
  readonly array: string;
}

/** Keeps the state of a descent: numbers and texts as JSON, vectors as arrays with their bits. */
export function keepDescent(file: string, state: DescentState): void {
  const arrays: Record<string, { readonly shape: readonly number[]; readonly data: FloatArray }> = {};
  const put = (value: unknown): unknown => {
    if (isFloatArray(value)) {
      const name = `a${Object.keys(arrays).length}`;
      arrays[name] = { shape: [value.length], data: value };
      return { array: name } satisfies ArrayOf;
    }
    if (Array.isArray(value)) return value.map(put);
    if (typeof value === 'number' && !Number.isFinite(value)) return { number: String(value) };
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, put(entry)]));
  };
  writeKept(file, { state: put(state) }, arrays);
}

/**
 * The state that {@link keepDescent} wrote. Its folder's record says that it belongs to this very run.
 *
 * @returns undefined where there is none
 * @throws UsageError for a file that is damaged or was changed
 */
export function keptDescent(folder: string): DescentState | undefined {
  const found = readKept(descentFile(folder), '--out', record);
  if (found === undefined) return undefined;
  const take = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(take);
    if (typeof value !== 'object' || value === null) return value;
    if ('array' in value && typeof value.array === 'string') return found.arrays.get(value.array)!.data;
    if ('number' in value && typeof value.number === 'string') return Number(value.number);
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, take(entry)]));
  };
  return take(found.record.state) as DescentState;
}
