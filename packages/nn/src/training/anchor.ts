import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { assertWeights } from '../examples.js';
import type { Network } from '../network.js';

/**
 * The penalty g‖w − w₀‖², w₀ = `at` (default: the initial weights).
 *
 * g is fixed (`strength`), or moves with the learning rate: `strengthPerRate` 1.2 is the "decayed" model of [yang2022],
 * whose published code uses g = 1.2 × the current rate.
 */
export type Anchor =
  | { readonly at?: FloatArray; readonly strength: number }
  | { readonly at?: FloatArray; readonly strengthPerRate: number };

/** A checked anchor with its own copy of w₀; undefined where there is none. */
export interface ResolvedAnchor {
  readonly at: FloatArray;
  readonly strength: number;
  readonly perRate: boolean;
}

export function resolveAnchor(
  anchor: Anchor | undefined,
  network: Network,
  initial: FloatArray,
  dtype: Dtype,
): ResolvedAnchor | undefined {
  if (anchor === undefined) return undefined;
  const perRate = 'strengthPerRate' in anchor;
  const strength = perRate ? anchor.strengthPerRate : anchor.strength;
  if (!(strength >= 0) || !Number.isFinite(strength)) {
    throw new RangeError(`train: anchor strength must be a finite number ≥ 0, got ${strength}`);
  }
  const at = anchor.at ?? initial;
  assertWeights('train', 'anchor.at', network, at);
  return { at: dtype === 'float64' ? Float64Array.from(at) : Float32Array.from(at), strength, perRate };
}

/** gradient += 2g (w − w₀) */
export function addAnchor(
  anchor: ResolvedAnchor | undefined,
  rate: number,
  weights: FloatArray,
  gradient: FloatArray,
): void {
  if (anchor === undefined) return;
  const slope = 2 * anchor.strength * (anchor.perRate ? rate : 1);
  const { at } = anchor;
  for (let i = 0; i < weights.length; i++) gradient[i] = gradient[i] + slope * (weights[i] - at[i]);
}
