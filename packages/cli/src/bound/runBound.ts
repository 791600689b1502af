import { evaluate, type Examples } from '@hyperribbon/nn';
import type { Certificate } from '@hyperribbon/pac-bayes';
import {
  certifyPosterior,
  isotropicPrior,
  kroneckerPrior,
  networkCertificate,
  optimizeBound,
  posteriorArrays,
  posteriorErrors,
  toBasis,
  type KroneckerBasis,
  type NamedArrays,
  type NetworkBound,
  type OptimizedBound,
  type PosteriorErrors,
  type PriorFamily,
} from '@hyperribbon/pac-bayes/networks';
import { rows } from '../input/splits.js';
import { percent } from '../output/percent.js';
import type { ProgressLines } from '../output/progressLines.js';
import type { StoppedBound } from './boundFiles.js';
import type { BoundPlan } from './boundPlan.js';
import { boundSplits } from './boundSplits.js';
import { kroneckerBasis } from '@hyperribbon/landscape';
import { learnPrior } from './learnPrior.js';
import { stepTimes } from './stepTimes.js';
import { watchOptimization } from './watchOptimization.js';
import { startWeights } from './startWeights.js';
import { movingBasis, type MovingBasis } from './movingBasis.js';

export interface BoundRun {
  readonly optimized: Omit<OptimizedBound, 'posterior' | 'prior'>;
  readonly bound: NetworkBound;
  readonly certificate: Certificate;
  readonly arrays: NamedArrays;
  readonly test: PosteriorErrors;
  /** error of the prior's mean on the bound's and the test examples */
  readonly priorError: { readonly bound: number; readonly test: number };
  readonly seconds: { readonly step: string; readonly seconds: number }[];
  /** where directions of the posterior came from, if it has them */
  readonly curvature?: string;
}

export interface RunBoundContext {
  readonly progress: ProgressLines;
  /** fires at the first Ctrl-C: training stops, and what there is gets certified */
  readonly signal: AbortSignal;
  readonly resume?: StoppedBound;
  /** a prior's mean that was trained before with the same options */
  readonly prior?: Float32Array;
  /** called when the prior's mean is trained */
  readonly savePrior: (weights: Float32Array) => void;
  /** called about once a minute and when the optimisation ends */
  readonly save: (stopped: Omit<StoppedBound, 'key'>) => void;
}

/** From data and a network to a certified bound: prior, basis, optimisation, evaluation by fresh draws, certificate. */
export async function runBound(plan: BoundPlan, context: RunBoundContext): Promise<BoundRun> {
  const { network, train, priorCount, seed } = plan;
  const { progress, resume } = context;
  const { seconds, timed } = stepTimes();
  const examples = rows(train, priorCount, train.count);
  const priorMean = resume?.priorMean ?? (await timed('prior', () => priorWeights(plan, context)));

  const shaped = plan.method === 'method2' || plan.method === 'method4';
  const inputs = plan.heldOut?.examples;
  const turn =
    shaped && inputs !== undefined
      ? await timed('curvature of the prior', () => {
          const step = progress.start(`Kronecker factors of ${inputs.count} inputs beside the bound's`);
          const found = kroneckerBasis(network, priorMean, inputs, { turn: plan.basis, kind: plan.factors, seed });
          step.done(plan.basis === 'full' ? 'both sides of every layer' : 'inputs of the first layer');
          return found;
        })
      : undefined;
  const basis = turn?.basis;
  const inBasis = (weights: Float32Array) => (basis === undefined ? weights : toBasis(network, weights, basis));
  const moving = plan.method === 'method3' ? movingBasis(network, examples, { kind: plan.factors, seed }) : undefined;
  const mean = inBasis(priorMean);
  const prior = priorFamily(plan, mean, turn?.spectrum);

  const start = plan.start ?? (await timed('start', () => startWeights(plan, examples, priorMean, context)));
  const optimized = await timed('optimisation', () =>
    watchOptimization(plan, context, { priorMean, count: examples.count }, (asked) =>
      optimizeBound(examples, {
        prior,
        ...(basis === undefined ? {} : { basis, meansIn: plan.meansIn }),
        ...(moving === undefined ? {} : { renewBasis: moving.at }),
        initialMean: inBasis(start),
        initialStd: plan.initialStd,
        ...asked,
      }),
    ),
  );

  const { posterior, prior: seen } = optimized;
  // after Ctrl-C one pass has to do: the certificate pays for having fewer trials
  const passes = optimized.reason === 'aborted' ? 1 : plan.passes;
  const measuring = progress.start(`certifying: ${passes} × ${examples.count} independent trials`);
  const bound = await timed('certification', () =>
    certifyPosterior(posterior, examples, {
      prior: seen,
      near: optimized.variances,
      delta: plan.delta,
      deltaMonteCarlo: plan.deltaMonteCarlo,
      passes,
      seed,
      onProgress: ({ done, of, detail }) =>
        measuring.update({ fraction: done / of, detail: `error ${percent((detail?.errors ?? 0) / done)}` }),
    }),
  );
  measuring.done(`certified error ${percent(bound.bound.value)}${bound.bound.vacuous ? ', vacuous' : ''}`);
  const test = await timed('test', () => posteriorErrors(posterior, plan.test, { seed, purpose: 'posterior/test' }));
  const priorError = {
    bound: (await evaluate(network, priorMean, examples)).error,
    test: (await evaluate(network, priorMean, plan.test)).error,
  };
  return {
    optimized,
    bound,
    certificate: certificateOf(plan, examples, basis, optimized, bound, moving),
    arrays: posteriorArrays(posterior, seen, bound.prior),
    test,
    priorError,
    seconds,
  };
}

