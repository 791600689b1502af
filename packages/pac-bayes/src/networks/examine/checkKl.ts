import type { FloatArray } from '@hyperribbon/kernels';
import type { Certificate, DivergencePart } from '../../certificate/certificate.js';
import type { Findings } from '../../verification/reason.js';
import { recomputeDiagonalKl, type KlEnclosure } from '../../verification/recomputeGaussianKl.js';
import { analyticPosterior } from '../../analytic/analyticPosterior.js';
import { familyOf, type NetworkPosterior } from '../certify/familyOf.js';
import { defectOf, gramOf, recomputeSubspaceKl } from './recomputeSubspaceKl.js';
import { recomputeTurnedKl } from './recomputeTurnedKl.js';
import { variancesOf, type MadePrior } from './checkPrior.js';

export interface KlQuestion {
  readonly made: MadePrior;
  readonly posterior: NetworkPosterior;
  readonly arrays: Readonly<Record<string, FloatArray>>;
}

/**
 * KL from the arrays, twice: as it was computed when the certificate was issued, which must give the very same parts, and by other formulas,
 * whose enclosure the recorded number must not lie below.
 *
 * @returns at most which KL the arrays have, by the second
 */
export function checkKl(certificate: Certificate, { made, posterior, arrays }: KlQuestion, found: Findings): number {
  const { divergence, prior } = certificate;
  if (divergence.analytic !== null) return checkAnalyticKl(certificate, { made, posterior, arrays }, found);
  const first = familyOf(posterior).klOfScales(made.family, posterior).at(variancesOf(prior));
  found.unless(
    first.family === divergence.family && (first.orthonormality ?? null) === divergence.orthonormality,
    'divergence-differs',
    '$.divergence',
    `the arrays make a ${first.family} with |VᵀV − I| ${first.orthonormality ?? 'not measured'}, it says ${divergence.family} with ${divergence.orthonormality ?? 'none'}`,
  );
  for (const [i, part] of first.parts.entries())
    found.unless(
      sameParts(part, divergence.parts?.[i]),
      'divergence-differs',
      `$.divergence.parts[${i}]`,
      `from the arrays it is ${JSON.stringify(part)}`,
    );
  const second = enclosureOf(posterior, arrays, made);
  found.unless(
    second.lower <= divergence.kl,
    'divergence-differs',
    '$.divergence.kl',
    `the arrays have a KL of at least ${second.lower}, it says ${divergence.kl}`,
  );
  return Number.isFinite(second.upper) ? second.upper : first.kl.kl;
}

/**
 * The posterior of the analytic bound: arrays and divergence follow from the recorded eigenvalues, whatever they are, since a posterior may be any
 * Gaussian; how far it moved and how orthonormal its directions are is measured on the arrays.
 */
function checkAnalyticKl(
  { divergence, theorem }: Certificate,
  { made, posterior, arrays }: KlQuestion,
  found: Findings,
): number {
  const { orthonormality, covariance, displacement, kl } = divergence;
  const analytic = divergence.analytic!;
  const { precision } = analytic;
  const { displacementSquared, defect } = measured(arrays, posterior.std.length - 1);
  const moved = Math.abs(displacementSquared - analytic.displacementSquared) <= 1e-12 * displacementSquared;
  found.unless(
    moved,
    'divergence-differs',
    '$.divergence.analytic.displacementSquared',
    `the means are ${displacementSquared} apart, squared; it says ${analytic.displacementSquared}`,
  );
  found.unless(
    defect <= (orthonormality ?? 0),
    'basis-not-orthonormal',
    '$.divergence.orthonormality',
    `the directions have |UUᵀ − I| = ${defect}, it says ${orthonormality}`,
  );
  const shaped = analyticPosterior({ ...analytic, n: theorem.n, orthonormality: orthonormality ?? 0 });
  const std = [...shaped.directionPrecisions, precision].map((each) => 1 / Math.sqrt(each));
  found.unless(
    std.length === posterior.std.length && std.every((s, i) => s === posterior.std[i]),
    'divergence-differs',
    '$.divergence.analytic',
    'these eigenvalues give other deviations than the posterior has',
  );
  found.unless(
    shaped.klCovariance === covariance && shaped.klDisplacement === displacement,
    'divergence-differs',
    '$.divergence',
    `these eigenvalues give a KL of ${shaped.klCovariance} + ${shaped.klDisplacement}`,
  );
  const second = enclosureOf(posterior, arrays, made);
  const told = `the arrays have a KL of at least ${second.lower}, it says ${kl}`;
  found.unless(second.lower <= kl, 'divergence-differs', '$.divergence.kl', told);
  return Number.isFinite(second.upper) ? second.upper : kl;
}

/** |m − m₀|² and |UUᵀ − I| of the arrays of a posterior with k directions. */
function measured(
  arrays: Readonly<Record<string, FloatArray>>,
  k: number,
): { readonly displacementSquared: number; readonly defect: number } {
  const [mean, start, directions] = [arrays['posterior.mean'], arrays['prior.mean'], arrays['subspace.directions']];
  let displacementSquared = 0;
  for (let j = 0; j < mean.length; j++) displacementSquared += (mean[j] - start[j]) ** 2;
  return { displacementSquared, defect: defectOf(gramOf(directions, k), k) };
}

function sameParts(a: DivergencePart, b: DivergencePart | undefined): boolean {
  return (
    b !== undefined &&
    a.name === b.name &&
    a.dimension === b.dimension &&
    a.covariance === b.covariance &&
    a.displacement === b.displacement
  );
}

function enclosureOf(
  posterior: NetworkPosterior,
  arrays: Readonly<Record<string, FloatArray>>,
  { family, weights }: MadePrior,
): KlEnclosure {
  if ('directions' in posterior) return recomputeSubspaceKl(arrays);
  if (family.turned !== undefined && posterior.basis !== undefined)
    return recomputeTurnedKl(posterior.network, posterior.basis, arrays, weights);
  return recomputeDiagonalKl(
    arrays['posterior.mean'],
    arrays['posterior.std'],
    arrays['prior.mean'],
    arrays['prior.std'],
  );
}
