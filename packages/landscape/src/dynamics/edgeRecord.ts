import type { EdgeMoment, EdgeRecord, NoThreshold, StabilityThreshold } from './descentTypes.js';
import type { Optimizer, SharpnessAware } from '@hyperribbon/nn';

/** A rule as a name for people: `heavy ball, β = 0.9`. */
export function ruleName(rule: Optimizer, ascent?: SharpnessAware): string {
  const ascending = ascent === undefined ? '' : `, ${ascent.kind.toUpperCase()} with ρ = ${ascent.rho}`;
  const decay = rule.weightDecay === undefined ? '' : `, weight decay ${rule.weightDecay}`;
  return `${nameOf(rule)}${ascending}${decay}`;
}

function nameOf(rule: Optimizer): string {
  const momentum = 'momentum' in rule && rule.momentum > 0 ? `, momentum ${rule.momentum}` : '';
  switch (rule.kind) {
    case 'sgd':
      return 'gradient descent';
    case 'momentum':
      return `${rule.nesterov ? 'Nesterov momentum' : 'heavy ball'}, β = ${rule.momentum}`;
    case 'rmsProp':
      return `RMSProp, α = ${rule.smoothing}${momentum}`;
    case 'adam':
    case 'adamW':
      return `${rule.kind === 'adam' ? 'Adam' : 'AdamW'}, β₁ = ${rule.beta1}, β₂ = ${rule.beta2}`;
    case 'sign':
      return `sign descent${momentum}`;
    case 'muon':
      return `Muon${momentum}`;
  }
}

/** The curvature of a moment that a threshold is compared with; undefined where it was not measured. */
export function comparedCurvature(
  threshold: StabilityThreshold | NoThreshold,
  { hessian, preconditioned, dualSharpness }: EdgeMoment,
): number | undefined {
  if (!('value' in threshold)) return undefined;
  return { hessian: hessian.values[0], 'preconditioned-hessian': preconditioned?.values[0], norm: dualSharpness }[
    threshold.of
  ];
}

/** The step at which the compared curvature first stood above the threshold of its moment. */
export function crossingOf({ threshold, moments }: Pick<EdgeRecord, 'threshold' | 'moments'>): number | undefined {
  if (!('value' in threshold)) return undefined;
  return moments.find((moment) => {
    const curvature = comparedCurvature(threshold, moment);
    return curvature !== undefined && curvature > (moment.threshold ?? threshold.value);
  })?.step;
}

/**
 * Mean and range over the moments of a record from one step on, of the compared curvature over its threshold: 1 at
 * the edge.
 *
 * @param from first step that counts; default half of the last one
 * @returns NaN for a rule without a threshold, and where nothing was measured
 * @example
 * const threshold = { value: 40, formula: '2/η', of: 'hessian', statement: '' };
 * const top = (S) => ({ values: [S], residualNorms: [0], converged: true, matvecs: 5 });
 * const moments = [20, 39, 42].map((S, i) => ({ step: 10 * i, loss: 1, gradientNorm: 1, hessian: top(S) }));
 * edgeRatio({ threshold, moments }).mean; // 1.0125, of steps 10 and 20
 */
export function edgeRatio(
  { threshold, moments }: Pick<EdgeRecord, 'threshold' | 'moments'>,
  from: number = (moments.at(-1)?.step ?? 0) / 2,
): { readonly mean: number; readonly least: number; readonly most: number; readonly moments: number } {
  const ratios = moments
    .filter(({ step }) => step >= from)
    .map((moment) => {
      const curvature = comparedCurvature(threshold, moment);
      const bound = moment.threshold ?? ('value' in threshold ? threshold.value : NaN);
      return curvature === undefined ? NaN : curvature / bound;
    })
    .filter((ratio) => !Number.isNaN(ratio));
  if (ratios.length === 0) return { mean: NaN, least: NaN, most: NaN, moments: 0 };
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  return { mean, least: Math.min(...ratios), most: Math.max(...ratios), moments: ratios.length };
}
