import { kroneckerBasis, type KroneckerEigenbasis } from '@hyperribbon/landscape';
import type { Examples } from '@hyperribbon/nn';
import type { Certificate } from '@hyperribbon/pac-bayes';
import {
  certifyPosterior,
  fromBasis,
  isotropicPrior,
  kroneckerPrior,
  networkCertificate,
  optimizeBound,
  posteriorArrays,
  posteriorErrors,
  toBasis,
  type NetworkBound,
  type OptimizedBound,
  type PriorFamily,
} from '@hyperribbon/pac-bayes/networks';
import { percent } from '../output/percent.js';
import type { CertifiedPosterior, RunBoundContext } from './boundContext.js';
import { deltaMonteCarlo, type BoundPlan } from './boundPlan.js';
import { certificateParts, certifiedSummary, isLearnt } from './certificateParts.js';
import { guessing } from './guessing.js';
import { movingBasis, type MovingBasis } from './movingBasis.js';
import { startWeights } from './startWeights.js';
import { watchOptimization } from './watchOptimization.js';

/** A bound with a deviation for every weight, in the weights or in a Kronecker basis. */
export async function factoredBound(
  plan: BoundPlan,
  context: RunBoundContext,
  examples: Examples,
  priorMean: Float32Array,
): Promise<CertifiedPosterior> {
  const { network, seed } = plan;
  const { run } = context;
  const turn = await curvatureOfPrior(plan, context, priorMean);
  const basis = turn?.basis;
  const inBasis = (weights: Float32Array) => (basis === undefined ? weights : toBasis(network, weights, basis));
  const moving = plan.method === 'method3' ? movingBasis(network, examples, { kind: plan.factors, seed }) : undefined;
  const prior = priorFamily(plan, inBasis(priorMean), turn?.spectrum);
  const start = await startWeights(plan, examples, priorMean, context);
  const optimized = await watchOptimization(plan, context, { priorMean, count: examples.count }, (asked) =>
    optimizeBound(examples, {
      prior,
      ...(basis === undefined ? {} : { basis, meansIn: plan.means }),
      ...(moving === undefined ? {} : { renewBasis: moving.at }),
      initialMean: inBasis(start),
      initialStd: plan.initialStd,
      ...asked,
    }),
  );
  const { posterior, prior: seen } = optimized;
  // after Ctrl-C one pass has to do: the certificate pays for having fewer trials
  const passes = optimized.reason === 'aborted' ? 1 : plan.passes;
  const bound = await run.work(
    `certifying: ${passes} × ${examples.count} independent trials`,
    (report) =>
      certifyPosterior(posterior, examples, {
        prior: seen,
        near: optimized.variances,
        delta: plan.delta,
        deltaMonteCarlo,
        chance: guessing(plan).error,
        passes,
        onProgress: ({ done, of, detail }) =>
          report({ done, of, detail: `error ${percent((detail?.errors ?? 0) / done)}` }),
      }),
    { step: 'certification', summary: certifiedSummary },
  );
  const test = await run.work('error on the test examples', () =>
    posteriorErrors(posterior, plan.test, { seed, purpose: 'posterior/test' }),
  );
  const certificate = certificateOf(plan, examples, turn !== undefined, optimized, bound, moving);
  return {
    optimized,
    bound,
    certificate,
    arrays: posteriorArrays(posterior, bound.prior),
    test,
    mean: Float32Array.from(
      posterior.basis === undefined ? posterior.mean : fromBasis(network, posterior.mean, posterior.basis),
    ),
    usedHeldOut: turn !== undefined,
  };
}

/** The Kronecker factors of held-out inputs, for the methods that they shape. */
async function curvatureOfPrior(
  plan: BoundPlan,
  { run }: RunBoundContext,
  priorMean: Float32Array,
): Promise<KroneckerEigenbasis | undefined> {
  const { method, heldOut, network, basis: turn, factors: kind, seed } = plan;
  if ((method !== 'method2' && method !== 'method4') || heldOut === undefined) return undefined;
  return run.work(
    `Kronecker factors of ${heldOut.examples.count} inputs beside the bound's`,
    () => kroneckerBasis(network, priorMean, heldOut.examples, { turn, kind, seed }),
    {
      step: 'curvature of the prior',
      summary: () => (turn === 'full' ? 'both sides of every layer' : 'inputs of the first layer'),
    },
  );
}

function priorFamily(
  plan: BoundPlan,
  mean: Float32Array | Float64Array,
  spectrum: KroneckerEigenbasis['spectrum'] | undefined,
): PriorFamily {
  const { network, method, priorVariance: start, priorScale } = plan;
  if (method === 'method4' && spectrum !== undefined) {
    return kroneckerPrior(network, mean, spectrum, { groups: 'layer', start, shapedStart: 1000 * start });
  }
  const groups = method === 'isotropic' ? 'all' : 'layer';
  const grid = { b: groups === 'all' ? 100 : 20, c: 0.1 };
  return isotropicPrior(network, mean, { groups, start, grid, fixed: priorScale === 'fixed' });
}

function certificateOf(
  plan: BoundPlan,
  examples: Examples,
  turned: boolean,
  optimized: OptimizedBound,
  bound: NetworkBound,
  moving: MovingBasis | undefined,
): Certificate {
  const { method, factors, heldOut, objective, batchSize, seed } = plan;
  const basis =
    moving === undefined
      ? ''
      : `basis of the Kronecker factors of the first ${moving.count} inputs of split "bound", renewed every epoch, `;
  return networkCertificate({
    bound,
    posterior: optimized.posterior,
    prior: optimized.prior,
    ...certificateParts(plan, examples),
    ...(turned
      ? {
          priorBasis: {
            origin: {
              kind: 'kronecker' as const,
              split: heldOut!.name,
              inputs: heldOut!.examples.count,
              factors,
              turn: plan.basis,
              seed: factors === 'kfac' ? seed : null,
            },
          },
        }
      : {}),
    posteriorSaw: ['bound', ...(isLearnt(plan) ? ['prior'] : [])],
    description: `${method}, ${basis}objective ${objective}, ${optimized.checkpoint.step} steps of ${batchSize}, seed ${seed}`,
  });
}
