import { isArgumentError } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { type Examples, type Network } from '@hyperribbon/nn';
import { parseArchitecture } from '@hyperribbon/nn/models';
import { AssumptionError } from '../../assumptions.js';
import type { Certificate } from '../../certificate/certificate.js';
import type { Findings } from '../../verification/reason.js';
import { checkWeights } from '../../verification/checkGiven.js';
import type { Aspect, Examination, Examine } from '../../verification/verifyCertificate.js';
import { familyOf, type NetworkPosterior } from '../certify/familyOf.js';
import { networkLoss } from '../certify/networkCertificate.js';
import { posteriorFromArrays } from '../certify/posteriorArrays.js';
import { checkChance } from './checkChance.js';
import { checkKl } from './checkKl.js';
import { checkPrior, Unmade, type MakeBasis, type Running } from './checkPrior.js';
import { checkRows, type FoundSplits } from './checkRows.js';
import { freshDraws, replayDraws } from './replayDraws.js';

/** What a verifier has beside the certificate. Without data or arrays what needs them stays unchecked. */
export interface NetworkEvidence {
  /** every array that came with the certificate, and no others */
  readonly arrays?: Readonly<Record<string, FloatArray>> | undefined;
  /** the whole data set of which the splits are rows, with its own labels */
  readonly dataset?: Examples | undefined;
  /** names examples by their content: `examplesIdentity` of @hyperribbon/data */
  readonly identityOf: (examples: Examples) => string;
  /** counts rows that repeat the input of another: `repeatedInputs` of @hyperribbon/data. Left out, none are looked for */
  readonly repeatsIn?: ((examples: Examples) => number) | undefined;
  /** makes the basis of a prior that has one: by @hyperribbon/landscape */
  readonly makeBasis?: MakeBasis | undefined;
  /** train a learnt prior again, which takes as long as it took; default true */
  readonly retrain?: boolean;
}

/**
 * Looks at everything that the certificate of a network bound names: the rows of its splits, all arrays, the prior made again from its origin
 * (random weights, or trained again on its own split, and its basis), KL by two implementations, and the recorded draws, made again to the very
 * same count. `verifyCertificate` then draws afresh.
 *
 * What is wrong ends the search: the dear parts come last.
 * @param evidence what there is; a learnt prior is trained again unless `retrain` is false
 * @returns for `verifyCertificate`'s `examine`
 * Cost: the certificate's draws twice, a learnt prior's training, a basis
 * @example
 * const verify = (certificate, arrays, dataset) =>
 *   verifyCertificate(certificate, { examine: networkExaminer({ arrays, dataset, identityOf: examplesIdentity }) });
 */
export function networkExaminer(evidence: NetworkEvidence): Examine {
  return async (certificate, found, running) => {
    const { arrays, dataset } = evidence;
    const rows = dataset === undefined ? undefined : checkRows(certificate, { ...evidence, dataset }, found);
    const whole = arrays !== undefined && checkArrays(certificate, arrays, found);
    const chance = checkChance(certificate, rows, found);
    const covered: Aspect[] = [
      ...(chance === undefined ? ['chance' as const] : []),
      ...(rows !== undefined && rows.open === undefined ? ['rows' as const] : []),
      ...(whole ? ['arrays' as const] : []),
    ];
    const open = {
      ...(chance === undefined ? {} : { chance }),
      rows: rows?.open ?? 'give the data',
      arrays: 'give the file that came with it',
    };
    if (!whole || found.reasons.length > 0) return { covered, open: needing(open, rows, whole) };
    const model = modelOf(certificate, arrays, found);
    if (model === undefined) return { covered, open: needing(open, rows, whole) };
    const rest = await examineModel({ certificate, found, running, rows, evidence, arrays, ...model });
    return { ...rest, covered: [...covered, ...rest.covered], open: { ...needing(open, rows, whole), ...rest.open } };
  };
}

/** Why aspects stay open while something is missing. */
function needing(open: Examination['open'], rows: FoundSplits | undefined, whole: boolean): Examination['open'] {
  const missing = [...(rows === undefined ? ['data'] : []), ...(whole ? [] : ['arrays'])].join(' and ');
  const why = missing === '' ? 'not looked at' : `needs ${missing}`;
  return { prior: why, divergence: why, 'recorded draws': why, 'fresh draws': why, ...open };
}

