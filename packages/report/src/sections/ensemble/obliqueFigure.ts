import type { Figure } from '../../page/figure.js';
import { el, svgText } from '../../page/markup.js';
import { legend, legendHeight, legendNames, legendStart } from './legend.js';
import { coordinateName } from './mapFigure.js';
import { modelGroups, runColours } from './modelGroups.js';
import type { EnsembleSection, InpcaMap, SampleMaps } from './shape.js';
import { extents, hasLandmarks, joined, landmarks, places, trajectories } from './trajectories.js';
import { where } from './where.js';

/** Depth is drawn at 35° and half its length (a cabinet projection). */
const depth = { across: 0.5 * 0.819, up: 0.5 * 0.574 };
const [left, top] = [40, 34];

interface Projection {
  readonly stretch: number;
  readonly bottom: number;
  readonly at: (x: number, y: number, z: number) => { readonly x: number; readonly y: number };
}

type Box = readonly (readonly [low: number, high: number])[];

function projection([[x0, x1], [y0, y1], [z0, z1]]: Box): Projection {
  // a third coordinate too thin to see is drawn larger, and said so
  const stretch = (z1 - z0) * 4 < x1 - x0 ? Math.max(1, Math.floor((x1 - x0) / (2 * (z1 - z0)))) : 1;
  const across = x1 - x0 + depth.across * stretch * (z1 - z0);
  const up = y1 - y0 + depth.up * stretch * (z1 - z0);
  const unit = Math.min(440 / across, 420 / up);
  const bottom = top + unit * up;
  return {
    stretch,
    bottom,
    at: (x, y, z) => ({
      x: left + unit * (x - x0 + depth.across * stretch * (z - z0)),
      y: bottom - unit * (y - y0 + depth.up * stretch * (z - z0)),
    }),
  };
}

/** The first three coordinates in oblique projection, on equal scales, with shadows on the floor. */
export function obliqueFigure(part: SampleMaps, map: InpcaMap, { runs }: EnsembleSection): Figure | undefined {
  const box = extents(map);
  if (box === undefined) return undefined;
  const { at, stretch, bottom } = projection(box);
  const floor = box[1][0];
  const shadows = map.runs.map(({ coordinates }) =>
    el('polyline', {
      class: 'grid',
      points: joined(places(coordinates, (c, i) => at(c[3 * i], floor, c[3 * i + 2]))),
    }),
  );
  const groups = modelGroups(runs);
  const place = (c: readonly number[], i: number) => at(c[3 * i], c[3 * i + 1], c[3 * i + 2]);
  return {
    name: `map3d-${map.madeFrom}-${part.samples}`,
    title: `The same map in three dimensions, ${where(part)}`,
    description:
      'Oblique projection: the first coordinate runs to the right, the second up, the third into the page at half its length' +
      (stretch > 1 ? ` and ${stretch} times its scale, because it is so thin` : ', on the scale of the others') +
      '. Grey: shadows on the floor.',
    height: Math.max(bottom + 46, legendHeight(groups)),
    plotWidth: legendStart,
    plotHeight: bottom + 46,
    names: legendNames(groups, hasLandmarks(map)),
    body:
      frameOf(box, at) +
      shadows.join('') +
      trajectories(map, runs, runColours(groups), place).join('') +
      landmarks(map, place) +
      names(map, box, at) +
      legend(groups, hasLandmarks(map)),
  };
}

/** Corners by 0 (low) and 1 (high) in each coordinate. */
const edges: readonly (readonly [from: string, to: string, name: 'axis' | 'grid'])[] = [
  ['000', '100', 'axis'],
  ['000', '010', 'axis'],
  ['100', '101', 'axis'],
  ['000', '001', 'grid'],
  ['001', '101', 'grid'],
  ['001', '011', 'grid'],
  ['010', '011', 'grid'],
  ['011', '111', 'grid'],
  ['101', '111', 'grid'],
];

function cornerOf(box: Box, at: Projection['at'], which: string): ReturnType<Projection['at']> {
  const [x, y, z] = box.map((range, k) => range[Number(which[k])]);
  return at(x, y, z);
}

function frameOf(box: Box, at: Projection['at']): string {
  return edges
    .map(([from, to, name]) => {
      const [a, b] = [cornerOf(box, at, from), cornerOf(box, at, to)];
      return el('line', { class: name, x1: a.x, y1: a.y, x2: b.x, y2: b.y });
    })
    .join('');
}

/** Each coordinate's name at the end of its axis. */
function names(map: InpcaMap, box: Box, at: Projection['at']): string {
  const [ax, ay, az] = ['100', '010', '101'].map((corner) => cornerOf(box, at, corner));
  const text = (x: number, y: number, k: number, anchor: string): string =>
    el('text', { class: 'tick', x, y, 'text-anchor': anchor }, svgText(coordinateName(map, k)));
  return (
    text(left, ax.y + 18, 0, 'start') +
    text(ay.x - 30, ay.y - 10, 1, 'start') +
    text(Math.max(az.x, ax.x + 40), az.y + 0.5 * (ax.y - az.y) + 34, 2, 'end')
  );
}
