import { requireCounts, requireFiniteEntries, requirePositive } from '@hyperribbon/contract';
import { exp, log } from '@hyperribbon/kernels';

/** Classes, examples and weight decays of a model with free features. */
export interface UnconstrainedFeaturesOptions {
  /** K */
  readonly classes: number;
  /** n, examples per class */
  readonly samplesPerClass: number;
  /** λ_1, ..., λ_N > 0, one per layer */
  readonly layerDecays: readonly number[];
  /** λ_H > 0 of the free features */
  readonly featureDecay: number;
}

/** The global minimum of the model: its singular values, its loss, and the outliers of its Hessians. */
export interface UnconstrainedFeatures {
  /** s: all K singular values of W_N ... W_1 H at the minimum; 0 when collapsed */
  readonly singularValue: number;
  /** the K singular values of each layer, (N,), and of the features */
  readonly layerValues: Float64Array;
  readonly featureValue: number;
  /** loss at the global minimum: K times the scalar minimum */
  readonly value: number;
  /** true when decay wins and all weights are 0 */
  readonly collapsed: boolean;
  /** number of equal outliers of each layer's Hessian: K² (0 when collapsed) */
  readonly outliers: number;
  /** their size, (N,), data part only (add λ_j for the full Hessian) */
  readonly outlierValues: Float64Array;
}

/**
 * Global minimum of the deep linear unconstrained-feature model,
 * ‖W_N ... W_1 H − Y‖_F²/(2Kn) + ½ Σ λ_j ‖W_j‖_F² + ½ λ_H ‖H‖_F², Y = I_K ⊗ 1_nᵀ, features H free.
 *
 * All K end-to-end singular values equal the s that minimises (s − √n)²/(2Kn) + (M/2) (Π λ)^{1/M} s^{2/M}, M = N + 1 factors; the
 * decay is shared, λ_j σ_j² equal for all factors. Features collapse to class means and each layer's Hessian has exactly K² equal
 * outliers, (s/σ_l)²/(Kn), as long as every width is at least K.
 * @throws ArgumentError for a count below 1 or a decay that is not positive
 * Cost: a scalar Newton iteration.
 * Source: setting and K² outliers [garrod2024] (abstract read); scalar reduction derived, checked numerically by minimisation.
 * @example unconstrainedFeatures({ classes: 3, samplesPerClass: 4, layerDecays: [2e-3, 3e-3], featureDecay: 1e-3 }).outliers // 9
 */
export function unconstrainedFeatures(options: UnconstrainedFeaturesOptions): UnconstrainedFeatures {
  const { classes, samplesPerClass, layerDecays, featureDecay } = options;
  const where = 'unconstrainedFeatures';
  requireCounts(where, { classes, samplesPerClass, 'layerDecays.length': layerDecays.length });
  requireFiniteEntries(where, 'layerDecays', layerDecays, layerDecays.length);
  layerDecays.forEach((d, j) => requirePositive(where, `layerDecays[${j}]`, d));
  requirePositive(where, 'featureDecay', featureDecay);

  const factors = layerDecays.length + 1;
  const count = classes * samplesPerClass;
  let logProduct = log(featureDecay);
  for (const decay of layerDecays) logProduct += log(decay);
  const shared = exp(logProduct / factors);
  const target = Math.sqrt(samplesPerClass);
  const objective = (s: number): number =>
    ((s - target) * (s - target)) / (2 * count) + (s === 0 ? 0 : (factors / 2) * shared * exp((2 / factors) * log(s)));
  const interior = interiorMinimum(target, count, factors, shared);
  const s = interior !== undefined && objective(interior) < objective(0) ? interior : 0;
  // λ_j σ_j² = common for all factors, Π σ = s
  const common = s === 0 ? 0 : exp((2 * log(s) + logProduct) / factors);
  const layerValues = Float64Array.from(layerDecays, (decay) => Math.sqrt(common / decay));
  return {
    singularValue: s,
    layerValues,
    featureValue: Math.sqrt(common / featureDecay),
    value: classes * objective(s),
    collapsed: s === 0,
    outliers: s === 0 ? 0 : classes * classes,
    outlierValues: layerValues.map((sigma) => (s === 0 ? 0 : ((s / sigma) * (s / sigma)) / count)),
  };
}

/**
 * The larger root of (s − √n)/(Kn) + γ s^{2/M−1} = 0, which is the local minimum; undefined when there is none.
 *
 * The left side is convex and increasing from its inflection on, where s^{2−2/M} = Kn γ (1 − 2/M): Newton from √n descends to the root.
 */
function interiorMinimum(target: number, count: number, factors: number, shared: number): number | undefined {
  if (factors === 2) return target > count * shared ? target - count * shared : undefined;
  const power = 2 / factors - 1;
  const slope = (s: number): number => (s - target) / count + shared * exp(power * log(s));
  const bend = exp((factors / (2 * factors - 2)) * log(-count * shared * power));
  if (bend >= target || slope(bend) >= 0) return undefined;
  let s = target;
  for (let i = 0; i < 100; i++) {
    const next = s - slope(s) / (1 / count + shared * power * exp((power - 1) * log(s)));
    if (!(next < s)) return s;
    s = Math.max(next, bend);
  }
  return s;
}
