import { writeNpz } from '@hyperribbon/data';
import type { FloatArray } from '@hyperribbon/kernels';
import {
  analyticBound,
  analyticPosterior,
  bestPlugIn,
  meanOf,
  squaredDistance,
  type AnalyticBoundArguments,
  type GridEvidence,
} from '@hyperribbon/pac-bayes';
import { certifyingStream, posteriorArrays, type SettledDraws } from '@hyperribbon/pac-bayes/networks';
import type { AnalyticBoundSection } from '@hyperribbon/report';
import type { Examples } from '@hyperribbon/nn';
import { shareArray } from '@hyperribbon/study';
import type { Model } from '../input/model.js';
import type { PosteriorSetting } from '../jobs/posteriorErrors.js';
import type { NetworkSpectrum } from '@hyperribbon/landscape';
import { priorities, steps, type AnalysisRun } from './analysisRun.js';
import { boundCertificate } from './boundCertificate.js';
import { deltaMonteCarlo } from './deltaMonteCarlo.js';
import { guessing } from './guessing.js';
import type { ClassPlan } from './bounded.js';
import { testSets } from './testSets.js';

/** Every third precision of the grid gets a few draws; the winner gets fresh ones. */
const pilot = { stride: 3, draws: 6 };

const selectionText = {
  fixed: 'one prior precision, fixed in advance',
  split: 'the Monte-Carlo confidence is divided over all precisions that were tried',
  'fresh-draws': 'the precision was chosen with pilot draws; the certificate rests on fresh draws alone',
};

/**
 * The analytic PAC-Bayes bound [yang2022; spec section 6]: posterior from the Hessian's stiff directions, exact penalty on the ε
 * grid, pilot draws to choose ε, fresh draws to certify it.
 */
export async function boundSection(
  analysis: AnalysisRun<ClassPlan>,
  initial: FloatArray,
  model: Model,
  stiff: NetworkSpectrum,
  plain: FloatArray,
): Promise<AnalyticBoundSection> {
  const { plan, attachments } = analysis;
  const { seed, deterministic } = plan;
  const base = boundArguments(plan, initial, model, stiff);
  const directions = shareArray(stiff.vectors!);
  const draw = (purpose: string, examples: Examples, settings: readonly Draws[]) =>
    drawErrors(analysis, { purpose, model, examples, directions, seed, deterministic }, settings);

  const grid = analyticBound(base).candidates.filter((_, i) => i % pilot.stride === 0);
  const pilots = await draw(
    'pilot',
    plan.train,
    grid.map(({ j, precision }) => ({ key: j, std: deviations(base, precision), draws: pilot.draws })),
  );
  const evidence = grid.map(({ j }, i) => evidenceAt(j, pilots[i], 'pilot'));
  const chosen = bestPlugIn(analyticBound({ ...base, evidence }));
  const setting = { key: 0, std: deviations(base, chosen.precision) };
  const posterior = { network: plan.network, mean: model.params, directions, std: setting.std };
  const settled = settledDraws(plan, directions);
  const stream = certifyingStream(posterior, settled);
  const counted = await drawErrors(
    analysis,
    { ...stream, model, examples: plan.train, directions, deterministic: true },
    [{ ...setting, draws: plan.draws }],
  );
  const certify = mistakes(counted[0], settled);
  const [test] =
    plan.test === undefined ? [] : await draw('test', plan.test, [{ ...setting, draws: Math.min(200, plan.draws) }]);
  const result = analyticBound({
    ...base,
    evidence,
    certificate: { j: chosen.j, mean: certify / settled.trials, draws: settled.passes, source: `seed ${stream.seed}` },
  });
  const arrays = posteriorArrays(posterior, {
    mean: initial,
    std: new Float64Array(setting.std.length).fill(Math.sqrt(1 / chosen.precision)),
  });
  const certificate = boundCertificate(plan, base, result, { arrays, stream, settled, errors: certify });
  attachments.set('certificate.json', `${JSON.stringify(certificate, null, 1)}\n`);
  // stored: weights do not deflate, and time is better spent elsewhere
  attachments.set('posterior.npz', writeNpz(arrays, { compress: false }));
  const fixed = await testSets(plan, { plain, mean: model.params });
  for (const [name, content] of fixed.flatMap(({ attachments: files }) => files)) attachments.set(name, content);
  const { penaltyForm: _form, ...record } = result;
  return {
    ...record,
    // the certificate rounds the quotient of counts up: its number is the one that counts
    best: { ...result.best!, value: certificate.claim.bound, vacuous: certificate.claim.vacuous },
    selection: selectionText[result.selection],
    ...(test === undefined ? {} : { posteriorTest: { mean: meanOf(test), draws: test.length } }),
    testSets: fixed.map(({ row }) => row),
    guessing: guessing(plan),
  };
}

