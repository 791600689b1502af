import type { Progress } from '@hyperribbon/contract';
import { evaluate, type Examples } from '@hyperribbon/nn';
import {
  certifySubspace,
  curvaturePrior,
  optimizeSubspaceBound,
  sphericalPrior,
  subspaceArrays,
  subspaceCertificate,
  subspaceErrors,
  subspacePriorOf,
  type SubspacePriorFamily,
} from '@hyperribbon/pac-bayes/networks';
import { fisherDirections, hessianDirections, type StiffDirections } from '@hyperribbon/landscape';
import { rows } from '../input/splits.js';
import { percent } from '../output/percent.js';
import { UsageError } from '../usageError.js';
import { boundSplits } from './boundSplits.js';
import type { BoundPlan } from './boundPlan.js';
import { priorWeights, type BoundRun, type RunBoundContext } from './runBound.js';
import { stepTimes } from './stepTimes.js';
import { watchOptimization } from './watchOptimization.js';
import { startWeights } from './startWeights.js';
import type { SubspacePlan } from './subspaceOptions.js';

/** {@link BoundRun} for networks without Kronecker factors, by Methods 2 to 4: deviations along eigenvectors, whole networks drawn. */
export async function runSubspaceBound(plan: BoundPlan, context: RunBoundContext): Promise<BoundRun> {
  const { network, train, priorCount, seed, subspace, randomLabels: labels } = plan;
  if (subspace === undefined) throw new TypeError('runSubspaceBound: the plan has no subspace');
  const { progress, resume } = context;
  const { seconds, timed } = stepTimes();
  const examples = rows(train, priorCount, train.count);
  const priorMean = resume?.priorMean ?? (await timed('prior', () => priorWeights(plan, context)));
  const start = plan.start ?? (await timed('start', () => startWeights(plan, examples, priorMean, context)));
  const curvature = await timed('curvature', () =>
    directionsOf(plan, subspace, { examples, priorMean, start, context }),
  );
  const { directions, eigenvalues } = curvature;
  const prior = priorFamily(plan, priorMean, eigenvalues);

  const optimized = await timed('optimisation', () =>
    watchOptimization(plan, context, { priorMean, count: examples.count }, (asked) =>
      optimizeSubspaceBound(examples, {
        prior,
        directions,
        initialMean: start,
        initialStd: initialStd(plan, subspace, prior, eigenvalues, examples.count),
        draws: subspace.draws,
        ...asked,
      }),
    ),
  );

  const { posterior } = optimized;
  // after Ctrl-C fewer networks have to do: the certificate pays for that
  const draws = optimized.reason === 'aborted' ? Math.min(500, subspace.networks) : subspace.networks;
  const measuring = progress.start(
    `certifying: ${draws} networks, ${subspace.examplesPerNetwork} random examples each`,
  );
  const bound = await timed('certification', () =>
    certifySubspace(posterior, examples, {
      prior,
      near: optimized.variances,
      delta: plan.delta,
      deltaMonteCarlo: plan.deltaMonteCarlo,
      draws,
      examplesPerDraw: subspace.examplesPerNetwork,
      seed,
      onProgress: ({ done, of }) => measuring.update({ fraction: done / of }),
    }),
  );
  measuring.done(`certified error ${percent(bound.bound.value)}${bound.bound.vacuous ? ', vacuous' : ''}`);
  const test = await timed('test', () => testErrors(plan, bound.errors, posterior));
  const priorError = {
    bound: (await evaluate(network, priorMean, examples)).error,
    test: (await evaluate(network, priorMean, plan.test)).error,
  };
  const learnt = priorCount > 0;
  const certificate = subspaceCertificate({
    bound,
    posterior,
    prior,
    data: {
      splits: boundSplits(plan, examples, plan.method !== 'method3'),
      bound: 'bound',
      ...(labels === undefined ? {} : { labels }),
    },
    priorMean: learnt
      ? { description: `trained ${plan.priorEpochs} epochs on split "prior"`, saw: ['prior'], seed }
      : { description: 'random initialisation', saw: [], seed, purpose: 'init' },
    priorBasis: {
      description: `eigenvectors and eigenvalues of the ${curvature.evidence} of split "${plan.heldOut?.name}" at the prior's mean`,
      saw: [...new Set([...(learnt ? ['prior'] : []), ...(plan.heldOut === undefined ? [] : [plan.heldOut.name])])],
    },
    posteriorSaw: [
      'bound',
      ...(learnt ? ['prior'] : []),
      ...(plan.method === 'method3' || learnt || plan.heldOut === undefined ? [] : [plan.heldOut.name]),
    ],
    description: `${plan.method}, ${directions.length / network.size} directions of the ${curvature.evidence}, objective ${plan.objective}, ${optimized.checkpoint.step} steps of ${plan.batchSize}, seed ${seed}`,
    ...(labels !== undefined ? { caveats: ['the labels were replaced by random ones, as a control'] } : {}),
    command: plan.commandLine,
  });
  return {
    optimized,
    bound,
    certificate,
    arrays: subspaceArrays(posterior, subspacePriorOf(prior, directions.length / network.size, bound.prior.variances)),
    test,
    priorError,
    seconds,
    curvature: curvature.evidence,
  };
}

