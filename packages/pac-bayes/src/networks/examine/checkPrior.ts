import { isArgumentError, type OnProgress } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { Examples, Network } from '@hyperribbon/nn';
import { AssumptionError } from '../../assumptions.js';
import type { BasisOrigin, Certificate, PriorRecord } from '../../certificate/certificate.js';
import type { Findings } from '../../verification/reason.js';
import { learnPrior } from '../certify/learnPrior.js';
import type { NetworkPosterior } from '../certify/familyOf.js';
import { curvaturePrior, isotropicPrior, kroneckerPrior, type KroneckerSpectrum } from '../gaussian/gaussianPrior.js';
import { toBasis } from '../gaussian/kroneckerBasis.js';
import { priorStd, type PriorFamily } from '../gaussian/priorFamily.js';
import { turnPrior } from '../gaussian/turnedPrior.js';
import { checkScales } from './checkScales.js';

/** A prior's basis, made again from its origin. */
export interface MadeBasis {
  /** as `posteriorArrays` names them: basis.1.input, subspace.directions */
  readonly arrays: Readonly<Record<string, FloatArray>>;
  /** of Kronecker factors */
  readonly spectrum?: KroneckerSpectrum;
  /** of leading eigenvectors */
  readonly eigenvalues?: ArrayLike<number>;
}

/** Makes a basis again: from the first inputs of its split, at the prior's mean. */
export type MakeBasis = (
  origin: Exclude<BasisOrigin, { readonly kind: 'stated' }>,
  at: { readonly network: Network; readonly mean: FloatArray; readonly examples: Examples },
  running: Running,
) => MadeBasis | Promise<MadeBasis>;

export interface Running {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress<string> | undefined;
}

export interface PriorQuestion {
  readonly certificate: Certificate;
  readonly network: Network;
  readonly posterior: NetworkPosterior;
  readonly arrays: Readonly<Record<string, FloatArray>>;
  readonly splits: ReadonlyMap<string, Examples>;
  readonly makeBasis?: MakeBasis | undefined;
  /** train a learnt prior again */
  readonly retrain: boolean;
}

/** A prior that was made again. */
export interface MadePrior {
  readonly family: PriorFamily;
  /** (size,) its mean over the weights, whatever its coordinates */
  readonly weights: FloatArray;
}

