import { sharpnessChange } from '@hyperribbon/landscape';
import { networkToData } from '@hyperribbon/nn';
import type { JacobianSection } from '@hyperribbon/report';
import type { WatchDescentResult } from '../jobs/landscape/watchDescent.js';
import type { LandscapeRun } from './landscapeRun.js';

type Change = NonNullable<JacobianSection['change']>;

/** Products of one search: enough for two digits, and less than a run of some hundred steps takes. */
const maxMatvecs = 200;

/**
 * Which factor of the sharpness changed it, from the kept moment at which it was furthest from that at the end; undefined where there are no two moments with a
 * sharpness above 0, and for networks whose statistics move with the run.
 */
export async function changeOfSharpness(
  { plan, run }: LandscapeRun,
  title: string,
  { record, trajectory }: WatchDescentResult,
): Promise<Change | undefined> {
  if (plan.network.buffers !== undefined) return undefined;
  const moments = furthestFromEnd(record.moments, trajectory.steps);
  if (moments === undefined) return undefined;
  const { examples, loss, dtype, deterministic, seed } = plan;
  const network = networkToData(plan.network);
  const [before, after] = await run.jobs<'sharpness-factors'>(
    title,
    moments.map((at) => ({
      job: {
        kind: 'sharpness-factors',
        model: { network, params: trajectory.records[at] },
        examples,
        loss,
        dtype,
        deterministic,
        seed,
        maxMatvecs,
      } as const,
    })),
  );
  const change = sharpnessChange(before, after);
  const { ratio, tangent, curvature, residual, jacobian, most } = change;
  if (![ratio, tangent, curvature, residual, jacobian].every((x) => Number.isFinite(x) && x > 0)) return undefined;
  const [from, to] = moments.map((at) => trajectory.steps[at]);
  return {
    from,
    to,
    before: before.sharpness.value,
    after: after.sharpness.value,
    tangent,
    curvature,
    residual,
    jacobian,
    ...(most && { most }),
    converged: before.converged && after.converged,
  };
}

/** Numbers of two kept weights: where the sharpness was furthest from that at the end in ratio, and the end. */
export function furthestFromEnd(
  moments: WatchDescentResult['record']['moments'],
  steps: readonly number[],
): readonly [number, number] | undefined {
  const at = new Map(moments.map(({ step, hessian }) => [step, hessian.values[0]]));
  const end = steps.length - 1;
  const last = at.get(steps[end]);
  if (last === undefined || !(last > 0) || last === Infinity) return undefined;
  let [furthest, most] = [-1, 0];
  for (let i = 0; i < end; i++) {
    const value = at.get(steps[i]);
    if (value === undefined || !(value > 0) || value === Infinity) continue;
    const ratio = Math.max(value / last, last / value);
    if (ratio > most) [furthest, most] = [i, ratio];
  }
  return furthest < 0 ? undefined : [furthest, end];
}
