import type { FloatArray } from '@hyperribbon/kernels';
import type { FlowMoment } from '@hyperribbon/landscape/dynamics';
import { networkToData } from '@hyperribbon/nn';
import { keptEvery, type WatchDescentResult } from '../jobs/landscape/watchDescent.js';
import type { DescentPlan, LandscapePlan } from './plan.js';
import type { LandscapeRun } from './landscapeRun.js';

/** A flow with its weights at its moments. */
export interface Flowed {
  readonly moments: readonly FlowMoment[];
  readonly weights: readonly FloatArray[];
}

/** The steps at which weights of the run are kept: flows are asked for the same times. */
function keptSteps({ steps, every }: DescentPlan): readonly number[] {
  const stride = keptEvery(steps, every);
  const inner = Array.from({ length: Math.ceil(steps / stride) }, (_, i) => i * stride);
  return [...inner, steps];
}

/** Gradient flow from the start of the run, at the times of its kept weights. What ended early is told in the notes. */
export async function flowOfRun(
  { plan, run, notes }: LandscapeRun,
  title: string,
  descent: DescentPlan,
  initial: FloatArray,
): Promise<Flowed> {
  const { learningRate, steps } = descent;
  const times = keptSteps(descent).map((step) => step * learningRate);
  const found = await run.job(
    title,
    {
      kind: 'gradient-flow',
      ...startOf(plan, initial),
      learningRate,
      time: steps * learningRate,
      times,
      keepWeights: true,
    },
    { summary: ([{ moments }]) => `S ${Number((moments.at(-1)?.sharpness ?? NaN).toPrecision(3))}` },
  );
  if (found.reason !== 'reached-end') notes.push({ title: 'Gradient flow', kind: 'warning', text: found.message });
  return { moments: found.moments, weights: found.weights ?? [] };
}

/** Where the run is on average, from its start. What ended early, and why there is no such flow, is told in the notes. */
export async function centralFlowOfRun(
  { plan, run, notes }: LandscapeRun,
  title: string,
  descent: DescentPlan,
  initial: FloatArray,
): Promise<Flowed | undefined> {
  const { learningRate, steps } = descent;
  const found = await run.job(
    title,
    {
      kind: 'central-flow',
      ...startOf(plan, initial),
      learningRate,
      steps,
      at: keptSteps(descent),
      keepWeights: true,
    },
    {
      summary: ([result]) =>
        'none' in result ? 'none' : `${result.moments.at(-1)?.critical ?? 0} eigenvalues at the edge`,
    },
  );
  const note = (text: string): void => void notes.push({ title: 'Central flow', kind: 'warning', text });
  if ('none' in found) return void note(`${found.none}.`);
  if (found.reason !== 'reached-end') note(found.message);
  const { crowded, residual, moments, weights = [] } = found;
  if (crowded > 0)
    note(
      `At ${crowded} parts of steps more eigenvalues stood at the edge than it holds there; the others were free to rise.`,
    );
  if (Number.isNaN(residual))
    note('At some steps no oscillation holds the sharpness at the edge: the flow went on above it.');
  return { moments: moments.map(({ variance: _variance, residual: _residual, ...moment }) => moment), weights };
}

function startOf({ network, examples, loss, seed, dtype, deterministic }: LandscapePlan, initial: FloatArray) {
  return { network: networkToData(network), examples, initial, loss, seed, dtype, deterministic };
}

/** ‖w_run − w_flow‖ at the times at which both are known. */
export function withDistances(
  { moments, weights }: Flowed,
  { steps, records }: WatchDescentResult['trajectory'],
): readonly FlowMoment[] {
  return moments.map((moment, i) => {
    const record = records[steps.indexOf(Math.round(moment.step))];
    return record === undefined || weights[i] === undefined
      ? moment
      : { ...moment, distance: distanceOf(record, weights[i]) };
  });
}

function distanceOf(a: FloatArray, b: FloatArray): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return Math.sqrt(sum);
}
