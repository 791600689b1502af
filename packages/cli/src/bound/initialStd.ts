import { UsageError } from '../usageError.js';
import type { BoundPlan, SubspacePlan } from './boundPlan.js';

/**
 * Deviations at the start. `eigenvalues` are the released scripts': variance |L_i|/3000 along the directions and 1/3000 elsewhere, 1/5000
 * everywhere for Method 4, noisiest where the loss is stiffest. `analytic` is the posterior of the analytic bound, 1/v_i + 2 n L_i the
 * precisions; `factor` starts from the prior's deviations.
 */
export function initialStd(
  plan: BoundPlan,
  rule: SubspacePlan['initialVariances'],
  eigenvalues: Float64Array,
  n: number,
): Float64Array | number {
  if (rule === 'factor') return plan.initialStd;
  const top = eigenvalues.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  if (!(top > 0)) throw new UsageError(`--method: the curvature of ${plan.network.name} is zero here`);
  const flat = plan.priorVariance * plan.initialStd * plan.initialStd;
  const along = (value: number): number => {
    if (rule === 'analytic') return 1 / (1 / flat + 2 * n * Math.max(value, 0));
    return plan.method === 'method4' ? 1 / 5000 : Math.max(Math.abs(value), 1e-6 * top) / 3000;
  };
  const elsewhere = rule === 'analytic' ? flat : plan.method === 'method4' ? 1 / 5000 : 1 / 3000;
  return Float64Array.from([...Array.from(eigenvalues, along), elsewhere], Math.sqrt);
}
