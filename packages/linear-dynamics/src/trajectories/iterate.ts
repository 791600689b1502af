import { refuse, requireNonNegative } from '@hyperribbon/contract';
import { exp, expm1 } from '@hyperribbon/kernels';
import { type ResolvedDescent, type Descent, resolveDescent } from './descent.js';
import { decayPower, oneMinusPower } from './spectra/decayModes.js';
import { vectorOf } from '../vectors.js';

/** A descent, its start and target in the eigenbasis, and how far it goes. */
export interface IterateOptions extends Omit<Descent, 'steps'> {
  /** t ≥ 0: an integer for descent, any number for flow (then τ = η t); Infinity for the limit */
  readonly step: number;
  /** (d,) w_⋆ in the eigenbasis of Σ */
  readonly target: ArrayLike<number>;
  /** (d,) w₀ in the eigenbasis of Σ */
  readonly initial: ArrayLike<number>;
}

/**
 * The weights after t steps in closed form, in the eigenbasis: wᵢ(t) = bᵢ + aᵢᵗ (w₀ᵢ − bᵢ) with aᵢ = 1 − η λᵢ (flow: e^(−λᵢ η t)).
 *
 * Evaluated as w₀ᵢ aᵢᵗ + bᵢ (1 − aᵢᵗ), so that weights that have hardly moved are right in the distance moved as well.
 * @returns (d,)
 * @throws ArgumentError for shapes and numbers that do not fit, UnstableStepError for η ≥ 2/λ₁
 * Reconstruction following [mao2025]; the iteration itself is standard. Cost: two exponentials per direction, whatever t.
 * @example iterate({ eigenvalues: [1, 0.1], learningRate: 1, step: 1, initial: [0, 0], target: [2, 2] }) // [2, 0.2]
 */
export function iterate({ step, target, initial, ...descent }: IterateOptions): Float64Array {
  if (step !== Infinity) requireNonNegative('iterate', 'step', step);
  if (descent.dynamics !== 'flow' && step !== Infinity && !Number.isInteger(step)) {
    refuse('iterate', `step must be an integer for gradient descent, got step=${step}`);
  }
  const checked = resolveDescent('iterate', { ...descent, steps: 1 });
  const d = checked.eigenvalues.length;
  const b = vectorOf('iterate', 'target', target, d);
  const w = vectorOf('iterate', 'initial', initial, d);
  const { remaining, learned } = decayAt(checked, step);
  for (let i = 0; i < d; i++) w[i] = w[i] * remaining[i] + b[i] * learned[i];
  return w;
}

/** aᵢᵗ and 1 − aᵢᵗ for all modes. */
export function decayAt(
  { eigenvalues, learningRate, dynamics }: ResolvedDescent,
  t: number,
): { remaining: Float64Array; learned: Float64Array } {
  const x = eigenvalues.map((value) => value * learningRate);
  return dynamics === 'flow'
    ? { remaining: x.map((v) => (v === 0 ? 1 : exp(-v * t))), learned: x.map((v) => (v === 0 ? 0 : -expm1(-v * t))) }
    : { remaining: x.map((v) => decayPower(v, t)), learned: x.map((v) => oneMinusPower(v, t)) };
}
