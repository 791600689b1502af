import { requireNoOthers, requireNonNegative, requireOneOf, requirePositive } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { ParameterSpec } from '../network.js';
import { weightRanges } from './optimizers/weightDecay.js';

/** Where the gradient of a step is taken, as a plain object that can be stored and sent; made by {@link sam} and {@link asam}. */
export type SharpnessAware =
  | { readonly kind: 'sam'; readonly rho: number }
  | { readonly kind: 'asam'; readonly rho: number; readonly eta: number; readonly scaled: 'weights' | 'all' };

export interface AsamOptions {
  /** radius ρ > 0, default 0.5 */
  readonly rho?: number;
  /** η₀ ≥ 0, default 0.01, or 0 where all parameters are scaled */
  readonly eta?: number;
  /**
   * which parameters have T = |w| + η₀, the others have T = 1. `weights`: arrays whose name contains "weight" and arrays of two dimensions and
   * more, so gains of batch norms called `bn1.weight` too, and no biases (default). `all`: every parameter
   */
  readonly scaled?: 'weights' | 'all';
}

/**
 * Sharpness-aware minimisation [foret2021]: a step goes along the gradient at w + ε, ε = ρ g/‖g‖ with g the gradient at w, and not along g.
 *
 * @param rho radius ρ > 0, default 0.05, that of CIFAR-10 in the paper
 * @returns for the option `sharpnessAware` of `train`
 * @throws ArgumentError unless rho > 0
 * Cost: two gradients a step
 * @example sam(0.1); // { kind: 'sam', rho: 0.1 }
 */
export function sam(rho: number = 0.05): SharpnessAware {
  requirePositive('sam', 'rho', rho);
  return { kind: 'sam', rho };
}

/**
 * Adaptive sharpness-aware minimisation [kwon2021]: the ball ‖T⁻¹ε‖ ≤ ρ with T = diag(|w| + η₀) stretches with the weights, and
 * ε = ρ T²g/‖T g‖.
 *
 * Two forms are in use. That of the paper's code, the default here: η₀ = 0.01, and T = 1 for parameters that are no weights. And that of theory,
 * `asam({ scaled: 'all' })`: T = |w| for every parameter, under which ‖T g‖ does not change when a positively homogeneous network is rescaled
 * from layer to layer; with η₀ > 0 it changes.
 *
 * @returns for the option `sharpnessAware` of `train`
 * @throws ArgumentError for a radius or an η₀ out of range
 * Cost: two gradients a step
 * @example asam({ rho: 0.5 }); // { kind: 'asam', rho: 0.5, eta: 0.01, scaled: 'weights' }
 */
export function asam(options: AsamOptions = {}): SharpnessAware {
  const { rho = 0.5, scaled = 'weights', eta = scaled === 'all' ? 0 : 0.01, ...others } = options;
  requireNoOthers('asam', others, 'AsamOptions');
  requirePositive('asam', 'rho', rho);
  requireNonNegative('asam', 'eta', eta);
  requireOneOf('asam', 'scaled', scaled, ['weights', 'all']);
  return { kind: 'asam', rho, eta, scaled };
}

/** Writes w + ε to `out`, (size,) all; w itself where the gradient is zero. */
export type Ascent = (weights: FloatArray, gradient: FloatArray, out: FloatArray) => void;

/** @throws ArgumentError for a rule out of range that nothing made */
export function planAscent(
  rule: SharpnessAware,
  parameters: readonly Pick<ParameterSpec, 'name' | 'shape'>[],
  size: number,
): Ascent {
  requireOneOf('train', 'sharpnessAware.kind', rule.kind, ['sam', 'asam']);
  const { rho } = rule.kind === 'sam' ? sam(rule.rho) : asam(strip(rule));
  const isScaled = scaledParameters(rule, parameters, size);
  const eta = rule.kind === 'asam' ? rule.eta : 0;
  const slopes = new Float64Array(size);
  return (w, g, out) => {
    for (let i = 0; i < size; i++) slopes[i] = isScaled[i] === 1 ? (Math.abs(w[i]) + eta) * g[i] : g[i];
    const norm = lengthOf(slopes);
    for (let i = 0; i < size; i++) {
      const share = norm > 0 ? slopes[i] / norm : 0;
      out[i] = w[i] + rho * (isScaled[i] === 1 ? (Math.abs(w[i]) + eta) * share : share); // hot
    }
  };
}

function strip({ kind: _kind, ...options }: Extract<SharpnessAware, { readonly kind: 'asam' }>): AsamOptions {
  return options;
}

/** 1 where T = |w| + η₀, 0 where T = 1. */
function scaledParameters(
  rule: SharpnessAware,
  parameters: readonly Pick<ParameterSpec, 'name' | 'shape'>[],
  size: number,
): Uint8Array {
  const isScaled = new Uint8Array(size);
  if (rule.kind === 'sam') return isScaled;
  for (const { name, shape, from, to } of weightRanges(parameters))
    if (rule.scaled === 'all' || shape.length >= 2 || name.includes('weight')) isScaled.fill(1, from, to);
  return isScaled;
}

/** ‖x‖ in the order of x; where the squares leave the range of numbers, of x over its largest entry. */
function lengthOf(x: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += x[i] * x[i];
  if (squares > 1e-280 && squares < Infinity) return Math.sqrt(squares);
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]));
  if (largest === 0) return 0;
  squares = 0;
  for (let i = 0; i < x.length; i++) squares += (x[i] / largest) * (x[i] / largest);
  return largest * Math.sqrt(squares);
}
