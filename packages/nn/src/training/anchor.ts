import { floatArray, requireNonNegative } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { requireWeights } from '../examples.js';
import type { Network } from '../network.js';

/**
 * The penalty g‖w − w₀‖², w₀ = `at` (default: the initial weights).
 *
 * g is fixed (`strength`), or moves with the learning rate: `strengthPerLearningRate` 1.2 is the "decayed" model of [yang2022],
 * whose published code uses g = 1.2 × the current learning rate.
 */
export type Anchor =
  | { readonly at?: FloatArray; readonly strength: number }
  | { readonly at?: FloatArray; readonly strengthPerLearningRate: number };

/** A checked anchor with its own copy of w₀; undefined where there is none. */
export interface ResolvedAnchor {
  readonly at: FloatArray;
  readonly strength: number;
  readonly perLearningRate: boolean;
}

export function resolveAnchor(
  anchor: Anchor | undefined,
  network: Network,
  initial: FloatArray,
  dtype: Dtype,
): ResolvedAnchor | undefined {
  if (anchor === undefined) return undefined;
  const perLearningRate = 'strengthPerLearningRate' in anchor;
  const strength = perLearningRate ? anchor.strengthPerLearningRate : anchor.strength;
  requireNonNegative('train', perLearningRate ? 'anchor.strengthPerLearningRate' : 'anchor.strength', strength);
  const at = anchor.at ?? initial;
  requireWeights('train', 'anchor.at', network, at);
  return { at: floatArray(dtype, at), strength, perLearningRate };
}

/** gradient += 2g (w − w₀) */
export function addAnchor(
  anchor: ResolvedAnchor | undefined,
  learningRate: number,
  weights: FloatArray,
  gradient: FloatArray,
): void {
  if (anchor === undefined) return;
  const slope = 2 * anchor.strength * (anchor.perLearningRate ? learningRate : 1);
  const { at } = anchor;
  for (let i = 0; i < weights.length; i++) gradient[i] = gradient[i] + slope * (weights[i] - at[i]);
}
