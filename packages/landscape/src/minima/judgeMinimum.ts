import type { MinimumCertificate } from './minimumTypes.js';

/** What is known of the weights beside the numbers of the certificate. */
export interface MinimumState {
  /** rectifiers are all that bends, and each unit is active on all examples or on none */
  readonly affine: boolean;
  /** and some layer lets nothing pass */
  readonly constant: boolean;
  /** an operation that is neither linear nor a rectifier */
  readonly strange: string | undefined;
  /** why the model that the network is compared with is no minimum */
  readonly unattained: string | undefined;
  /** number of weights */
  readonly size: number;
}

export interface MinimumTolerances {
  readonly gradientTol: number;
  readonly curvatureTol: number;
  readonly kinkTol: number;
}

/** The first reason why weights are no local minimum, or the proof that they are one. */
export function judgeMinimum(
  facts: Omit<MinimumCertificate, 'verdict' | 'reason'>,
  state: MinimumState,
  { gradientTol, curvatureTol, kinkTol }: MinimumTolerances,
): Pick<MinimumCertificate, 'verdict' | 'reason'> {
  const { loss, linearLoss, gradientNorm, smallest, largest, margin } = facts;
  const short = (x: number): string => x.toExponential(1);
  if (margin < kinkTol)
    return {
      verdict: 'at-a-kink',
      reason: `a pre-activation is ${short(margin)} from zero, where second derivatives say nothing`,
    };
  const model = state.constant ? 'constant' : 'affine model';
  if (state.affine && state.unattained !== undefined)
    return {
      verdict: 'unattained',
      reason: `cross-entropy has no minimum over any ${model} here (T1): ${state.unattained}`,
    };
  if (!(gradientNorm <= gradientTol))
    return {
      verdict: 'not-critical',
      reason: `the gradient has norm ${short(gradientNorm)}, above ${short(gradientTol)}`,
    };
  if (!(smallest.value + smallest.residualNorm >= -curvatureTol * largest.value))
    return {
      verdict: 'negative-curvature',
      reason: `the smallest eigenvalue is ${short(smallest.value)}, the largest ${short(largest.value)}`,
    };
  const equal = Math.abs(loss - linearLoss) <= 1e-12 * Math.max(1, Math.abs(linearLoss));
  if (state.affine && equal) return { verdict: 'local-minimum', reason: proof(facts, model, state) };
  const floor = curvatureTol * largest.value;
  if (smallest.value - smallest.residualNorm > floor && margin > 0)
    return {
      verdict: 'local-minimum',
      reason: `the gradient is zero and the Hessian positive definite, from ${short(smallest.value)} up`,
    };
  const why = state.affine
    ? `the loss is not that of the best ${model}, ${linearLoss}`
    : state.strange === undefined
      ? 'units change their state from example to example'
      : `${state.strange} is neither linear nor a rectifier`;
  return {
    verdict: 'undecided',
    reason: `gradient and curvature are those of a minimum, but the Hessian is singular and ${why}`,
  };
}

function proof(
  { margin, rank }: Omit<MinimumCertificate, 'verdict' | 'reason'>,
  model: string,
  { constant }: MinimumState,
): string {
  const reach = `no unit changes its state within ${margin.toPrecision(3)} of its pre-activations`;
  const said = constant
    ? 'a layer lets nothing pass, the network is one constant near these weights, and its loss is that of the best one'
    : `the network is affine on the examples near these weights, and its loss is that of the best ${model}`;
  const odd =
    rank !== undefined && rank.found !== rank.predicted
      ? `; the rank ${rank.found} is not ${rank.predicted} as predicted`
      : '';
  return `${reach}: ${said}${odd}`;
}
