import { refuse, requireInteger, requireNoOthers } from '@hyperribbon/contract';
import { exp, type FloatArray, log } from '@hyperribbon/kernels';
import type { AnyExamples } from '../examples.js';
import { logits } from '../logits.js';
import type { TrainHook } from './hooks.js';

export interface TrajectoryOptions {
  /** how many moments, the start and the end among them, evenly spaced on a logarithmic scale; default 30, integer ≥ 2 */
  readonly count?: number;
  /** the moments themselves, in steps done, ascending; in place of `count` */
  readonly at?: readonly number[];
  /** what is kept: the network's logits on these examples (count, classes), as it is evaluated then; default the weights (size,) */
  readonly examples?: AnyExamples;
}

/** What was recorded so far. */
export interface Trajectory {
  /** steps done, ascending */
  readonly steps: number[];
  /** one per moment: copies, float32 or float64 as the run is */
  readonly records: FloatArray[];
}

/**
 * A hook that keeps weights or predictions at some moments of a run: `hooks: [recorder]`, then `recorder.records`. Handed to the run that resumes
 * another, it goes on where it stood.
 *
 * @throws ArgumentError for moments that do not ascend
 * Cost: memory of one vector per moment
 * @example
 * const trajectory = recordTrajectory({ count: 20 });
 * await train(net, digits.train, { hooks: [trajectory] });
 * trajectory.steps.length; // 20 at most
 */
export function recordTrajectory({ count = 30, at, examples, ...others }: TrajectoryOptions = {}): Trajectory &
  Required<Pick<TrainHook, 'onStep'>> {
  requireNoOthers('recordTrajectory', others, 'TrajectoryOptions');
  requireInteger('recordTrajectory', 'count', count, 2);
  at?.forEach((step, i) => {
    requireInteger('recordTrajectory', 'at', step, 0);
    if (i > 0 && step <= at[i - 1]) refuse('recordTrajectory', `at must ascend, got ${at[i - 1]} before ${step}`);
  });
  const steps: number[] = [];
  const records: FloatArray[] = [];
  let wanted: ReadonlySet<number> | undefined = at && new Set(at);
  return {
    steps,
    records,
    onStep({ steps: done, of, weights, network }) {
      wanted ??= new Set(logSpacedSteps(of, count));
      if (!wanted.has(done) || done <= (steps.at(-1) ?? -1)) return;
      const dtype = weights.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32';
      records.push(examples === undefined ? weights.slice() : logits(network(), weights, examples, { dtype }));
      steps.push(done);
    },
  };
}

/**
 * Whole numbers from 0 to `of`, evenly spaced on a logarithmic scale as far as whole numbers are: each once, so at most `count`.
 *
 * @param of integer ≥ 0
 * @param count integer ≥ 2
 * @example logSpacedSteps(100, 6); // [0, 1, 3, 10, 32, 100]
 */
export function logSpacedSteps(of: number, count: number): number[] {
  requireInteger('logSpacedSteps', 'of', of, 0);
  requireInteger('logSpacedSteps', 'count', count, 2);
  if (of < 2) return of === 0 ? [0] : [0, 1];
  const rate = log(of) / Math.max(1, count - 2);
  const inner = Array.from({ length: count - 1 }, (_, i) => Math.round(exp(i * rate)));
  return [...new Set([0, ...inner, of])].filter((step) => step <= of).sort((a, b) => a - b);
}
