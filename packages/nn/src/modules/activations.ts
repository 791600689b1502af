import { type ActivationName, activation } from '@hyperribbon/autodiff';
import type { Rule } from './module.js';

/** A function of single numbers, by its name. */
export interface Activation {
  readonly kind: Exclude<ActivationName, 'linear'>;
  readonly name?: string;
}

/** An activation keeps the shape and has no weights. */
export const activations: Rule<Activation> = {
  options: {},
  build: ({ kind }, { shape }) => ({ shape, apply: activation(kind) }),
};

/** Their names. */
export const activationKinds: readonly Activation['kind'][] = [
  ...(['relu', 'tanh', 'sigmoid', 'softplus', 'gelu', 'geluTanh', 'silu'] as const),
];
