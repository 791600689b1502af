import { refuse, requireInteger, requireNonNegative, requireNoOthers, requireOneOf } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { type Loss, softmaxCrossEntropy } from '@hyperribbon/nn';
import type { InputGradient, NetworkState } from './inputGradient.js';

/** Projected gradient descent against inputs: its ball, its steps, and where inputs may be. */
export interface PgdOptions {
  /** ε ≥ 0: no input moves further than this, in the units of the inputs */
  readonly radius: number;
  /** default radius/4, as in the public code of [goldblum2020] for 7 steps in training and for 20 in testing */
  readonly stepSize?: number;
  /** integer ≥ 0, default 20 */
  readonly steps?: number;
  /** 'random': uniformly in the ball (default); 'clean': at the example */
  readonly start?: 'random' | 'clean';
  /** least and largest input, default [0, 1]; 'unbounded' for inputs that were standardised */
  readonly range?: readonly [number, number] | 'unbounded';
  /** that goes up, default `softmaxCrossEntropy` */
  readonly loss?: Loss;
}

export interface SettledPgd extends Required<PgdOptions> {}

/** @throws ArgumentError for numbers out of range */
export function settlePgd(caller: string, options: PgdOptions): SettledPgd {
  const { radius, steps = 20, start = 'random', range = [0, 1], loss = softmaxCrossEntropy, ...rest } = options;
  const { stepSize = radius / 4, ...others } = rest;
  requireNoOthers(caller, others, 'PgdOptions');
  requireNonNegative(caller, 'radius', radius);
  requireNonNegative(caller, 'stepSize', stepSize);
  requireInteger(caller, 'steps', steps, 0);
  requireOneOf(caller, 'start', start, ['random', 'clean']);
  if (range !== 'unbounded' && !(range[0] < range[1]))
    refuse(caller, `range must be [least, largest] with least < largest, or 'unbounded', got [${range.join(', ')}]`);
  return { radius, stepSize, steps, start, range, loss };
}

/** @throws ArgumentError for examples that the attack would change by clamping alone */
export function requireRange(caller: string, inputs: FloatArray, range: SettledPgd['range']): void {
  if (range === 'unbounded') return;
  const outside = inputs.findIndex((x) => x < range[0] || x > range[1]);
  if (outside >= 0)
    refuse(
      caller,
      `inputs must be in range = [${range.join(', ')}], got inputs[${outside}]=${inputs[outside]}; give the range of your inputs, or 'unbounded'`,
    );
}

/** A batch under attack. */
export interface Attacked {
  /** (rows, features), of the array type of the clean inputs */
  readonly inputs: FloatArray;
  /** (rows,) 1 where no step found a gradient other than zero */
  readonly flat: Uint8Array;
  /** entries of gradients that were not finite, all steps together: they moved nothing */
  readonly notFinite: number;
}

/**
 * x ← x + α sign ∇ℓ, back into the ball, then into the range, `steps` times [madry2018]; sign(0) = 0, and a gradient that is not finite counts as 0.
 *
 * As in the public code of [goldblum2020] a random start may lie outside the range, until the first step; without steps it is put into the range.
 *
 * @param draws (rows, features) uniform in [0, 1), of the start; absent: the clean inputs
 */
export function attackBatch(
  gradient: InputGradient,
  state: NetworkState,
  { inputs: clean, answers }: { readonly inputs: FloatArray; readonly answers: Int32Array | FloatArray },
  { radius, stepSize, steps, range }: SettledPgd,
  draws: Float64Array | undefined,
  rows: number,
): Attacked {
  const features = clean.length / rows;
  const x = clean.slice();
  const moved = new Uint8Array(rows);
  const [least, largest] = range === 'unbounded' ? [-Infinity, Infinity] : range;
  if (draws !== undefined) for (let k = 0; k < x.length; k++) x[k] = clean[k] + radius * (2 * draws[k] - 1);
  let notFinite = 0;
  for (let step = 0; step < steps; step++) {
    const slopes = gradient(state, x, answers);
    for (let k = 0; k < x.length; k++) {
      const slope = slopes[k];
      if (!Number.isFinite(slope)) notFinite++;
      else if (slope !== 0) moved[Math.floor(k / features)] = 1;
      const to =
        slope > 0 && slope < Infinity ? x[k] + stepSize : slope < 0 && slope > -Infinity ? x[k] - stepSize : x[k];
      const inBall = Math.min(Math.max(to, clean[k] - radius), clean[k] + radius);
      x[k] = Math.min(Math.max(inBall, least), largest);
    }
  }
  if (steps === 0) for (let k = 0; k < x.length; k++) x[k] = Math.min(Math.max(x[k], least), largest);
  return { inputs: x, flat: moved.map((has) => 1 - has), notFinite };
}
