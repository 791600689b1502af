import { linearAxis } from '../../page/axes.js';
import { chart, pixels, type Axes } from '../../page/chart.js';
import type { Figure, Frame } from '../../page/figure.js';
import { number, withMinus } from '../../page/format.js';
import type { Rich } from '../../page/markup.js';
import { legend, legendHeight, legendNames, legendStart } from './legend.js';
import { modelGroups, runColours } from './modelGroups.js';
import type { EnsembleSection, InpcaMap, SampleMaps } from './shape.js';
import { extents, hasLandmarks, landmarks, trajectories, type Place } from './trajectories.js';
import { where } from './where.js';

const [left, top] = [58, 36];
const widest = 430;

/** The first two coordinates of every trajectory, on equal scales. */
export function mapFigure(part: SampleMaps, map: InpcaMap, { runs }: EnsembleSection): Figure | undefined {
  const extent = extents(map);
  if (extent === undefined) return undefined;
  const [[x0, x1], [y0, y1]] = extent;
  const unit = Math.min(widest / (x1 - x0), 430 / (y1 - y0));
  // thin maps keep a readable height: the room is empty, the scale stays equal
  const height = Math.max(170, unit * (y1 - y0));
  const middle = (y0 + y1) / 2;
  const half = height / unit / 2;
  const frame: Frame = { left, top, width: unit * (x1 - x0), height };
  const bottom = top + height;
  const axes: Axes = {
    x: linearAxis(x0, x1, left, left + frame.width, 6, tick),
    y: linearAxis(middle - half, middle + half, bottom, top, 6, tick),
    xTitle: coordinateName(map, 0),
    yTitle: coordinateName(map, 1),
    lines: 'both',
  };
  const groups = modelGroups(runs);
  const place: Place = (c, i) => pixels(axes, [c[3 * i], c[3 * i + 1]]);
  const name = `map-${map.madeFrom}-${part.samples}`;
  const made = map.madeFrom === 'all' ? 'Map of all models' : 'Map made by the linear models, all others embedded';
  return {
    name,
    title: `${made}, ${where(part)}`,
    description: describe(part, map),
    height: Math.max(bottom + 46, legendHeight(groups)),
    plotWidth: legendStart,
    plotHeight: bottom + 46,
    names: legendNames(groups, hasLandmarks(map)),
    body: chart(name, frame, axes, trajectories(map, runs, runColours(groups), place), [
      landmarks(map, place),
      legend(groups, hasLandmarks(map)),
    ]),
  };
}

/** Round values: as few digits as they have. */
export function tick(t: number): Rich {
  return [withMinus(String(Number(t.toPrecision(3))))];
}

/** "coordinate 2, imaginary, λ = −3.1" */
export function coordinateName({ eigenvalues }: InpcaMap, k: number): Rich {
  const value = eigenvalues[k] ?? 0;
  return [`coordinate ${k + 1}, ${value < 0 ? 'imaginary' : 'real'}, λ = `, ...number(value)];
}

function describe({ disjoint }: SampleMaps, map: InpcaMap): string {
  const imaginary = map.eigenvalues.slice(0, 3).flatMap((value, k) => (value < 0 ? [k + 1] : []));
  const signs =
    imaginary.length === 0
      ? 'The first three coordinates are real: distances along them add.'
      : `Coordinate ${imaginary.join(' and ')} ${imaginary.length > 1 ? 'are' : 'is'} imaginary: squared distances along ${imaginary.length > 1 ? 'them' : 'it'} are subtracted.`;
  const made =
    map.madeFrom === 'all'
      ? 'Intensive principal components of the Bhattacharyya divergences between all checkpoints of all runs.'
      : 'The axes come from the linear models alone; the nonlinear ones are placed by their divergences to them.';
  const pairs =
    disjoint > 0 ? ` ${disjoint} pairs of predictions had no class in common and count the finite convention.` : '';
  return `${made} Each line is a run, each dot a checkpoint, the mark its end; both axes have the same scale. ${signs}${pairs}`;
}
