import { log } from '@hyperribbon/kernels';
import type { SharpnessFactors } from './sharpnessFactors.js';

/** Which factor of S = (S / λ_max(G)) · (λ_max(G) / λ_max(T)) · λ_max(T) changed. Plain data. */
export interface SharpnessChange {
  /** S after over S before */
  readonly ratio: number;
  /** of λ_max(T), T the tangent kernel (1/n) Σ (Df_i)ᵀ Df_i: what Jacobians of layers and their derivatives make */
  readonly tangent: number;
  /** of λ_max(G) / λ_max(T): the curvature of the losses by the outputs */
  readonly curvature: number;
  /** of S / λ_max(G): what the residual adds or takes */
  readonly residual: number;
  /** of the mean ‖J f(x_i)‖, for comparison: no factor of the product */
  readonly jacobian: number;
  /** the factor whose logarithm moved furthest; absent where none moved or one is not positive */
  readonly most?: 'tangent' | 'curvature' | 'residual';
}

/** What a change is read from. */
export type ChangingFactors = Pick<
  SharpnessFactors,
  'sharpness' | 'gaussNewton' | 'tangent' | 'effectiveCurvature' | 'jacobian'
>;

/**
 * Why sharpness changed from one moment to another: the product of three ratios, exactly.
 *
 * An ansatz says that S goes as ‖J f‖ does, which acts through the tangent kernel. Where `most` is 'curvature', the losses have become flat, or curved, and S says
 * nothing of the Jacobian: so it is under plain cross-entropy once examples are fitted.
 *
 * @example
 * const net = mlp([2, 3, 2], { activation: 'tanh' });
 * const examples = examplesFromArrays({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) }, { shape: [2], data: Int32Array.of(0, 1) });
 * const before = await sharpnessFactors(net, net.init(1), examples);
 * const after = await sharpnessFactors(net, net.init(2), examples);
 * const { ratio, tangent, curvature, residual, most } = sharpnessChange(before, after);
 * Source: the factors as in [macdonald2023]; the product is ours.
 */
export function sharpnessChange(before: ChangingFactors, after: ChangingFactors): SharpnessChange {
  const ratioOf = (of: (factors: ChangingFactors) => number): number => of(after) / of(before);
  const parts = {
    tangent: ratioOf(({ tangent }) => tangent.value),
    curvature: ratioOf(({ effectiveCurvature }) => effectiveCurvature),
    residual: ratioOf(({ sharpness, gaussNewton }) => sharpness.value / gaussNewton.value),
  };
  const names = ['tangent', 'curvature', 'residual'] as const;
  const moved = names.map((name) => Math.abs(log(parts[name])));
  const furthest = moved.reduce((best, x, i) => (x > moved[best] ? i : best), 0);
  const known = moved.every((x) => Number.isFinite(x)) && moved[furthest] > 0;
  return {
    ratio: ratioOf(({ sharpness }) => sharpness.value),
    ...parts,
    jacobian: ratioOf(({ jacobian }) => jacobian.mean),
    ...(known && { most: names[furthest] }),
  };
}
