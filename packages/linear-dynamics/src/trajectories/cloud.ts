import {
  refuse,
  refuseType,
  requireCounts,
  requireEach,
  requireFinite,
  requireNonNegative,
  requireOneOf,
} from '@hyperribbon/contract';
import { pow } from '@hyperribbon/kernels';
import { type ResolvedDescent, type Descent, resolveDescent } from './descent.js';
import { sumOfSquares } from '../sums.js';
import { vectorOf } from '../vectors.js';

/** How a random target enters: each task has its own cloud of points (their covariances are averaged), or all tasks share one. */
export type TargetAveraging = 'perTask' | 'pooled';

/** The cloud of points whose covariance is meant: all w_t of all initialisations, uniform in t. */
export interface CloudOptions extends Descent {
  /** σ_w ≥ 0 of the initial weights N(0, σ_w² I); default 1 */
  readonly initialScale?: number;
  /** fixed target: w_⋆ in the eigenbasis, (d,), or (d, outputs) row-major */
  readonly target?: ArrayLike<number>;
  /** C ≥ 1 independent outputs; default 1 */
  readonly outputs?: number;
  /** instead of `target`: random targets N(0, σ_⋆² I) */
  readonly targetScale?: number;
  /** for random targets; default 'perTask' */
  readonly averaging?: TargetAveraging;
  /** 'pooled' (default): all starts make one cloud; 'perRun': the covariance of each run about its own centre, averaged */
  readonly starts?: 'pooled' | 'perRun';
  /** about the centre (default), or, with false, second moments about 0, where all starts are centred */
  readonly centred?: boolean;
  /** p of the space (λᵢ λⱼ)^(p/2): 1 predictions Xᵀw/√n (default), 0 weights */
  readonly exponent?: number;
  /** p of the initialisation part alone, where it differs: 0 for a kernel machine that starts white; default `exponent` */
  readonly initialExponent?: number;
  /** p of the target part alone: 0 for a kernel machine with white targets; default `exponent` */
  readonly targetExponent?: number;
}

/** A checked cloud. */
export interface Cloud
  extends Pick<
    Required<CloudOptions>,
    'initialScale' | 'outputs' | 'targetScale' | 'averaging' | 'starts' | 'centred'
  > {
  readonly descent: ResolvedDescent;
  /** (d, outputs), or undefined for random targets */
  readonly target: Float64Array | undefined;
  /** (d,) λ^p of the two parts: what multiplies a diagonal entry */
  readonly initialWeights: Float64Array;
  readonly targetWeights: Float64Array;
}

export function resolveCloud(caller: string, options: CloudOptions): Cloud {
  const { initialScale = 1, target, outputs = 1, targetScale, averaging = 'perTask', exponent = 1 } = options;
  const { starts = 'pooled', centred = true } = options;
  const { initialExponent = exponent, targetExponent = exponent } = options;
  const descent = resolveDescent(caller, options);
  requireCounts(caller, { outputs });
  requireEach(requireNonNegative, caller, { initialScale, exponent, initialExponent, targetExponent });
  if ((target === undefined) === (targetScale === undefined)) {
    const given = target === undefined ? 'neither' : 'both';
    refuse(caller, `give either target (a fixed w⋆) or targetScale (random ones), not ${given}`);
  }
  if (targetScale !== undefined) requireNonNegative(caller, 'targetScale', targetScale);
  requireOneOf(caller, 'averaging', averaging, ['perTask', 'pooled']);
  requireOneOf(caller, 'starts', starts, ['pooled', 'perRun']);
  if (typeof centred !== 'boolean') refuseType(caller, 'centred', 'true or false', centred);
  if (!centred && starts === 'perRun') {
    refuse(caller, "starts 'perRun' means about each run's own centre and cannot go with centred: false");
  }
  const { eigenvalues } = descent;
  const d = eigenvalues.length;
  const cloud = {
    descent,
    initialScale,
    outputs,
    target: target && vectorOf(caller, 'target', target, outputs === 1 ? d : [d, outputs]),
    targetScale: targetScale ?? 0,
    averaging,
    starts,
    centred,
    initialWeights: eigenvalues.map((value) => pow(value, initialExponent)),
    targetWeights: eigenvalues.map((value) => pow(value, targetExponent)),
  };
  const { initialWeights, targetWeights } = cloud;
  requireFinite(caller, 'variance of initialScale', d * outputs * initialScale ** 2 * maximum(initialWeights));
  requireFinite(caller, 'variance of targetScale', d * outputs * cloud.targetScale ** 2 * maximum(targetWeights));
  requireFinite(caller, 'square of target', sumOfSquares(cloud.target ?? []) * maximum(targetWeights));
  return cloud;
}

function maximum(values: Float64Array): number {
  return values.reduce((a, b) => Math.max(a, b), 0);
}

/**
 * (d,) length of row i of the (d, outputs) target. The initialisation is the same in every output direction, so for each mode the outputs
 * can be rotated until the target lies in the first: the covariance over d·C coordinates is then that of one output with these
 * lengths as its target, and C − 1 copies of the initialisation's diagonal.
 */
export function targetLengths(target: Float64Array, outputs: number): Float64Array {
  if (outputs === 1) return target.map(Math.abs);
  return Float64Array.from({ length: target.length / outputs }, (_, i) => {
    let sum = 0;
    for (let c = i * outputs; c < (i + 1) * outputs; c++) sum += target[c] * target[c];
    return Math.sqrt(sum);
  });
}
