import { networkToData } from '@hyperribbon/nn';
import type { Sections } from '@hyperribbon/report';
import type { PlaneRowsJob } from '../jobs/landscape/lossPlane.js';
import type { Centre, LandscapeRun } from './landscapeRun.js';
import { planeSection } from './sections.js';

/** The loss over a plane through weights: its directions, its rows in as many threads as there are, and the way of the run in it. */
export async function planeOfWeights(
  { plan, run }: LandscapeRun,
  title: string,
  { params, trajectory }: Centre,
): Promise<Sections> {
  const { network, examples, loss, dtype, deterministic, seed, workers, axes, plane: size = 51 } = plan;
  const model = { network: networkToData(network), params };
  const way = trajectory === undefined || trajectory.steps.length < 3 ? undefined : trajectory;
  const chosen = axes === 'trajectory' && way === undefined ? 'filter' : axes;
  return run.step(title, async () => {
    const about = { model, examples, loss };
    const planned = await run.job(`${title}: directions`, {
      kind: 'plan-plane',
      ...about,
      axes: chosen,
      size,
      seed,
      ...(way && { trajectory: way }),
    });
    const parts = Math.min(workers, planned.ys.length);
    const edges = Array.from({ length: parts + 1 }, (_, i) => Math.round((i * planned.ys.length) / parts));
    const rows = edges.slice(1).map((to, i): { readonly job: PlaneRowsJob & { readonly kind: 'plane-rows' } } => ({
      job: { kind: 'plane-rows', ...about, dtype, deterministic, plan: planned, from: edges[i], to },
    }));
    const found = await run.jobs<'plane-rows'>(`${title}: losses`, rows);
    const losses = new Float64Array(planned.ys.length * planned.xs.length);
    found.forEach((part, i) => losses.set(part, edges[i] * planned.xs.length));
    const whole = await run.job(`${title}: the way of the run`, {
      kind: 'whole-plane',
      ...about,
      dtype,
      deterministic,
      plan: planned,
      losses,
      ...(way && { trajectory: way }),
    });
    return { lossPlane: planeSection(whole) };
  });
}
