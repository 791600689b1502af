import type { FloatArray } from '@hyperribbon/kernels';
import type { FlowMoment } from '@hyperribbon/landscape/dynamics';
import { networkToData } from '@hyperribbon/nn';
import { keptEvery, type WatchDescentResult } from '../jobs/landscape/watchDescent.js';
import type { DescentPlan } from './plan.js';
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
  const { network, examples, loss, seed, dtype, deterministic } = plan;
  const { learningRate, steps } = descent;
  const times = keptSteps(descent).map((step) => step * learningRate);
  const found = await run.job(
    title,
    {
      kind: 'gradient-flow',
      network: networkToData(network),
      examples,
      initial,
      loss,
      seed,
      dtype,
      deterministic,
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
