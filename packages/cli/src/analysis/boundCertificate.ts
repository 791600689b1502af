import { examplesIdentity } from '@hyperribbon/data';
import { kernelInfo } from '@hyperribbon/kernels';
import {
  dataSplit,
  issueCertificate,
  weightsDigest,
  type AnalyticBound,
  type AnalyticBoundArguments,
  type Certificate,
} from '@hyperribbon/pac-bayes';
import { subspaceFamily, type NamedArrays } from '@hyperribbon/pac-bayes/networks';
import type { AnalysisPlan } from './plan.js';

/**
 * The certificate of the analytic bound: the same ingredients, theorem and value as the report, with where each came from.
 *
 * @param arrays what is written to posterior.npz
 */
export function boundCertificate(
  plan: AnalysisPlan,
  base: AnalyticBoundArguments,
  result: AnalyticBound,
  arrays: NamedArrays,
): Certificate {
  const best = result.best!;
  const eigenvalues = Array.from(base.eigenvalues);
  const split = dataSplit({ ...plan.origin, name: 'train', digest: examplesIdentity(plan.train) });
  const weights = Object.entries(arrays).map(([name, { data }]) => ({ name, digest: weightsDigest(data) }));
  return issueCertificate({
    theorem: 'langford-seeger',
    delta: result.delta,
    loss: { kind: 'zero-one', description: '0-1 error of the random classifier' },
    risk: {
      kind: 'drawn',
      scheme: 'random-subset',
      passes: best.monteCarlo.draws,
      examplesPerDraw: plan.examplesPerDraw,
      mean: best.monteCarlo.mean,
      method: 'kl-inverse',
      selection: { kind: 'fresh-draws', candidates: 1 },
      delta: result.deltaMonteCarlo,
      seed: plan.seed,
      purpose: 'certify',
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
      architecture: plan.network.name,
      measuredBy: subspaceFamily.measuredBy,
      weights,
    },
    data: { splits: [split], bound: 'train' },
    chance: base.chance ?? 1,
    caveats: [...result.caveats, ...(plan.repeated === undefined ? [] : [plan.repeated])],
    kernels: kernelInfo({ deterministic: plan.deterministic }),
    command: plan.commandLine,
  });
}

/** Around the random start, with a precision from the grid. */
function priorPart(plan: AnalysisPlan, best: NonNullable<AnalyticBound['best']>, { grid: { b, c } }: AnalyticBound) {
  return {
    mean: { description: `random initialisation of ${plan.network.name}`, saw: [], seed: plan.seed, purpose: 'init' },
    scales: [
      {
        kind: 'grid' as const,
        name: 'precision of the prior',
        value: best.precision,
        index: best.j,
        b,
        c,
        as: 'precision' as const,
      },
    ],
  };
}