/** Something that could not be made again, and why. */
export class Unmade {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/**
 * Makes the prior again from what the certificate says of its origin, and compares both of its arrays number by number.
 *
 * @returns the prior, from which KL can be computed again; or why not
 */
export async function checkPrior(
  question: PriorQuestion,
  found: Findings,
  running: Running,
): Promise<MadePrior | Unmade> {
  const { certificate, network, posterior, arrays } = question;
  const { prior } = certificate;
  const weights = await meanOf(question, running);
  if (weights instanceof Unmade) return weights;
  const made = await basisOf(question, weights, running);
  if (made instanceof Unmade) return made;
  if (made !== undefined) requireSameBasis(made, arrays, found);
  if (prior.shape === null) return new Unmade('it does not tell which variances share a scale');
  if (found.reasons.length > 0) return new Unmade('its basis is another one');
  let family: PriorFamily;
  try {
    family = familyOfShape(prior, { network, posterior, weights, made });
  } catch (error) {
    if (!isArgumentError(error) && !(error instanceof AssumptionError)) throw error;
    found.add('prior-differs', '$.prior', `no such prior can be made: ${error.message}`);
    return new Unmade('no such prior can be made');
  }
  requireSame('prior-differs', 'prior.mean', family.mean, arrays['prior.mean'], found);
  if (checkScales(certificate, family, found)) {
    const k = 'directions' in posterior ? posterior.std.length - 1 : undefined;
    requireSame('prior-differs', 'prior.std', priorStd(family, variancesOf(prior), k), arrays['prior.std'], found);
  }
  return { family, weights };
}

/** Variances of a prior's scales. */
export function variancesOf({ scales }: Pick<PriorRecord, 'scales'>): number[] {
  return scales.map((scale) => (scale.kind === 'grid' && scale.as === 'precision' ? 1 / scale.value : scale.value));
}

/** The prior's mean as weights. */
async function meanOf(
  { certificate, network, splits, retrain }: PriorQuestion,
  running: Running,
): Promise<FloatArray | Unmade> {
  const { origin } = certificate.prior.mean;
  if (origin.kind === 'stated') return new Unmade('the certificate does not tell how its mean was made');
  if (origin.kind === 'init') return network.init(origin.seed, origin.dtype);
  if (!retrain) return new Unmade(`its mean was trained on split "${origin.split}", and was not trained again`);
  const examples = splits.get(origin.split);
  if (examples === undefined) return new Unmade(`its mean was trained on split "${origin.split}", which was not given`);
  const { weights } = await learnPrior(network, examples, origin, {
    signal: running.signal,
    onProgress: ({ done, of }) => running.onProgress?.({ done, of, detail: "training the prior's mean again" }),
  });
  running.signal?.throwIfAborted();
  return weights;
}

async function basisOf(
  { certificate, network, splits, makeBasis }: PriorQuestion,
  mean: FloatArray,
  running: Running,
): Promise<MadeBasis | Unmade | undefined> {
  const { basis } = certificate.prior;
  if (basis === null) return undefined;
  const { origin } = basis;
  if (origin.kind === 'stated') return new Unmade('the certificate does not tell how its basis was made');
  const split = splits.get(origin.split);
  if (split === undefined) return new Unmade(`its basis is that of split "${origin.split}", which was not given`);
  if (makeBasis === undefined) return new Unmade('nothing here makes its basis');
  if (origin.inputs > split.count)
    return new Unmade(`its basis is of ${origin.inputs} inputs, split "${origin.split}" has ${split.count}`);
  const examples = {
    ...split,
    count: origin.inputs,
    inputs: split.inputs.subarray(0, origin.inputs * split.features),
    labels: split.labels.subarray(0, origin.inputs),
  };
  return makeBasis(origin, { network, mean, examples }, running);
}

function requireSameBasis(made: MadeBasis, arrays: PriorQuestion['arrays'], found: Findings): void {
  const given = Object.keys(arrays).filter((name) => name.startsWith('basis.') || name.startsWith('subspace.'));
  for (const name of new Set([...given, ...Object.keys(made.arrays)]))
    requireSame('prior-differs', name, made.arrays[name], arrays[name], found);
}

/** The prior's family, by its shape. */
function familyOfShape(
  { shape, basis: turned }: PriorRecord,
  {
    network,
    posterior,
    weights,
    made,
  }: { network: Network; posterior: NetworkPosterior; weights: FloatArray; made: MadeBasis | undefined },
): PriorFamily {
  const basis = 'basis' in posterior ? posterior.basis : undefined;
  const mean = basis === undefined ? weights : toBasis(network, weights, basis);
  if (shape === 'isotropic' || shape === 'layered') {
    const groups = shape === 'isotropic' ? 'all' : 'layer';
    // the basis of a posterior alone may have seen the bound's examples: then the prior is the one over the weights
    return basis !== undefined && turned === null
      ? turnPrior(isotropicPrior(network, weights, { groups }), basis)
      : isotropicPrior(network, mean, { groups });
  }
  if (shape === 'directions') return curvaturePrior(network, weights, made?.eigenvalues ?? []);
  const groups = shape === 'kronecker' ? 'all' : 'layer';
  return kroneckerPrior(network, mean, made?.spectrum ?? { layers: [] }, { groups });
}

/** Number by number; the first that differs is told. */
function requireSame(
  code: 'prior-differs',
  name: string,
  made: ArrayLike<number> | undefined,
  given: ArrayLike<number> | undefined,
  found: Findings,
): void {
  const path = `$.posterior.weights "${name}"`;
  if (made === undefined || given === undefined)
    return found.add(code, path, made === undefined ? 'made again there is no such array' : 'it lacks this array');
  if (made.length !== given.length)
    return found.add(code, path, `made again it has ${made.length} numbers, the array given ${given.length}`);
  for (let i = 0; i < made.length; i++)
    if (made[i] !== given[i])
      return found.add(
        code,
        path,
        `made again from its origin number ${i} is ${made[i]}, the array given has ${given[i]}`,
      );
}
