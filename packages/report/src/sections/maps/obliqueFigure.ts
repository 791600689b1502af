import type { Figure } from '../../page/figure.js';
import { el, svgText } from '../../page/markup.js';
import { coordinateName, extents, landmark, legend, trajectories } from './mapFigure.js';
import { modelGroups } from './modelGroups.js';
import type { EnsembleSection, InpcaMap, MapSection } from '../../ribbon/ribbonStudy.js';
import { where } from './stressFigure.js';

/** Depth is drawn at 35° and half its length (a cabinet projection). */
const depth = { across: 0.5 * 0.819, up: 0.5 * 0.574 };

/** The first three coordinates in oblique projection, on equal scales, with shadows on the floor. */
export function obliqueFigure(section: MapSection, map: InpcaMap, ensemble: EnsembleSection): Figure | undefined {
  const extent = extents(map);
  if (extent === undefined) return undefined;
  const [[x0, x1], [y0, y1], [z0, z1]] = extent;
  // a third coordinate too thin to see is drawn larger, and said so
  const stretch = (z1 - z0) * 4 < x1 - x0 ? Math.max(1, Math.floor((x1 - x0) / (2 * (z1 - z0)))) : 1;
  const across = x1 - x0 + depth.across * stretch * (z1 - z0);
  const up = y1 - y0 + depth.up * stretch * (z1 - z0);
  const unit = Math.min(440 / across, 420 / up);
  const [left, top] = [40, 34];
  const bottom = top + unit * up;
  const project = (x: number, y: number, z: number): readonly [number, number] => [
    left + unit * (x - x0 + depth.across * stretch * (z - z0)),
    bottom - unit * (y - y0 + depth.up * stretch * (z - z0)),
  ];
  const place = (c: readonly number[], i: number): readonly [number, number] =>
    project(c[3 * i], c[3 * i + 1], c[3 * i + 2]);
  const edge = (a: readonly [number, number], b: readonly [number, number], name = 'axis'): string =>
    el('line', { class: name, x1: a[0], y1: a[1], x2: b[0], y2: b[1] });
  const corner = (i: 0 | 1, j: 0 | 1, k: 0 | 1): readonly [number, number] =>
    project([x0, x1][i], [y0, y1][j], [z0, z1][k]);
  const box = [
    edge(corner(0, 0, 0), corner(1, 0, 0)),
    edge(corner(0, 0, 0), corner(0, 1, 0)),
    edge(corner(1, 0, 0), corner(1, 0, 1)),
    edge(corner(0, 0, 0), corner(0, 0, 1), 'grid'),
    edge(corner(0, 0, 1), corner(1, 0, 1), 'grid'),
    edge(corner(0, 0, 1), corner(0, 1, 1), 'grid'),
    edge(corner(0, 1, 0), corner(0, 1, 1), 'grid'),
    edge(corner(0, 1, 1), corner(1, 1, 1), 'grid'),
    edge(corner(1, 0, 1), corner(1, 1, 1), 'grid'),
  ];
  const shadows = map.runs.map(({ coordinates }) => {
    const points: string[] = [];
    for (let i = 0; i < coordinates.length; i += 3)
      points.push(
        project(coordinates[i], y0, coordinates[i + 2])
          .map((v) => v.toFixed(1))
          .join(','),
      );
    return el('polyline', { class: 'grid', points: points.join(' ') });
  });
  const groups = modelGroups(ensemble.runs);
  const colourOf = new Map(groups.flatMap(({ runs, colour }) => runs.map((run) => [run, colour] as const)));
  const [ax, ay, az] = [corner(1, 0, 0), corner(0, 1, 0), corner(1, 0, 1)];
  const text = (x: number, y: number, k: number, anchor: string): string =>
    el('text', { class: 'tick', x, y, 'text-anchor': anchor }, svgText(coordinateName(map, k)));
  return {
    name: `map3d-${map.madeFrom}-${section.samples}`,
    title: `The same map in three dimensions, ${where(section)}`,
    description:
      'Oblique projection: the first coordinate runs to the right, the second up, the third into the page at half its length' +
      (stretch > 1 ? ` and ${stretch} times its scale, because it is so thin` : ', on the scale of the others') +
      '. Grey: shadows on the floor.',
    width: 720,
    height: Math.max(bottom + 46, top + 40 + 19 * (groups.length + 4)),
    body:
      box.join('') +
      shadows.join('') +
      trajectories(map, ensemble, colourOf, place).join('') +
      landmark(map.ignorance, place, 'ignorance') +
      landmark(map.truth, place, 'truth') +
      text(left, ax[1] + 18, 0, 'start') +
      text(ay[0] - 30, ay[1] - 10, 1, 'start') +
      text(Math.max(az[0], ax[0] + 40), az[1] + 0.5 * (ax[1] - az[1]) + 34, 2, 'end') +
      legend(groups, map.ignorance !== undefined || map.truth !== undefined),
  };
}
