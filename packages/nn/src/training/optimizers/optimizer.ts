import { requireInteger, requireNonNegative, requireOneOf, requirePositive, refuse } from '@hyperribbon/contract';

/** Weight decay as a part of an update rule. */
export interface DecayOptions {
  /** λ ≥ 0, default 0 */
  readonly weightDecay?: number;
  /** which weights decay: all of them, as in PyTorch (default), or those of arrays with two dimensions and more: no biases, no gains of norms */
  readonly decayOf?: 'all' | 'matrices';
}

interface AdamNumbers {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** An update rule as a plain object, so that it can be stored and sent; `createUpdate` makes it run. */
export type Optimizer =
  | ({ readonly kind: 'sgd' } & DecayOptions)
  | ({ readonly kind: 'momentum'; readonly momentum: number; readonly nesterov: boolean } & DecayOptions)
  | ({ readonly kind: 'adam' } & AdamNumbers & DecayOptions)
  | ({ readonly kind: 'adamW' } & AdamNumbers & DecayOptions)
  | ({
      readonly kind: 'rmsProp';
      readonly smoothing: number;
      readonly epsilon: number;
      readonly momentum: number;
      readonly centered: boolean;
    } & DecayOptions)
  | ({ readonly kind: 'sign'; readonly momentum: number } & DecayOptions)
  | ({
      readonly kind: 'muon';
      readonly momentum: number;
      readonly nesterov: boolean;
      readonly steps: number;
      /** names of matrices that AdamW moves */
      readonly except: readonly string[];
    } & AdamNumbers &
      DecayOptions);

/** w ← w − lr (g + λw) */
export function sgd(decay: DecayOptions = {}): Optimizer {
  return { kind: 'sgd', ...checkedDecay('sgd', decay) };
}

/**
 * v ← μ v + g + λw; w ← w − lr v, or with `nesterov` w ← w − lr (g + λw + μ v). [sutskever2013], in PyTorch's scaling.
 */
export function momentum(
  momentum: number = 0.9,
  { nesterov = false, ...decay }: { readonly nesterov?: boolean } & DecayOptions = {},
): Optimizer {
  requireShare('momentum', 'momentum', momentum);
  return { kind: 'momentum', momentum, nesterov, ...checkedDecay('momentum', decay) };
}

/** What Adam and its like may be given. */
export type AdamOptions = Partial<AdamNumbers> & DecayOptions;

/** Adam with bias correction [kingma2015, Alg. 1]; weight decay is added to the gradient, as in PyTorch's Adam. */
export function adam(options: AdamOptions = {}): Optimizer {
  return { kind: 'adam', ...checkedAdam('adam', options) };
}

/**
 * Adam with decoupled weight decay: w ← (1 − lr λ) w before Adam's step along the gradient alone. [loshchilov2019, Alg. 2], λ multiplied by
 * the learning rate as in PyTorch.
 *
 * @param options.weightDecay default 0.01
 */
export function adamW({ weightDecay = 0.01, ...options }: AdamOptions = {}): Optimizer {
  return { kind: 'adamW', ...checkedAdam('adamW', { ...options, weightDecay }) };
}

/**
 * s ← α s + (1 − α) g²; w ← w − lr g/(√s + ε), with g + λw for g. [tieleman2012], as in PyTorch.
 *
 * @param options.smoothing α in [0, 1), default 0.99
 * @param options.momentum μ > 0: v ← μ v + g/(√s + ε), w ← w − lr v. Default 0
 * @param options.centered divides by the standard deviation, √(s − m²) with m the mean of the gradients. Default false
 */
export function rmsProp({
  smoothing = 0.99,
  epsilon = 1e-8,
  momentum = 0,
  centered = false,
  ...decay
}: {
  readonly smoothing?: number;
  readonly epsilon?: number;
  readonly momentum?: number;
  readonly centered?: boolean;
} & DecayOptions = {}): Optimizer {
  requireShare('rmsProp', 'smoothing', smoothing);
  requireShare('rmsProp', 'momentum', momentum);
  requirePositive('rmsProp', 'epsilon', epsilon);
  return { kind: 'rmsProp', smoothing, epsilon, momentum, centered, ...checkedDecay('rmsProp', decay) };
}

/**
 * Sign descent, w ← (1 − lr λ) w − lr sign(m), with m ← μ m + (1 − μ) g: the signs of the gradient for μ = 0, Signum for μ > 0
 * [bernstein2018, Alg. 2]. sign(0) = 0: a weight whose gradient is zero stays. Weight decay is apart from the sign, which would swallow it.
 *
 * Each weight moves by lr, however steep the loss is: with a fixed rate it ends in a box of that size around a minimum.
 *
 * @param momentum μ in [0, 1), default 0
 * @throws ArgumentError for numbers out of range
 * @example signDescent(0.9); // { kind: 'sign', momentum: 0.9 }
 */
export function signDescent(momentum: number = 0, decay: DecayOptions = {}): Optimizer {
  requireShare('signDescent', 'momentum', momentum);
  return { kind: 'sign', momentum, ...checkedDecay('signDescent', decay) };
}

/** What Muon may be given beside the numbers of the AdamW that moves the rest. */
export interface MuonOptions extends AdamOptions {
  /** μ in [0, 1), default 0.95 */
  readonly momentum?: number;
  /** default true */
  readonly nesterov?: boolean;
  /** iterations of Newton and Schulz, default 5 */
  readonly steps?: number;
  /** names of matrices that AdamW moves, such as embeddings and the last layer of a language model; default none */
  readonly except?: readonly string[];
}

/**
 * Muon: the momentum of each matrix of weights M ← μ M + (1 − μ) G is made nearly orthogonal, O ≈ U Vᵀ of M = U S Vᵀ, and
 * W ← (1 − lr λ) W − lr · 0.2 √max(rows, columns) · O. Kernels of convolutions are matrices (out, in · height · width); biases, gains
 * and `except` are moved by AdamW at the same learning rate, which the factor 0.2 √max brings to the size of Muon's steps.
 *
 * O is five steps X ← aX + (bA + cA²)X, A = XXᵀ, from M/‖M‖ with a, b, c = 3.4445, −4.7750, 2.0315: singular values end in [0.68, 1.13]
 * and not at 1. Sources: [jordan2024] for iteration and coefficients, [liu2025, eq. 4] for the factor and the decay. We leave out their 1e-7
 * in the norm, so that directions do not depend on the scale of the gradient.
 *
 * @example muon({ weightDecay: 0.01, except: ['embedding.weight', 'head.weight'] });
 * Cost: per step and matrix some 10 · rows · columns · min(rows, columns) multiply-adds; plans need the shapes of the weights
 */
export function muon({
  momentum = 0.95,
  nesterov = true,
  steps = 5,
  except = [],
  ...options
}: MuonOptions = {}): Optimizer {
  requireShare('muon', 'momentum', momentum);
  requireInteger('muon', 'steps', steps, 1);
  return { kind: 'muon', momentum, nesterov, steps, except: [...except], ...checkedAdam('muon', options) };
}

function checkedAdam(
  caller: string,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, ...decay }: AdamOptions,
): AdamNumbers & DecayOptions {
  requireShare(caller, 'beta1', beta1);
  requireShare(caller, 'beta2', beta2);
  requirePositive(caller, 'epsilon', epsilon);
  return { beta1, beta2, epsilon, ...checkedDecay(caller, decay) };
}

/** Nothing where nothing decays: the same object, so the same digest, as before there was decay. */
function checkedDecay(caller: string, { weightDecay = 0, decayOf = 'all' }: DecayOptions): DecayOptions {
  requireNonNegative(caller, 'weightDecay', weightDecay);
  requireOneOf(caller, 'decayOf', decayOf, ['all', 'matrices']);
  return weightDecay === 0 ? {} : { weightDecay, decayOf };
}

function requireShare(caller: string, name: string, value: number): void {
  if (!(value >= 0 && value < 1)) refuse(caller, `${name} must be in [0, 1), got ${name}=${value}`);
}
