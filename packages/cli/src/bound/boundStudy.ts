import { networkBoundSchema, networkBoundVersion, type NetworkBoundStudy, type TheoremRow } from '@hyperribbon/report';
import type { BoundRecord } from '@hyperribbon/pac-bayes';
import { duration } from '../output/progressLines.js';
import { percent } from '../output/percent.js';
import { version } from '../version.js';
import type { BoundPlan } from './boundPlan.js';
import type { BoundRun } from './runBound.js';

/** The record behind the page. */
export function boundStudy(plan: BoundPlan, run: BoundRun, created: string): NetworkBoundStudy {
  const { optimized, bound, certificate, test, priorError } = run;
  const { klDisplacement, klCovariance } = {
    klDisplacement: bound.kl.displacement,
    klCovariance: bound.kl.covariance,
  };
  const { claim, theorem, risk } = certificate;
  const trials = risk.kind === 'drawn' ? risk : undefined;
  return {
    schema: networkBoundSchema,
    version: networkBoundVersion,
    title: `${plan.network.name.replace(/^mlp:/, '')} on ${plan.dataset}`,
    created,
    complete: optimized.finished,
    ...(optimized.finished ? {} : { reason: optimized.reason === 'aborted' ? 'interrupted' : optimized.reason }),
    setting: setting(plan, run, priorError),
    history: optimized.history.map(({ epoch, error, kl, estimate }) => ({ epoch: epoch + 1, error, kl, estimate })),
    result: {
      value: claim.bound,
      vacuous: claim.vacuous,
      certified: bound.bound.certified,
      confidence: claim.confidence,
      n: bound.n,
      weights: plan.network.size,
      klDisplacement,
      klCovariance,
      penalty: theorem.penalty,
      price: bound.prior.union.nats,
      monteCarlo: {
        mean: trials?.mean ?? bound.monteCarlo.mean,
        draws: trials?.trials ?? bound.monteCarlo.draws,
        delta: bound.monteCarlo.delta,
        upper: trials?.upper ?? bound.monteCarlo.upper,
      },
      plugIn: bound.plugIn,
      deltas: certificate.deltas.map(({ purpose, delta, text }) => ({ purpose: `${purpose}: ${text}`, delta })),
      gap: Math.sqrt(theorem.rate / 2),
      others: bound.others.map((other) => theoremRow(other, other.plugIn)),
      ...(bound.released === undefined ? {} : { released: theoremRow(bound.released) }),
      theorem: theorem.title,
      source: theorem.source,
      scales: certificate.prior.scales.map((scale) => ({
        name: scale.name,
        index: scale.kind === 'grid' ? scale.index : 0,
        variance: scale.value,
      })),
      parts: bound.prior.parts,
      test: { mean: test.errors / test.trials, draws: test.trials },
      ...(plan.published === undefined ? {} : { published: plan.published }),
    },
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

function setting(plan: BoundPlan, run: BoundRun, priorError: BoundRun['priorError']): [string, string][] {
  const { optimized, seconds } = run;
  const learnt = plan.priorCount > 0;
  const shift = plan.priorShift > 0 ? `, images moved by up to ${plan.priorShift} pixels` : '';
  const mean = learnt
    ? `trained ${plan.priorEpochs} epochs on ${plan.priorCount} examples beside the bound's${shift}`
    : 'random initialisation';
  return [
    ['command', plan.commandLine],
    [
      'data',
      `${plan.dataset}, ${plan.task}${plan.randomLabels !== undefined ? ', labels replaced by random ones' : ''}`,
    ],
    ['examples', `${plan.train.count - plan.priorCount} in the bound, ${plan.test.count} for testing`],
    ['network', plan.network.name],
    ['weights', String(plan.network.size)],
    [
      'prior mean',
      `${mean}; error ${percent(priorError.bound)} on the bound's, ${percent(priorError.test)} on test examples`,
    ],
    ['method', plan.method],
    ...(run.curvature === undefined
      ? []
      : ([
          ['directions', `${plan.subspace?.directions} of the ${run.curvature}`],
          [
            'draws',
            `${plan.subspace?.draws} networks per step; ${run.bound.errors.passes} for the certificate, each with ${run.bound.errors.batchSize} random examples`,
          ],
        ] as [string, string][])),
    ...(plan.subspace !== undefined ||
    plan.heldOut === undefined ||
    (plan.method !== 'method2' && plan.method !== 'method4')
      ? []
      : [
          [
            'curvature from',
            `${plan.heldOut.examples.count} inputs of split "${plan.heldOut.name}", ${plan.factors} factors, ${plan.basis} basis`,
          ] as [string, string],
        ]),
    ...(plan.subspace === undefined && plan.method === 'method3'
      ? [['curvature from', `the bound's inputs, ${plan.factors} factors, renewed every epoch`] as [string, string]]
      : []),
    ['objective', `${plan.objective}, ${plan.surrogate} surrogate`],
    [
      'optimisation',
      `${optimized.history.length} of ${plan.epochs} epochs, batches of ${plan.batchSize}, ${plan.optimizer === 'adam' ? 'Adam' : 'momentum 0.9'}, ${plan.learningRate.from} to ${plan.learningRate.to} by half a cosine`,
    ],
    ...(plan.startEpochs > 0
      ? [['start', `trained ${plan.startEpochs} epochs on the bound's examples`] as [string, string]]
      : []),
    ...(plan.subspace === undefined
      ? [['passes of certification', String(run.bound.errors.passes)] as [string, string]]
      : []),
    ['seed', String(plan.seed)],
    ['kernels', `${optimized.kernels.flavour} (${optimized.kernels.engine}); certification deterministic`],
    ['runtime', `node ${process.versions.node}, ${process.platform} ${process.arch}`],
    ['hyperribbon', version],
    ...seconds.map(({ step, seconds: s }): [string, string] => [`time: ${step}`, duration(s)]),
  ];
}