function boundArguments(
  plan: ClassPlan,
  initial: FloatArray,
  { params }: Model,
  { values, orthogonality }: NetworkSpectrum,
): AnalyticBoundArguments {
  return {
    eigenvalues: values,
    dimension: plan.network.size,
    displacementSquared: squaredDistance(params, initial),
    // the solver reports the largest entry of |U Uᵀ − I|
    orthonormality: values.length * orthogonality,
    n: plan.train.count,
    delta: plan.delta,
    convention: plan.convention,
    deltaMonteCarlo,
    chance: guessing(plan).error,
    drawSource: `a stream that follows from the posterior; each draw meets ${plan.examplesPerDraw} examples drawn at random`,
  };
}

/** Deviations of the posterior along the directions and in all others. */
function deviations(base: AnalyticBoundArguments, precision: number): Float64Array {
  const { directionPrecisions } = analyticPosterior({ ...base, precision });
  return Float64Array.from([...directionPrecisions, precision], (each) => 1 / Math.sqrt(each));
}

/** What draws say of one precision; fresh ones come from another source than those that chose it. */
function evidenceAt(j: number, errors: Float64Array, source: string): GridEvidence {
  return { j, mean: meanOf(errors), draws: errors.length, source };
}

function settledDraws({ draws, examplesPerDraw }: ClassPlan, directions: FloatArray): SettledDraws {
  const dtype = directions.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32';
  const trials = draws * examplesPerDraw;
  return { scheme: 'random-subset', passes: draws, trials, batchSize: examplesPerDraw, dtype, noise: 'weights' };
}

/** Every error is a whole number of mistakes over the examples of a draw. */
function mistakes(errors: Float64Array, { batchSize }: SettledDraws): number {
  return errors.reduce((sum, error) => sum + Math.round(error * batchSize), 0);
}

type Draws = Omit<PosteriorSetting, 'first'>;

/** Errors of the draws of each setting, shared among the workers by consecutive indices: the draws do not depend on who makes them. */
async function drawErrors(
  { plan, run }: AnalysisRun,
  what: {
    readonly purpose: string;
    readonly model: Model;
    readonly examples: Examples;
    readonly directions: FloatArray;
    readonly seed: number;
    readonly deterministic: boolean;
  },
  settings: readonly Draws[],
): Promise<Float64Array[]> {
  const { examplesPerDraw, workers } = plan;
  const shares = Array.from({ length: workers }, (_, worker) =>
    settings.map(({ draws, ...setting }) => {
      const first = Math.floor((draws * worker) / workers);
      return { ...setting, first, draws: Math.floor((draws * (worker + 1)) / workers) - first };
    }),
  ).filter((list) => list.some(({ draws }) => draws > 0));
  const results = await run.jobs(
    `${what.purpose} draws`,
    shares.map((list) => ({
      job: { kind: 'posterior-errors' as const, ...what, settings: list, examplesPerDraw },
    })),
    {
      step: `${steps.bound}: ${what.purpose}`,
      priority: priorities.draws,
      summary: () => `${settings.reduce((sum, { draws }) => sum + draws, 0)} draws`,
    },
  );
  return settings.map((_, i) => Float64Array.from(results.flatMap(({ errors }) => [...errors[i]])));
}
