import { refuse, requireInteger, requireNoOthers, requireNonNegative } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import { type Examples, evaluate, type TrainHook } from '@hyperribbon/nn';
import { asMeasure, type Outcome, undefinedFor } from './asMeasure.js';
import type { GradientNoise } from './gradientNoise.js';
import type { Measure } from './measure.js';

/** Cross-entropy on the training examples while a network was trained. */
export interface LossHistory {
  /** steps done, ascending */
  readonly steps: ArrayLike<number>;
  /** mean cross-entropy after so many steps */
  readonly losses: ArrayLike<number>;
}

export interface RecordLossesOptions {
  /** every so many steps, and at the start and the end of a run; integer ≥ 1, default 50 */
  readonly every?: number;
}

/**
 * A hook that records the cross-entropy on some examples during a run, as the network is evaluated then: what {@link optimisationMeasures} reads.
 *
 * @throws ArgumentError for options out of range. Cost: an evaluation each time
 * @example
 * const losses = recordLosses(digits.train, { every: 100 });
 * await train(net, digits.train, { hooks: [losses] });
 * optimisationMeasures(losses, { count: digits.train.count });
 */
export function recordLosses(
  examples: Examples,
  { every = 50, ...others }: RecordLossesOptions = {},
): { readonly steps: number[]; readonly losses: number[] } & Required<Pick<TrainHook, 'onStep'>> {
  requireNoOthers('recordLosses', others, 'RecordLossesOptions');
  requireInteger('recordLosses', 'every', every, 1);
  const steps: number[] = [];
  const losses: number[] = [];
  return {
    steps,
    losses,
    async onStep({ steps: done, of, weights, network, signal }) {
      if ((done % every !== 0 && done !== of) || done <= (steps.at(-1) ?? -1)) return;
      const dtype = weights.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32';
      const { loss } = await evaluate(network(), weights, examples, { dtype, deterministic: true, signal });
      steps.push(done);
      losses.push(loss);
    },
  };
}

/**
 * The first recorded step at which the cross-entropy is at most a level.
 *
 * @returns undefined where it never is
 * @throws ArgumentError for steps that do not ascend, and lists of different length
 * @example stepsTo({ steps: [0, 50, 100], losses: [2.3, 0.4, 0.09] }, 0.1); // 100
 */
export function stepsTo({ steps, losses }: LossHistory, level: number): number | undefined {
  requireNonNegative('stepsTo', 'level', level);
  if (steps.length !== losses.length)
    refuse('stepsTo', `steps and losses must be as many, got ${steps.length} and ${losses.length}`);
  let found: number | undefined;
  for (let i = 0; i < steps.length; i++) {
    if (i > 0 && !(steps[i] > steps[i - 1]))
      refuse('stepsTo', `steps must ascend, got ${steps[i - 1]} before ${steps[i]}`);
    if (found === undefined && losses[i] <= level) found = steps[i];
  }
  return found;
}

export interface OptimisationMeasureOptions {
  /** m, examples of the sample, integer ≥ 1 */
  readonly count: number;
  /** of gradients after the first epoch, by {@link gradientNoise} */
  readonly early?: GradientNoise;
  /** at the end */
  readonly final?: GradientNoise;
}

/**
 * Measures of how training went: steps to a cross-entropy of 0.1, from there to 0.01, and the variance of batch gradients after the first epoch and at the end.
 *
 * They are as exact as the history: a step is that of the first record below the level. They were reconstructed from memory of the source.
 *
 * @throws ArgumentError for a history whose steps do not ascend
 * Source: [jiang2020, section 7], from memory
 * @example
 * const history = { steps: [0, 50, 100, 150], losses: [2.3, 0.4, 0.09, 0.008] };
 * optimisationMeasures(history, { count: 1000 })[1].logValue; // ln 50: from step 100 to step 150
 */
export function optimisationMeasures(history: LossHistory, options: OptimisationMeasureOptions): Measure[] {
  const { count, early, final, ...others } = options;
  requireNoOthers('optimisationMeasures', others, 'OptimisationMeasureOptions');
  requireInteger('optimisationMeasures', 'count', count, 1);
  const [first, second] = [stepsTo(history, 0.1), stepsTo(history, 0.01)];
  const last = history.steps.length === 0 ? 0 : history.steps[history.steps.length - 1];
  const never = (level: number): Outcome => undefinedFor(`cross-entropy did not fall to ${level} in ${last} steps`);
  const outcomes: Record<string, Outcome> = {
    'steps-to-0.1': first === undefined ? never(0.1) : { logValue: log(first) },
    'steps-0.1-to-0.01':
      first === undefined ? never(0.1) : second === undefined ? never(0.01) : { logValue: log(second - first) },
    'gradient-noise-early': noise(early, 'after the first epoch', count),
    'gradient-noise-final': noise(final, 'at the end', count),
  };
  return Object.entries(outcomes).map(([name, outcome]) => asMeasure(name, outcome, count));
}

function noise(given: GradientNoise | undefined, when: string, count: number): Outcome {
  if (given === undefined) return undefinedFor(`the variance of gradients ${when} was not given`);
  const { variance, standardError } = given;
  // of √(variance/m)
  const error = standardError / (2 * Math.sqrt(variance * count));
  return { logValue: log(variance), ...(variance > 0 && { standardError: error }) };
}
