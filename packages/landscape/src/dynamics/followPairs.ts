import type { FloatArray } from '@hyperribbon/kernels';
import type { LinearOperator } from '@hyperribbon/linop';
import { type TrackedPairs, trackPairs, type TrackOptions } from './trackPairs.js';

/** From where the next search starts: plain data. */
export interface FollowerState {
  readonly vectors: readonly FloatArray[];
  /** searches made */
  readonly updates: number;
}

/** Largest eigenpairs of a matrix that moves from call to call. */
export interface PairsFollower {
  update(
    operator: LinearOperator,
    options: Omit<TrackOptions, 'previous' | 'guesses' | 'seed' | 'index'>,
  ): Promise<TrackedPairs>;
  state(): FollowerState;
}

/** `trackPairs` that remembers what it found. @param resume what `state` gave */
export function followPairs(seed: number, resume?: FollowerState): PairsFollower {
  let { vectors: previous, updates }: FollowerState = resume ?? { vectors: [], updates: 0 };
  return {
    async update(operator, options) {
      const found = await trackPairs(operator, { ...options, previous, seed, index: updates });
      updates += 1;
      previous = found.vectors;
      return found;
    },
    state: () => ({ vectors: previous, updates }),
  };
}
