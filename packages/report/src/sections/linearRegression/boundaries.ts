import type { PhaseDiagram, PhasePoint } from './shape.js';

/** Five places of the boundary that was found on computed covariances, both ends included. */
export function exactCrossings({ boundaries }: PhaseDiagram): readonly PhasePoint[] {
  const points = boundaries.find(({ kind }) => kind === 'exact')?.points ?? [];
  const last = points.length - 1;
  const chosen = new Set([0, 1, 2, 3, 4].map((k) => Math.round((k * last) / 4)));
  return points.filter((_, i) => chosen.has(i));
}
