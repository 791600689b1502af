import { refuse, refuseType } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { ParameterSpec } from '../../network.js';
import { muonRule } from './muonUpdate.js';
import type { Optimizer } from './optimizer.js';
import { adamUpdate, momentumUpdate, rmsPropUpdate, signUpdate } from './rules.js';
import { addDecay, shrink, weightDecay } from './weightDecay.js';

/** A running update rule: its memory (`slots`, most as long as the weights) and how many updates it has made. */
export interface Update {
  readonly slots: readonly FloatArray[];
  /** made so far */
  updates: number;
  /** Changes `weights` in place by one update along `gradient`; allocates nothing that grows. All arrays have the same type. */
  apply(weights: FloatArray, gradient: FloatArray, learningRate: number): void;
}

/** What an update rule may want to know of the weights beside their number. */
export interface UpdateOptions {
  /** the arrays that the flat weights are made of; muon and `decayOf: 'matrices'` need them */
  readonly parameters?: readonly ParameterSpec[];
  /** of muon's matrix products; default false */
  readonly deterministic?: boolean;
}

type Move = (weights: FloatArray, gradient: FloatArray, learningRate: number, updates: number) => void;

/**
 * Makes an update rule for `like.length` weights of the type of `like`; its memory starts at zero.
 *
 * @throws ArgumentError where the rule needs the shapes of the weights and has none
 */
export function createUpdate(optimizer: Optimizer, like: FloatArray, options: UpdateOptions = {}): Update {
  const { slots, move } = ruleOf(optimizer, like, options);
  const decay = weightDecay(optimizer, like.length, options.parameters);
  if (decay === undefined) return updateRule(slots, move);
  if (optimizer.kind === 'adamW' || optimizer.kind === 'muon' || optimizer.kind === 'sign') {
    return updateRule(slots, (w, g, learningRate, updates) => {
      shrink(w, learningRate, decay);
      move(w, g, learningRate, updates);
    });
  }
  const decayed = like.slice();
  return updateRule(slots, (w, g, learningRate, updates) =>
    move(w, addDecay(w, g, decay, decayed), learningRate, updates),
  );
}

/** The rule without weight decay. */
function ruleOf(
  optimizer: Optimizer,
  like: FloatArray,
  { parameters, deterministic = false }: UpdateOptions,
): { readonly slots: readonly FloatArray[]; readonly move: Move } {
  const slot = (): FloatArray => like.slice().fill(0);
  switch (optimizer.kind) {
    case 'sgd':
      return {
        slots: [],
        move(w, g, learningRate) {
          for (let i = 0; i < w.length; i++) w[i] = w[i] - learningRate * g[i];
        },
      };
    case 'momentum': {
      const velocity = slot();
      return {
        slots: [velocity],
        move: (w, g, learningRate) => momentumUpdate(w, g, velocity, learningRate, optimizer),
      };
    }
    case 'adam':
    case 'adamW': {
      const [first, second] = [slot(), slot()];
      return {
        slots: [first, second],
        move: (w, g, learningRate, updates) => adamUpdate(w, g, first, second, learningRate, updates, optimizer),
      };
    }
    case 'rmsProp': {
      const slots = [slot(), ...(optimizer.centered ? [slot()] : []), ...(optimizer.momentum > 0 ? [slot()] : [])];
      return { slots, move: (w, g, learningRate) => rmsPropUpdate(w, g, slots, learningRate, optimizer) };
    }
    case 'sign': {
      const slots = optimizer.momentum > 0 ? [slot()] : [];
      return { slots, move: (w, g, learningRate) => signUpdate(w, g, slots[0], learningRate, optimizer) };
    }
    case 'muon':
      return muonRule(optimizer, like, parameters, deterministic);
    default:
      return refuseType(
        'createUpdate',
        'optimizer',
        'made by sgd, momentum, adam, adamW, rmsProp, signDescent or muon',
        optimizer,
      );
  }
}

/**
 * Puts updates back to where a run stopped.
 *
 * @param stopped the slots of all of them, one after the other, and the number of updates that each had made
 * @throws RangeError for slots of another optimiser or of other weights
 */
export function restoreUpdates(
  caller: string,
  updates: readonly Update[],
  stopped: { readonly slots: readonly FloatArray[]; readonly updates: number },
): void {
  const slots = updates.flatMap((update) => update.slots);
  if (slots.length !== stopped.slots.length || slots.some(({ length }, i) => length !== stopped.slots[i].length)) {
    const shape = (arrays: readonly FloatArray[]): string => `[${arrays.map(({ length }) => length).join(', ')}]`;
    refuse(caller, `resume must have the optimiser of this run, slots ${shape(slots)}, got ${shape(stopped.slots)}`);
  }
  slots.forEach((slot, i) => slot.set(stopped.slots[i]));
  for (const update of updates) update.updates = stopped.updates;
}

/** @param move is told how many updates have been made, this one included */
function updateRule(slots: readonly FloatArray[], move: Move): Update {
  const update: Update = {
    slots,
    updates: 0,
    apply: (weights, gradient, learningRate) => move(weights, gradient, learningRate, ++update.updates),
  };
  return update;
}