/** The prior's mean: random weights, or trained on examples that the bound leaves out. */
export async function priorWeights(
  plan: BoundPlan,
  { progress, signal, prior, savePrior }: RunBoundContext,
): Promise<Float32Array> {
  const { network, train, priorCount, seed, priorEpochs } = plan;
  const initial = network.init(seed, 'float32') as Float32Array;
  if (priorCount === 0) return initial;
  if (prior !== undefined) {
    progress.print("the prior's mean was trained before");
    return prior;
  }
  const step = progress.start(`training the prior's mean on ${priorCount} examples that the bound does not use`);
  const { weights, finished } = await learnPrior(network, rows(train, 0, priorCount), {
    epochs: priorEpochs,
    batchSize: Math.min(100, plan.batchSize),
    learningRate: plan.priorRate,
    shift: plan.priorShift,
    seed,
    initial,
    signal,
    report: (fraction, detail) => step.update({ fraction, detail }),
  });
  if (finished) {
    step.done('');
    savePrior(weights);
  } else step.stopped('stopped early');
  return weights;
}

function priorFamily(
  plan: BoundPlan,
  mean: Float32Array | Float64Array,
  spectrum: ReturnType<typeof kroneckerBasis>['spectrum'] | undefined,
): PriorFamily {
  const { network, method, priorVariance: start } = plan;
  if (method === 'method4' && spectrum !== undefined) {
    return kroneckerPrior(network, mean, spectrum, { groups: 'layer', start, shapedStart: 1000 * start });
  }
  const groups = method === 'isotropic' ? 'all' : 'layer';
  const grid = { b: groups === 'all' ? 100 : 20, c: 0.1 };
  return isotropicPrior(network, mean, { groups, start, grid, fixed: plan.fixedScale });
}

function certificateOf(
  plan: BoundPlan,
  examples: Examples,
  basis: KroneckerBasis | undefined,
  optimized: OptimizedBound,
  bound: NetworkBound,
  moving: MovingBasis | undefined,
): Certificate {
  const { priorCount, heldOut, seed, randomLabels: labels } = plan;
  const learnt = priorCount > 0;
  const splits = boundSplits(plan, examples, basis !== undefined);
  const basisSaw = [...new Set([...(learnt ? ['prior'] : []), ...(heldOut === undefined ? [] : [heldOut.name])])];
  return networkCertificate({
    bound,
    posterior: optimized.posterior,
    prior: optimized.prior,
    data: { splits, bound: 'bound', ...(labels === undefined ? {} : { labels }) },
    priorMean: learnt
      ? { description: `trained ${plan.priorEpochs} epochs on split "prior"`, saw: ['prior'], seed }
      : { description: 'random initialisation', saw: [], seed, purpose: 'init' },
    ...(basis === undefined
      ? {}
      : {
          priorBasis: {
            description: `eigenvectors and eigenvalues of the Kronecker-factored Fisher matrix (${plan.factors.toUpperCase()}) of inputs of split "${heldOut?.name}" at the prior's mean`,
            saw: basisSaw,
          },
        }),
    posteriorSaw: ['bound', ...(learnt ? ['prior'] : [])],
    description: `${plan.method}, ${moving === undefined ? '' : `basis of the Kronecker factors of the first ${moving.count} inputs of split "bound", renewed every epoch, `}objective ${plan.objective}, ${optimized.checkpoint.step} steps of ${plan.batchSize}, seed ${seed}`,
    ...(labels !== undefined ? { caveats: ['the labels were replaced by random ones, as a control'] } : {}),
    command: plan.commandLine,
  });
}
