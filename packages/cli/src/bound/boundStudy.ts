import type { NetworkBoundSection, Note, Study, TheoremRow } from '@hyperribbon/report';
import type { BoundRecord } from '@hyperribbon/pac-bayes';
import { percent } from '../output/percent.js';
import { runSetting, studyRecord } from '../output/studyRecord.js';
import type { BoundPlan } from './boundPlan.js';
import type { BoundRun } from './boundContext.js';
import { seenText } from '../input/seenByWeights.js';
import { gridEdges } from './gridEdges.js';
import { guessing } from './guessing.js';

/** @param seconds wall-clock time of the whole run */
export function boundStudy(plan: BoundPlan, run: BoundRun, seconds: number): Study {
  const { finished, reason, history } = run.optimized;
  return studyRecord(
    {
      kind: 'bound',
      title: `${plan.network.name.replace(/^mlp:/, '')} on ${plan.dataset}`,
      setting: runSetting(
        { ...plan, task: plan.task + (plan.control === undefined ? '' : ', labels replaced by random ones') },
        {
          trainCount: plan.train.count - plan.priorCount,
          testCount: plan.test.count,
          features: plan.train.features,
          classes: plan.train.classes,
          architecture: plan.network.name,
          parameters: plan.network.size,
          kernels: run.optimized.kernels,
          numbers: 'float32, certification deterministic',
          options: options(plan, run),
        },
      ),
      sections: { networkBound: networkBound(plan, run) },
      notes: [
        ...(plan.seen === undefined ? [] : [seenText[plan.seen]]),
        ...gridEdges(run.certificate.prior.scales),
        ...(finished ? [] : [stoppedEarly]),
      ],
    },
    {
      status: {
        complete: finished,
        missing: finished ? [] : [`epochs ${history.length + 1} to ${plan.epochs} of the optimisation`],
        ...(finished ? {} : { reason: reason === 'aborted' ? 'interrupted' : reason }),
      },
      seconds,
      timings: run.seconds,
    },
  );
}

const stoppedEarly: Note = {
  title: 'Stopped early',
  text: 'The posterior is where the optimisation stopped. A certificate holds all the same.',
};

function networkBound(
  plan: BoundPlan,
  { bound, certificate, test, testSets, optimized }: BoundRun,
): NetworkBoundSection {
  const { claim, theorem, risk, prior } = certificate;
  const { mean, upper, trials } =
    risk.kind === 'drawn' ? risk : { ...bound.monteCarlo, trials: bound.monteCarlo.draws };
  return {
    value: claim.bound,
    vacuous: claim.vacuous,
    certified: bound.bound.certified,
    confidence: claim.confidence,
    n: bound.n,
    weights: plan.network.size,
    klDisplacement: bound.kl.displacement,
    klCovariance: bound.kl.covariance,
    penalty: theorem.penalty,
    price: bound.prior.union.nats,
    monteCarlo: { mean, draws: trials, delta: bound.monteCarlo.delta, upper },
    plugIn: bound.plugIn,
    deltas: certificate.deltas.map(({ purpose, delta, text }) => ({ purpose: `${purpose}: ${text}`, delta })),
    gap: Math.sqrt(theorem.rate / 2),
    others: bound.others.map((other) => theoremRow(other, other.plugIn)),
    ...(bound.released === undefined ? {} : { released: theoremRow(bound.released) }),
    theorem: theorem.title,
    source: theorem.source,
    scales: prior.scales.map((scale) => ({
      name: scale.name,
      index: scale.kind === 'grid' ? scale.index : 0,
      variance: scale.value,
    })),
    parts: bound.prior.parts,
    // where the posterior starts from weights that may have seen them, they test nothing
    ...(plan.seen === 'unknown' ? {} : { test: { mean: test.errors / test.trials, draws: test.trials } }),
    testSets: testSets.map(({ row }) => row),
    guessing: guessing(plan),
    ...(plan.published === undefined ? {} : { published: plan.published }),
    history: optimized.history.map(({ epoch, error, kl, estimate }) => ({ epoch: epoch + 1, error, kl, estimate })),
    assumptions: certificate.assumptions.map(({ text }) => text),
    caveats: certificate.caveats,
  };
}

function theoremRow(bound: BoundRecord, plugIn?: number): TheoremRow {
  const { theorem, source, value, vacuous, ingredients } = bound;
  const { penalty, rate } = ingredients;
  return {
    theorem,
    source,
    value,
    vacuous,
    penalty,
    ...(rate === undefined ? {} : { gap: Math.sqrt(rate / 2) }),
    ...(plugIn === undefined ? {} : { plugIn }),
  };
}

/** What the bound was asked for, in the words of its options. */
function options(plan: BoundPlan, { optimized, priorError, bound, curvature }: BoundRun): Record<string, string> {
  const { learningRate: from } = plan;
  const shift = plan.priorShift > 0 ? `, images moved by up to ${plan.priorShift} pixels` : '';
  const mean =
    plan.priorCount > 0
      ? `trained ${plan.priorEpochs} epochs on ${plan.priorCount} examples beside the bound's${shift}`
      : 'random initialisation';
  const optimizer = plan.optimizer === 'adam' ? 'Adam' : 'momentum 0.9';
  const { passes, batchSize } = bound.errors;
  return {
    'prior mean': `${mean}; error ${percent(priorError.bound)} on the bound's, ${percent(priorError.test)} on test examples`,
    method: plan.method,
    ...(curvature === undefined
      ? factorOptions(plan)
      : {
          directions: `${plan.subspace?.directions} of the ${curvature}`,
          draws: `${plan.subspace?.draws} networks per step; ${passes} for the certificate, each with ${batchSize} random examples`,
        }),
    objective: `${plan.objective}, ${plan.surrogate} surrogate`,
    optimization: `${optimized.history.length} of ${plan.epochs} epochs, batches of ${plan.batchSize}, ${optimizer}, ${from} to ${from / 100} by half a cosine`,
    ...(plan.startEpochs > 0 ? { start: `trained ${plan.startEpochs} epochs on the bound's examples` } : {}),
    ...(plan.subspace === undefined ? { 'passes of certification': String(passes) } : {}),
  };
}

/** Where a posterior of Kronecker factors has its curvature from. */
function factorOptions({ method, subspace, heldOut, factors, basis }: BoundPlan): Record<string, string> {
  if (subspace !== undefined) return {};
  if (method === 'method3') return { 'curvature from': `the bound's inputs, ${factors} factors, renewed every epoch` };
  if (heldOut === undefined || (method !== 'method2' && method !== 'method4')) return {};
  const inputs = `${heldOut.examples.count} inputs of split "${heldOut.name}"`;
  return { 'curvature from': `${inputs}, ${factors} factors, ${basis} basis` };
}
