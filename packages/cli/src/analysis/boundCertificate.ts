import { kernelInfo } from '@hyperribbon/kernels';
import { architectureOf } from '@hyperribbon/nn/models';
import {
  issueCertificate,
  weightsDigest,
  type AnalyticBound,
  type AnalyticBoundArguments,
  type Certificate,
} from '@hyperribbon/pac-bayes';
import { networkLoss, subspaceFamily, type NamedArrays, type SettledDraws } from '@hyperribbon/pac-bayes/networks';
import { functionCaveat } from '../input/functionCaveat.js';
import type { ClassPlan } from './bounded.js';
import { besideSplit, trainSplit } from './splits.js';

export interface CertifyingDraws {
  readonly arrays: NamedArrays;
  readonly stream: { readonly seed: number; readonly purpose: string };
  readonly settled: SettledDraws;
  /** mistakes of all draws */
  readonly errors: number;
}

/**
 * The certificate of the analytic bound: the same ingredients, theorem and value as the report, with where each came from.
 *
 * @param drawn what is written to posterior.npz, and the draws that certify it
 */
export function boundCertificate(
  plan: ClassPlan,
  base: AnalyticBoundArguments,
  result: AnalyticBound,
  { arrays, stream, settled, errors }: CertifyingDraws,
): Certificate {
  const best = result.best!;
  // what is below 0 counts as 0
  const eigenvalues = Array.from(base.eigenvalues, (value) => Math.max(0, value));
  const weights = Object.entries(arrays).map(([name, { data }]) => ({ name, digest: weightsDigest(data) }));
  return issueCertificate({
    theorem: 'langford-seeger',
    delta: result.delta,
    loss: networkLoss,
    risk: {
      kind: 'drawn',
      scheme: 'random-subset',
      passes: settled.passes,
      examplesPerDraw: settled.batchSize,
      errors,
      method: 'kl-inverse',
      selection: { kind: 'fresh-draws', candidates: 1 },
      delta: result.deltaMonteCarlo,
      ...stream,
      draws: { batchSize: settled.batchSize, dtype: settled.dtype, noise: settled.noise },
    },
    divergence: {
      covariance: best.klCovariance,
      displacement: best.klDisplacement,
      family: 'gaussian-low-rank',
      dimension: result.dimension,
      orthonormality: base.orthonormality ?? 0,
      analytic: {
        eigenvalues,
        displacementSquared: base.displacementSquared,
        precision: best.precision,
        convention: result.convention,
      },
    },
    prior: priorPart(plan, best, result),
    posterior: {
      description: `Gaussian around the decayed weights: precision eps + ${result.convention} lambda along ${eigenvalues.length} Hessian eigenvectors, eps elsewhere`,
      saw: ['train'],
      architecture: architectureOf(plan.network),
      measuredBy: subspaceFamily.measuredBy,
      weights,
    },
    data: { splits: [trainSplit(plan), besideSplit(plan)], bound: 'train', chance: plan.beside.name },
    chance: base.chance ?? 1,
    caveats: [
      ...result.caveats,
      ...(plan.repeated === undefined ? [] : [plan.repeated]),
      ...functionCaveat(plan.network),
    ],
    kernels: kernelInfo({ deterministic: true }),
    command: plan.commandLine,
  });
}

/** Around the random start, with a precision from the grid. */
function priorPart(plan: ClassPlan, best: NonNullable<AnalyticBound['best']>, { grid: { b, c } }: AnalyticBound) {
  return {
    mean: { origin: { kind: 'init' as const, seed: plan.seed, dtype: plan.dtype } },
    shape: 'isotropic' as const,
    scales: [
      {
        kind: 'grid' as const,
        name: 'all weights',
        value: best.precision,
        index: best.j,
        b,
        c,
        as: 'precision' as const,
      },
    ],
  };
}