/** All arrays, none beside them, each with its digest. */
function checkArrays(certificate: Certificate, arrays: Readonly<Record<string, FloatArray>>, found: Findings): boolean {
  const whole = checkWeights('networkExaminer', certificate.posterior.weights, arrays, found);
  for (const { name } of certificate.posterior.weights)
    found.unless(
      Object.hasOwn(arrays, name),
      'weights-missing',
      `$.posterior.weights "${name}"`,
      'the arrays given lack this one',
    );
  return whole;
}

interface Model {
  readonly network: Network;
  readonly posterior: NetworkPosterior;
}

/** The network and the posterior that the arrays are; undefined where nothing here knows such certificates. */
function modelOf(
  { posterior: { architecture, measuredBy }, divergence, version }: Certificate,
  arrays: Readonly<Record<string, FloatArray>>,
  found: Findings,
): Model | undefined {
  if (architecture === null || measuredBy === null) return undefined;
  try {
    const network = parseArchitecture(architecture);
    const named = `this network is called ${network.name}`;
    found.unless((network.architecture ?? network.name) === architecture, 'text', '$.posterior.architecture', named);
    const { posterior } = posteriorFromArrays(network, arrays);
    const ours = familyOf(posterior).measuredBy;
    found.unless(
      ours === measuredBy,
      'weights-differ',
      '$.posterior.measuredBy',
      `such arrays are measured by ${ours}`,
    );
    const sized = network.size === divergence.dimension;
    const told = `${network.name} has ${network.size} weights, it says ${divergence.dimension}`;
    found.unless(sized, 'divergence-differs', '$.divergence.dimension', told);
    return found.reasons.length === 0 || version < 3 ? { network, posterior } : undefined;
  } catch (error) {
    if (!isArgumentError(error) && !(error instanceof AssumptionError)) throw error;
    found.add('weights-differ', '$.posterior', `no posterior can be made of these arrays: ${error.message}`);
    return undefined;
  }
}

interface ModelQuestion extends Model {
  readonly certificate: Certificate;
  readonly found: Findings;
  readonly running: Running;
  readonly rows: FoundSplits | undefined;
  readonly evidence: NetworkEvidence;
  readonly arrays: Readonly<Record<string, FloatArray>>;
}

async function examineModel(question: ModelQuestion): Promise<Examination> {
  const { certificate, network, posterior, found, running, rows, evidence, arrays } = question;
  const { risk, data } = certificate;
  const covered: Aspect[] = [];
  const open: Partial<Record<Aspect, string>> = {};
  const examples = rows?.splits.get(data.bound);
  const fits = examples !== undefined && fitsNetwork(examples, network, found);
  const draws = fits ? { remeasure: freshDraws(posterior, examples) } : {};
  if (certificate.version < 3) return { covered, open, ...draws };
  checkLoss(certificate, found);
  const { makeBasis, retrain = true } = evidence;
  const splits = rows?.splits ?? new Map<string, Examples>();
  const made = await checkPrior(
    { certificate, network, posterior, arrays, splits, makeBasis, retrain },
    found,
    running,
  );
  let kl: number | undefined;
  if (made instanceof Unmade) {
    open.prior = made.why;
    open.divergence = 'needs the prior';
  } else {
    covered.push('prior');
    if (found.reasons.length === 0) kl = checkKl(certificate, { made, posterior, arrays }, found);
    covered.push('divergence');
  }
  if (found.reasons.length > 0) return { covered, open };
  if (fits && risk.kind === 'drawn') {
    await replayDraws(posterior, examples, risk, found, running);
    covered.push('recorded draws');
  }
  return { covered, open, ...(kl === undefined ? {} : { kl }), ...draws };
}

/** What is counted: nothing but mistakes of the random classifier. */
function checkLoss({ risk }: Certificate, found: Findings): void {
  const { kind, description } = risk.loss;
  const known = kind === networkLoss.kind && description === networkLoss.description;
  found.unless(known, 'loss-unknown', '$.risk.loss', `draws of networks count ${networkLoss.description}`);
}

function fitsNetwork({ features, classes }: Examples, network: Network, found: Findings): boolean {
  const fits = features === network.inputs && classes <= network.classes;
  const told = `the examples have ${features} features in ${classes} classes, ${network.name} takes ${network.inputs} and tells ${network.classes} apart`;
  found.unless(fits, 'data-differs', '$.posterior.architecture', told);
  return fits;
}
