import { writeNpz } from '@hyperribbon/data';
import type { FloatArray } from '@hyperribbon/kernels';
import { analyticBound, analyticPosterior, bestPlugIn, type AnalyticBoundArguments } from '@hyperribbon/pac-bayes';
import { subspaceArrays } from '@hyperribbon/pac-bayes/networks';
import type { AnalyticBoundSection } from '@hyperribbon/report';
import type { Examples } from '@hyperribbon/nn';
import type { Model } from '../jobs/job.js';
import type { PosteriorSetting } from '../jobs/posteriorErrors.js';
import type { SpectrumResult } from '../jobs/spectrum.js';
import { Stopped, type AnalysisRun } from './analysisRun.js';
import { boundCertificate } from './boundCertificate.js';

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
  run: AnalysisRun,
  step: string,
  initial: FloatArray,
  model: Model,
  stiff: SpectrumResult,
): Promise<AnalyticBoundSection> {
  const { plan } = run;
  const { train } = plan;
  const eigenvalues = stiff.values;
  const base: AnalyticBoundArguments = {
    eigenvalues,
    dimension: plan.network.size,
    displacementSquared: distanceSquared(model.params, initial),
    // the solver reports the largest entry of |U Uᵀ − I|
    orthonormality: eigenvalues.length * stiff.orthogonality,
    n: train.count,
    delta: plan.delta,
    convention: plan.convention,
    deltaMonteCarlo: plan.deltaMonteCarlo,
    chance: errorOfGuessing(train),
    drawSource: `stream seed ${plan.seed}, purpose certify; each draw meets ${plan.examplesPerDraw} examples drawn at random`,
  };
  const deviations = (precision: number): Float64Array => {
    const { directionPrecisions } = analyticPosterior({ ...base, precision });
    return Float64Array.from([...directionPrecisions, precision], (each) => 1 / Math.sqrt(each));
  };
  const draw = async (
    purpose: string,
    examples: Examples,
    settings: readonly Omit<PosteriorSetting, 'first'>[],
  ): Promise<Float64Array[]> => {
    const shares = Array.from({ length: plan.workers }, (_, worker) =>
      settings.map((setting) => share(setting, worker, plan.workers)).filter(({ draws }) => draws > 0),
    ).filter((list) => list.length > 0);
    const results = await Promise.all(
      shares.map((list, index) =>
        run.job(
          index === 0 ? `${step}: ${purpose}` : `${step}: ${purpose}, worker ${index + 1}`,
          `${purpose} draws${shares.length > 1 ? ` (${index + 1}/${shares.length})` : ''}`,
          {
            kind: 'posterior-errors',
            model,
            examples,
            directions: stiff.vectors!,
            settings: list,
            examplesPerDraw: plan.examplesPerDraw,
            seed: plan.seed,
            purpose,
            deterministic: plan.deterministic,
          },
          { priority: 3 },
        ),
      ),
    );
    if (run.stopped()) throw new Stopped(step);
    return settings.map((_, i) => concatenate(results.map(({ errors }) => errors[i] ?? new Float64Array(0))));
  };

  const started = performance.now();
  const grid = analyticBound(base).candidates.filter((_, i) => i % pilot.stride === 0);
  const pilots = await draw(
    'pilot',
    train,
    grid.map(({ j, precision }) => ({ key: j, std: deviations(precision), draws: pilot.draws })),
  );
  const evidence = grid.map(({ j }, i) => ({ j, mean: mean(pilots[i]), draws: pilots[i].length }));
  const chosen = bestPlugIn(analyticBound({ ...base, evidence }));
  const setting = { key: chosen.j, std: deviations(chosen.precision) };
  const [certify] = await draw('certify', train, [{ ...setting, draws: plan.draws }]);
  const [test] = await draw('test', plan.test, [{ ...setting, draws: Math.min(200, plan.draws) }]);
  const result = analyticBound({
    ...base,
    evidence,
    certificate: { j: chosen.j, mean: mean(certify), draws: certify.length },
  });
  const arrays = subspaceArrays(
    { network: plan.network, mean: model.params, directions: stiff.vectors!, std: setting.std },
    { mean: initial, std: new Float64Array(setting.std.length).fill(setting.std.at(-1)!) },
  );
  const certificate = boundCertificate(plan, base, result, arrays);
  run.attachments.set('certificate.json', `${JSON.stringify(certificate, null, 1)}\n`);
  // stored: weights do not deflate, and time is better spent elsewhere
  run.attachments.set('posterior.npz', writeNpz(arrays, { compress: false }));
  run.sections.finish(step, (performance.now() - started) / 1000);
  const { penaltyForm: _form, ...record } = result;
  return {
    ...record,
    selection: selectionText[result.selection],
    posteriorTest: { mean: mean(test), draws: test.length },
  };
}

/** A worker's part of the draws of one setting: consecutive indices, so the set of draws does not depend on the workers. */
function share(setting: Omit<PosteriorSetting, 'first'>, worker: number, workers: number): PosteriorSetting {
  const first = Math.floor((setting.draws * worker) / workers);
  const end = Math.floor((setting.draws * (worker + 1)) / workers);
  return { ...setting, first, draws: end - first };
}

/** Error of always answering the most frequent class: a bound that is not below it says nothing. */
function errorOfGuessing({ labels, classes }: Examples): number {
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label] += 1;
  return 1 - Math.max(...counts) / labels.length;
}

function distanceSquared(a: FloatArray, b: FloatArray): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
