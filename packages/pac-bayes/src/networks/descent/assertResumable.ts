import type { BoundCheckpoint } from './optimizedBound.js';

/** What must be the same in a resumed run as in the run that stopped. */
export type RunIdentity = Pick<BoundCheckpoint, 'network' | 'seed' | 'count' | 'batchSize' | 'objective' | 'meansIn'>;

/** A resumed run must be the run that stopped: in everything that `now` names. */
export function assertResumable(caller: string, checkpoint: BoundCheckpoint, now: RunIdentity): void {
  if (checkpoint.version !== 1) {
    throw new TypeError(`${caller}: resume must be a checkpoint of version 1, got ${String(checkpoint.version)}`);
  }
  const then: RunIdentity = { ...checkpoint, meansIn: checkpoint.meansIn ?? 'basis' };
  for (const key of Object.keys(now) as (keyof RunIdentity)[]) {
    if (then[key] !== now[key]) {
      throw new RangeError(`${caller}: resume is of a run with ${key}=${then[key]}, this one has ${now[key]}`);
    }
  }
}
