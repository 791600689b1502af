import { fisherDirections, hessianDirections, type StiffDirections } from '@hyperribbon/landscape';
import type { Examples } from '@hyperribbon/nn';
import type { Certificate } from '@hyperribbon/pac-bayes';
import {
  certifyPosterior,
  curvaturePrior,
  isotropicPrior,
  networkCertificate,
  optimizeSubspaceBound,
  posteriorArrays,
  subspaceErrors,
  type NetworkBound,
  type OptimizedBound,
  type PriorFamily,
  type SubspacePosterior,
} from '@hyperribbon/pac-bayes/networks';
import { head } from '../input/splits.js';
import type { CertifiedPosterior, RunBoundContext } from './boundContext.js';
import { deltaMonteCarlo, type BoundPlan, type SubspacePlan } from './boundPlan.js';
import { certificateParts, certifiedSummary, curvatureSaw, isLearnt } from './certificateParts.js';
import { guessing } from './guessing.js';
import { initialStd } from './initialStd.js';
import { startWeights } from './startWeights.js';
import { watchOptimization } from './watchOptimization.js';

type Plan = BoundPlan & { readonly subspace: SubspacePlan };

/** A bound for networks without Kronecker factors, by Methods 2 to 4: deviations along eigenvectors, whole networks drawn. */
export async function subspaceBound(
  plan: Plan,
  context: RunBoundContext,
  examples: Examples,
  priorMean: Float32Array,
): Promise<CertifiedPosterior> {
  const { subspace, seed } = plan;
  const { run } = context;
  const start = await startWeights(plan, examples, priorMean, context);
  const curvature = await directionsOf(plan, context, examples, { priorMean, start });
  const { directions, eigenvalues } = curvature;
  const prior = priorFamily(plan, priorMean, eigenvalues);
  const optimized = await watchOptimization(plan, context, { priorMean, count: examples.count }, (asked) =>
    optimizeSubspaceBound(examples, {
      prior,
      directions,
      initialMean: start,
      initialStd: initialStd(plan, subspace.initialVariances, eigenvalues, examples.count),
      draws: subspace.draws,
      ...asked,
    }),
  );
  const { posterior } = optimized;
  // after Ctrl-C fewer networks have to do: the certificate pays for that
  const draws = optimized.reason === 'aborted' ? Math.min(500, subspace.networks) : subspace.networks;
  const bound = await run.work(
    `certifying: ${draws} networks, ${subspace.examplesPerNetwork} random examples each`,
    (report) =>
      certifyPosterior(posterior, examples, {
        prior,
        near: optimized.variances,
        delta: plan.delta,
        deltaMonteCarlo,
        chance: guessing(plan).error,
        draws,
        examplesPerDraw: subspace.examplesPerNetwork,
        onProgress: ({ done, of }) => report({ done, of }),
      }),
    { step: 'certification', summary: certifiedSummary },
  );
  const test = await run.work('error on the test examples', () =>
    subspaceErrors(posterior, plan.test, {
      draws: Math.min(200, draws),
      examplesPerDraw: Math.min(100, plan.test.count),
      seed,
      purpose: 'subspace/test',
    }),
  );
  return {
    optimized,
    bound,
    certificate: certificateOf(plan, examples, prior, optimized, bound, curvature),
    arrays: posteriorArrays(posterior, bound.prior),
    test,
    curvature: curvature.evidence,
    mean: Float32Array.from(posterior.mean),
    usedHeldOut: plan.method !== 'method3',
  };
}

/** Method 3: the Hessian of the bound's examples at the start; else the Fisher matrix of inputs beside them at the prior's mean. */
async function directionsOf(
  { network, method, heldOut, seed, subspace }: Plan,
  { run }: RunBoundContext,
  examples: Examples,
  { priorMean, start }: { readonly priorMean: Float32Array; readonly start: Float32Array },
): Promise<StiffDirections> {
  const atTrained = method === 'method3';
  const part = head(atTrained ? examples : heldOut!.examples, subspace.curvatureExamples);
  const { directions: k, fisher: kind } = subspace;
  return run.work(
    atTrained
      ? `${k} directions of the Hessian of ${part.count} examples at the start`
      : `${k} directions of the Fisher matrix of ${part.count} inputs beside the bound's`,
    (onProgress) => {
      const options = { k, seed, signal: run.signal, onProgress };
      return atTrained
        ? hessianDirections(network, start, part, options)
        : fisherDirections(network, priorMean, part, { ...options, kind });
    },
    { step: 'curvature', summary: ({ evidence }) => evidence },
  );
}

function priorFamily(plan: BoundPlan, mean: Float32Array, eigenvalues: Float64Array): PriorFamily {
  const { network, method, priorVariance: start, priorScale } = plan;
  if (method === 'method4') return curvaturePrior(network, mean, eigenvalues, { start, shapedStart: 1000 * start });
  return isotropicPrior(network, mean, { start, fixed: priorScale === 'fixed' });
}

function certificateOf(
  plan: Plan,
  examples: Examples,
  prior: PriorFamily,
  { posterior, checkpoint }: OptimizedBound<SubspacePosterior>,
  bound: NetworkBound,
  { directions, evidence }: StiffDirections,
): Certificate {
  const { network, method, heldOut, objective, batchSize, seed } = plan;
  const ofBound = method === 'method3';
  return networkCertificate({
    bound,
    posterior,
    prior,
    ...certificateParts(plan, examples),
    ...(method === 'method4' && {
      priorBasis: {
        origin: {
          kind: 'fisher' as const,
          split: heldOut!.name,
          inputs: Math.min(plan.subspace.curvatureExamples, heldOut!.examples.count),
          directions: plan.subspace.directions,
          labels: plan.subspace.fisher,
          seed: plan.subspace.fisher === 'sampled' ? seed : null,
        },
      },
    }),
    posteriorSaw: ['bound', ...(ofBound ? (isLearnt(plan) ? ['prior'] : []) : curvatureSaw(plan))],
    description: `${method}, ${directions.length / network.size} directions of the ${evidence}, objective ${objective}, ${checkpoint.step} steps of ${batchSize}, seed ${seed}`,
  });
}
