import type { Network } from '../network.js';
import type { Checkpoint, EpochRecord, TrainIdentity } from './checkpoint.js';
import type { DescentPosition, MaybeAsync } from './descend.js';
import { callHooks, momentOf, type TrainHook, type TrainMoment } from './hooks.js';
import { type RunState, snapshot } from './runState.js';

/** A run as its hooks see it: what a descent calls after steps and epochs. */
export interface Watch {
  /** Before the first step of a call. */
  start(resume: Checkpoint | undefined, batches: number): MaybeAsync<void>;
  afterStep(steps: number, at: { readonly learningRate: number; readonly epoch: number }): MaybeAsync<undefined>;
  afterEpoch(position: DescentPosition<EpochRecord>): MaybeAsync<void>;
}

/** @param of steps of the whole run */
export function watchRun(
  network: Network,
  state: RunState,
  {
    identity,
    of,
    hooks,
    signal,
  }: {
    readonly identity: TrainIdentity;
    readonly of: number;
    readonly hooks: readonly TrainHook[];
    readonly signal: AbortSignal | undefined;
  },
): Watch {
  let last = { epoch: 0, learningRate: NaN };
  const moment = (steps: number): TrainMoment => momentOf(network, state, { steps, of, signal, ...last });
  const afterStep = (steps: number): MaybeAsync<undefined> => {
    const calls = hooks.filter(({ onStep }) => onStep).map((hook) => () => hook.onStep!(moment(steps)));
    return callHooks(calls, signal)?.then(() => undefined);
  };
  const atCheckpoint = (position: DescentPosition<EpochRecord>): MaybeAsync<void> => {
    const kept = (): Checkpoint => ({
      ...identity,
      ...structuredClone(snapshot(state)),
      version: 3,
      ...position,
      history: [...position.history],
    });
    const watching = hooks.filter(({ onCheckpoint }) => onCheckpoint);
    const calls = watching.map((hook) => () => hook.onCheckpoint!({ ...moment(position.step), checkpoint: kept() }));
    return callHooks(calls, signal);
  };
  return {
    async start(resume, batches) {
      if (hooks.length === 0) return;
      const position = resume ?? { step: 0, sums: { loss: 0, mistakes: 0 }, history: [] };
      const { step, sums, history } = position;
      last = { epoch: Math.max(0, Math.ceil(step / batches) - 1), learningRate: NaN };
      await afterStep(step);
      if (step % batches === 0) await atCheckpoint({ step, sums, history });
    },
    afterStep(steps, at) {
      if (hooks.length === 0) return undefined;
      last = { epoch: at.epoch, learningRate: at.learningRate };
      return afterStep(steps);
    },
    afterEpoch: (position) => (hooks.length === 0 ? undefined : atCheckpoint(position)),
  };
}
