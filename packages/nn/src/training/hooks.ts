import type { FloatArray } from '@hyperribbon/kernels';
import type { Network } from '../network.js';
import type { Checkpoint } from './checkpoint.js';
import { evaluated, type RunState } from './runState.js';

/** A moment of a training run. */
export interface TrainMoment {
  /** done, of so many */
  readonly steps: number;
  readonly of: number;
  /** of the last step; 0 before the first */
  readonly epoch: number;
  /** of the last step; NaN before the first of a call */
  readonly learningRate: number;
  /** (size,) as they are now: the next step changes them, copy what is to be kept */
  readonly weights: FloatArray;
  /** by name, likewise */
  readonly buffers: Readonly<Record<string, FloatArray>>;
  /** what the update rule remembers, likewise, and the updates that it has made: as a checkpoint holds them */
  readonly slots: readonly FloatArray[];
  readonly updates: number;
  /** the network as it is evaluated now, with copies of the buffers */
  network(): Network;
  readonly signal: AbortSignal | undefined;
}

/**
 * Watches a run. What a hook returns is awaited before the run goes on; what it throws ends the run, but for an AbortError of the run's own
 * signal: then the run ends with reason 'aborted' and what it has.
 */
export interface TrainHook {
  /** After every step, and where a run starts or is resumed: a recorder that knows these steps already leaves them. */
  onStep?(at: TrainMoment): void | Promise<void>;
  /** After every epoch, and before the first. The checkpoint is a copy. */
  onCheckpoint?(at: TrainMoment & { readonly checkpoint: Checkpoint }): void | Promise<void>;
}

/** Calls hooks of one kind in their order; at once where none of them waits. */
export function callHooks(
  hooks: readonly (() => void | Promise<void>)[],
  signal: AbortSignal | undefined,
): void | Promise<void> {
  for (let i = 0; i < hooks.length; i++) {
    const pending = calmed(hooks[i], signal);
    if (pending !== undefined) return pending.then(() => callHooks(hooks.slice(i + 1), signal));
  }
}

function calmed(hook: () => void | Promise<void>, signal: AbortSignal | undefined): Promise<void> | undefined {
  // the run asks the same signal before its next step, and stops there
  const ended = (error: unknown): void => {
    if (signal?.aborted !== true || !(error instanceof Error) || error.name !== 'AbortError') throw error;
  };
  try {
    return hook()?.catch(ended);
  } catch (error) {
    return void ended(error);
  }
}

/** The moment of a run's state. */
export function momentOf(
  network: Network,
  state: RunState,
  at: Pick<TrainMoment, 'steps' | 'of' | 'epoch' | 'learningRate' | 'signal'>,
): TrainMoment {
  const { weights, named, update } = state;
  const { slots, updates } = update;
  return { ...at, weights, buffers: named, slots, updates, network: () => evaluated(network, state) };
}