async function directionsOf(
  plan: BoundPlan,
  subspace: SubspacePlan,
  {
    examples,
    priorMean,
    start,
    context: { progress, signal },
  }: {
    readonly examples: Examples;
    readonly priorMean: Float32Array;
    readonly start: Float32Array;
    readonly context: RunBoundContext;
  },
): Promise<StiffDirections> {
  const { network, method, heldOut, seed } = plan;
  const atTrained = method === 'method3';
  const source = atTrained ? examples : heldOut!.examples;
  const part = rows(source, 0, Math.min(subspace.examples, source.count));
  const step = progress.start(
    atTrained
      ? `${subspace.directions} directions of the Hessian of ${part.count} examples at the start`
      : `${subspace.directions} directions of the Fisher matrix of ${part.count} inputs beside the bound's`,
  );
  const options = {
    k: subspace.directions,
    seed,
    signal,
    onProgress: ({ done, of, detail = '' }: Progress<string>) => step.update({ fraction: done / of, detail }),
  };
  const found = atTrained
    ? await hessianDirections(network, start, part, options)
    : await fisherDirections(network, priorMean, part, { ...options, kind: subspace.fisher ?? 'sampled' });
  step.done(found.evidence);
  return found;
}

function priorFamily(plan: BoundPlan, mean: Float32Array, eigenvalues: Float64Array): SubspacePriorFamily {
  const { network, method, priorVariance: start } = plan;
  if (method === 'method4') return curvaturePrior(network, mean, eigenvalues, { start, shapedStart: 1000 * start });
  return sphericalPrior(network, mean, { start, fixed: plan.fixedScale });
}

/**
 * Deviations at the start. `eigenvalues` are the released scripts': variance |L_i|/3000 along the directions and 1/3000 elsewhere, 1/5000
 * everywhere for Method 4, noisiest where the loss is stiffest. `analytic` is the posterior of the analytic bound, 1/v_i + 2 n L_i the
 * precisions; `factor` starts from the prior's deviations.
 */
function initialStd(
  plan: BoundPlan,
  { initialVariances }: SubspacePlan,
  { network }: SubspacePriorFamily,
  eigenvalues: Float64Array,
  n: number,
): Float64Array | number {
  if (initialVariances === 'factor') return plan.initialStd;
  const out = new Float64Array(eigenvalues.length + 1);
  const top = eigenvalues.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  if (!(top > 0)) throw new UsageError(`--method: the curvature of ${network.name} is zero here`);
  eigenvalues.forEach((value, i) => {
    const flat = plan.priorVariance * plan.initialStd * plan.initialStd;
    out[i] =
      initialVariances === 'analytic'
        ? 1 / (1 / flat + 2 * n * Math.max(value, 0))
        : plan.method === 'method4'
          ? 1 / 5000
          : Math.max(Math.abs(value), 1e-6 * top) / 3000;
    out[eigenvalues.length] = initialVariances === 'analytic' ? flat : plan.method === 'method4' ? 1 / 5000 : 1 / 3000;
  });
  for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(out[i]);
  return out;
}

/** Errors on the test examples, in the shape of those of the certificate. */
async function testErrors(
  plan: BoundPlan,
  like: BoundRun['test'],
  posterior: Parameters<typeof subspaceErrors>[0],
): Promise<BoundRun['test']> {
  const [draws, examplesPerDraw, purpose] = [
    Math.min(200, like.passes),
    Math.min(100, plan.test.count),
    'subspace/test',
  ];
  const errors = await subspaceErrors(posterior, plan.test, { draws, examplesPerDraw, seed: plan.seed, purpose });
  const perPass = Array.from(errors, (error) => Math.round(error * examplesPerDraw));
  return {
    ...like,
    errors: perPass.reduce((a, b) => a + b, 0),
    trials: draws * examplesPerDraw,
    passes: draws,
    perPass,
    purpose,
    batchSize: examplesPerDraw,
  };
}
