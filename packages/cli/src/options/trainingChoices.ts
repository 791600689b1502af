import {
  adam,
  adamW,
  asam,
  constantSchedule,
  cosineSchedule,
  type DecayOptions,
  linearSchedule,
  momentum,
  multiStepSchedule,
  muon,
  oneCycleSchedule,
  type NormBias,
  type Optimizer,
  rmsProp,
  sam,
  type Schedule,
  sgd,
  type SharpnessAware,
  signDescent,
  stepSchedule,
  warmUp,
} from '@hyperribbon/nn';
import { UsageError } from '../usageError.js';
import type { Parser } from './option.js';

/** An optimiser that waits for its weight decay. */
export interface OptimizerChoice {
  readonly name: string;
  make(decay: DecayOptions): Optimizer;
}

const optimizers: Readonly<Record<string, (momentum: number | undefined, decay: DecayOptions) => Optimizer>> = {
  adam: (_, decay) => adam(decay),
  adamw: (_, decay) => adamW(decay),
  sgd: (_, decay) => sgd(decay),
  momentum: (mu, decay) => momentum(mu, decay),
  nesterov: (mu, decay) => momentum(mu, { nesterov: true, ...decay }),
  rmsprop: (_, decay) => rmsProp(decay),
  sign: (mu, decay) => signDescent(mu, decay),
  muon: (mu, decay) => muon({ ...(mu !== undefined && { momentum: mu }), ...decay }),
};

const withMomentum = ['momentum', 'nesterov', 'sign', 'muon'];

/** adam, momentum:0.95 */
export const optimizerOf: Parser<OptimizerChoice> = (given, flag) => {
  const [name, number, ...rest] = given.split(':');
  const mu = number === undefined ? undefined : Number(number);
  const known = Object.hasOwn(optimizers, name) && rest.length === 0;
  const fits = mu === undefined || (withMomentum.includes(name) && number !== '' && mu >= 0 && mu < 1);
  if (!known || !fits)
    throw new UsageError(
      `${flag}: expected ${Object.keys(optimizers).join(', ')}, with a momentum in [0, 1) such as nesterov:0.9, got "${given}"`,
    );
  return { name, make: (decay) => optimizers[name](mu, decay) };
};

/** The learning rates that a schedule is made of. */
export interface Rates {
  readonly from: number;
  /** absent: a quarter of the first for a cosine, 0 for a line */
  readonly to: number | undefined;
}

/** A schedule that waits for its learning rates. */
export interface ScheduleChoice {
  readonly name: string;
  make(rates: Rates): Schedule;
}

/** cosine, constant, linear, one-cycle, step:EVERY:FACTOR, multi-step:EPOCH,EPOCH:FACTOR */
export const scheduleOf: Parser<ScheduleChoice> = (given, flag) => {
  const [name, ...parts] = given.split(':');
  const make = scheduleMaker(name, parts);
  if (make === undefined)
    throw new UsageError(
      `${flag}: expected cosine, constant, linear, one-cycle, step:EVERY:FACTOR or multi-step:EPOCH,EPOCH,…:FACTOR, got "${given}"`,
    );
  return { name, make };
};

function scheduleMaker(name: string, parts: readonly string[]): ScheduleChoice['make'] | undefined {
  if (parts.length === 0) {
    if (name === 'cosine') return ({ from, to = from / 4 }) => cosineSchedule(from, to);
    if (name === 'linear') return ({ from, to = 0 }) => linearSchedule(from, to);
    if (name === 'constant') return ({ from }) => constantSchedule(from);
    return name === 'one-cycle' ? ({ from }) => oneCycleSchedule(from) : undefined;
  }
  const [epochs, factor] = [(parts[0] ?? '').split(',').map(Number), Number(parts[1])];
  const whole = epochs.every((epoch) => Number.isSafeInteger(epoch) && epoch >= 1);
  if (parts.length !== 2 || !whole || !(factor >= 0 && factor < Infinity) || parts[1] === '') return undefined;
  if (name === 'step' && epochs.length === 1) return ({ from }) => stepSchedule(from, { factor, every: epochs[0] });
  return name === 'multi-step' ? ({ from }) => multiStepSchedule(from, { factor, milestones: epochs }) : undefined;
}

/** The schedule of a run. @throws UsageError for an end that a schedule has no use for */
export function scheduleFrom(
  { name, make }: ScheduleChoice,
  { learningRate, finalRate, warmUp: steps }: { learningRate: number; finalRate?: number; warmUp?: number },
): Schedule {
  if (finalRate !== undefined && name !== 'cosine' && name !== 'linear')
    throw new UsageError(`--final-rate: goes with --schedule cosine or linear, and has no use here`);
  const schedule = make({ from: learningRate, to: finalRate });
  return steps === undefined ? schedule : warmUp(schedule, { steps });
}

/** 2500:0.005 */
export const normBiasOf: Parser<NormBias> = (given, flag) => {
  const [target, strength, ...rest] = given.split(':').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (!(target >= 0 && target < Infinity) || !(strength > 0 && strength < Infinity) || rest.length > 0)
    throw new UsageError(
      `${flag}: expected TARGET:STRENGTH, a squared norm and a strength above 0, such as 2500:0.005, got "${given}"`,
    );
  return { target, strength };
};

/** Where gradients are taken; undefined: at the weights. @throws UsageError for both rules at once */
export function sharpnessAwareOf({
  sam: rho,
  asam: adaptive,
}: {
  sam?: number;
  asam?: number;
}): SharpnessAware | undefined {
  if (rho !== undefined && adaptive !== undefined)
    throw new UsageError('--asam: takes the place of --sam; leave one of the two off');
  if (rho !== undefined) return sam(rho);
  return adaptive === undefined ? undefined : asam({ rho: adaptive });
}

/** How training examples are changed. */
export interface AugmentChoice {
  readonly crop?: number;
  readonly flip?: true;
  readonly mixup?: number;
}

/** crop:2,flip,mixup:0.2 */
export const augmentOf: Parser<AugmentChoice> = (given, flag) => {
  const found: { crop?: number; flip?: true; mixup?: number } = {};
  for (const part of given.split(',')) {
    const [name, number, ...rest] = part.split(':');
    const value = Number(number);
    if (name === 'flip' && number === undefined) found.flip = true;
    else if (name === 'crop' && Number.isSafeInteger(value) && value >= 1 && rest.length === 0) found.crop = value;
    else if (name === 'mixup' && value > 0 && value < Infinity && rest.length === 0) found.mixup = value;
    else
      throw new UsageError(
        `${flag}: expected crop:PIXELS, flip, mixup:ALPHA, with commas between, such as crop:2,flip, got "${given}"`,
      );
  }
  return found;
};
