import { refuse, requireFiniteEntries, requireLength, requireNoOthers, requirePositive } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { RiskBound } from './sharpnessTypes.js';

export interface RiskBoundOptions {
  /** (count,) c_i, costs of the examples */
  readonly costs: FloatArray;
  /** L of the cost in the output and in the target, above 0, over all that occur: squares have none without a range */
  readonly costLipschitz: number;
  /** δ, above 0: every point is within it of an example */
  readonly radius: number;
  /** (count,) M_i = ‖J f(x_i)‖ + V_i, at least 0 */
  readonly norms: FloatArray;
  /** (count,) the same of the function that gives the targets */
  readonly targetNorms: FloatArray;
}

/**
 * A bound on the cost of every point, and so on its mean, from the sample's costs and Jacobians: on the event that the examples cover the support,
 *
 *     E c ≤ max_i c_i + L δ max_i (M_i + M*_i)
 *
 * since within the ball of x_i the output moves by at most M_i δ and the target by at most M*_i δ. It falls as δ does, with the d-th root of N at best: slower than
 * N^{-1/2}.
 *
 * A reconstruction: the source's own form and constants were not read. What it asks for, variations over whole balls and slopes of the function that labels, is known for
 * made-up data and not for images.
 *
 * @returns with `standing: 'reconstructed'`
 * @throws ArgumentError for lengths that differ, values below 0 and no examples
 * @example
 * riskBound({ costs: Float64Array.of(0, 0.1), costLipschitz: 1, radius: 0.05, norms: Float64Array.of(2, 1), targetNorms: Float64Array.of(1, 1) }).value; // 0.25
 * Source: [macdonald2023]
 */
export function riskBound({
  costs,
  costLipschitz,
  radius,
  norms,
  targetNorms,
  ...others
}: RiskBoundOptions): RiskBound {
  const caller = 'riskBound';
  requireNoOthers(caller, others, 'RiskBoundOptions');
  requirePositive(caller, 'costLipschitz', costLipschitz);
  requirePositive(caller, 'radius', radius);
  if (costs.length === 0) refuse(caller, 'costs must have at least one example, got none');
  requireFiniteEntries(caller, 'costs', costs);
  for (const [name, values] of Object.entries({ norms, targetNorms })) {
    requireLength(caller, name, values, costs.length);
    requireFiniteEntries(caller, name, values);
    const negative = values.findIndex((x) => x < 0);
    if (negative >= 0) refuse(caller, `${name} must be at least 0, got ${values[negative]} at index ${negative}`);
  }
  let [cost, slope, byExample] = [-Infinity, 0, -Infinity];
  for (let i = 0; i < costs.length; i++) {
    const own = norms[i] + targetNorms[i];
    cost = Math.max(cost, costs[i]);
    slope = Math.max(slope, own);
    byExample = Math.max(byExample, costs[i] + costLipschitz * radius * own);
  }
  return {
    value: cost + costLipschitz * radius * slope,
    byExample,
    radius,
    standing: 'reconstructed',
    source: 'macdonald2023',
    assumptions: [
      'every point of the support is within the radius of an example',
      `the cost is ${costLipschitz}-Lipschitz in the output and in the target`,
      'norms and targetNorms bound the Jacobians over whole balls',
    ],
  };
}
