import { line } from 'd3-shape';
import { linearAxis, xAxis, yAxis, type Frame } from '../../page/axes.js';
import { clipId, clipTo, type Figure } from '../../page/figure.js';
import { number, withMinus } from '../../page/format.js';
import { shorten } from '../../page/labels.js';
import { el, escapeText, type Rich } from '../../page/markup.js';
import { modelGroups, type ModelGroup } from './modelGroups.js';
import type { EnsembleSection, InpcaMap, MapSection } from '../../ribbon/ribbonStudy.js';
import { where } from './stressFigure.js';

const left = 58;
const top = 36;
const widest = 430;
const legendWidth = 218;

/** The first two coordinates of every trajectory, on equal scales. */
export function mapFigure(section: MapSection, map: InpcaMap, ensemble: EnsembleSection): Figure | undefined {
  const extent = extents(map);
  if (extent === undefined) return undefined;
  const [[x0, x1], [y0, y1]] = extent;
  const unit = Math.min(widest / (x1 - x0), 430 / (y1 - y0));
  // thin maps keep a readable height: the room is empty, the scale stays equal
  const height = Math.max(170, unit * (y1 - y0));
  const middle = (y0 + y1) / 2;
  const frame: Frame = { left, top, width: unit * (x1 - x0), height };
  const bottom = top + height;
  const half = height / unit / 2;
  const x = linearAxis(x0, x1, left, left + frame.width, 6, tick);
  const y = linearAxis(middle - half, middle + half, bottom, top, 6, tick);
  const groups = modelGroups(ensemble.runs);
  const colourOf = new Map(groups.flatMap(({ runs, colour }) => runs.map((run) => [run, colour] as const)));
  const place = (coordinates: readonly number[], i: number): readonly [number, number] => [
    x.map(coordinates[3 * i]),
    y.map(coordinates[3 * i + 1]),
  ];
  const name = `map-${map.madeFrom}-${section.samples}`;
  return {
    name,
    title: `${map.madeFrom === 'all' ? 'Map of all models' : 'Map made by the linear models, all others embedded'}, ${where(section)}`,
    description: describe(section, map),
    width: 720,
    height: Math.max(bottom + 46, top + 40 + 19 * (groups.length + 4)),
    body:
      clipTo(clipId(name), frame) +
      yAxis(y, frame, coordinateName(map, 1)) +
      xAxis(x, frame, coordinateName(map, 0), true) +
      el('g', { 'clip-path': `url(#${clipId(name)})` }, ...trajectories(map, ensemble, colourOf, place)) +
      landmark(map.ignorance, place, 'ignorance') +
      landmark(map.truth, place, 'truth') +
      legend(groups, map.ignorance !== undefined || map.truth !== undefined),
  };
}

/** Round values: as few digits as they have. */
function tick(t: number): Rich {
  return [withMinus(String(Number(t.toPrecision(3))))];
}

/** "coordinate 2, imaginary, λ = −3.1" */
export function coordinateName({ eigenvalues }: InpcaMap, k: number): Rich {
  const value = eigenvalues[k] ?? 0;
  return [`coordinate ${k + 1}, ${value < 0 ? 'imaginary' : 'real'}, λ = `, ...number(value)];
}

type Place = (coordinates: readonly number[], i: number) => readonly [number, number];

/** Linear runs as lines behind, nonlinear ones in front; each checkpoint a dot, the last one larger. */
export function trajectories(
  map: InpcaMap,
  ensemble: EnsembleSection,
  colourOf: ReadonlyMap<number, number>,
  place: Place,
): string[] {
  const order = [...map.runs].sort((a, b) => rank(ensemble, a.run) - rank(ensemble, b.run));
  return order.map(({ run, coordinates }) => {
    const count = coordinates.length / 3;
    const points = Array.from({ length: count }, (_, i) => place(coordinates, i));
    const colour = colourOf.get(run) ?? 5;
    const d = line()(points.map(([x, y]) => [x, y]));
    const dots = points.map(([cx, cy], i) =>
      el('circle', {
        class: `f${colour}`,
        cx,
        cy,
        r: i === count - 1 ? 3.2 : 1.35,
        'fill-opacity': i === count - 1 ? 1 : 0.75,
      }),
    );
    return el('path', { class: `thin s${colour}`, 'stroke-opacity': '0.5', d: d ?? '' }) + dots.join('');
  });
}

const rank = (ensemble: EnsembleSection, run: number): number => (ensemble.runs[run].family === 'linear' ? 0 : 1);

/** Where every network starts out from saying nothing, and where none arrives. */
export function landmark(at: readonly number[] | undefined, place: Place, kind: 'ignorance' | 'truth'): string {
  if (at === undefined) return '';
  const [x, y] = place(at, 0);
  return kind === 'ignorance'
    ? el('circle', { class: 'hollow ink', cx: x, cy: y, r: 5 })
    : el('rect', { class: 'hollow ink', x: x - 4.5, y: y - 4.5, width: 9, height: 9 });
}

export function legend(groups: readonly ModelGroup[], landmarks: boolean): string {
  const x = 720 - legendWidth;
  let y = top + 6;
  const lines: string[] = [];
  const text = (label: string, className: string, dx: number): void => {
    lines.push(
      el('text', { class: className, x: x + dx, y: y + 4 }, escapeText(shorten(label, 13, legendWidth - dx - 4))),
    );
    y += 19;
  };
  for (const family of ['linear', 'nonlinear'] as const) {
    const members = groups.filter((group) => group.family === family);
    if (members.length === 0) continue;
    text(family, 'tick', 0);
    for (const { name, colour, runs } of members) {
      lines.push(
        el('line', { class: `thin s${colour}`, x1: x, x2: x + 14, y1: y, y2: y }) +
          el('circle', { class: `f${colour}`, cx: x + 14, cy: y, r: 3.2 }),
      );
      text(`${name} (${runs.length})`, `f${colour}`, 24);
    }
    y += 5;
  }
  if (landmarks) {
    lines.push(el('circle', { class: 'hollow ink', cx: x + 8, cy: y, r: 5 }));
    text('ignorance', 'muted', 24);
    lines.push(el('rect', { class: 'hollow ink', x: x + 3.5, y: y - 4.5, width: 9, height: 9 }));
    text('truth', 'muted', 24);
  }
  return lines.join('');
}

/** Ranges of the first three coordinates with a margin; undefined where there is nothing to draw. */
export function extents(map: InpcaMap): readonly (readonly [number, number])[] | undefined {
  const lists = [...map.runs.map(({ coordinates }) => coordinates), map.ignorance ?? [], map.truth ?? []];
  const ranges = [0, 1, 2].map((k): [number, number] => {
    let [low, high] = [Infinity, -Infinity];
    for (const list of lists)
      for (let i = k; i < list.length; i += 3) {
        low = Math.min(low, list[i]);
        high = Math.max(high, list[i]);
      }
    return [low, high];
  });
  if (!ranges.every(([low, high]) => high >= low)) return undefined;
  const size = Math.max(...ranges.map(([low, high]) => high - low));
  if (!(size > 0) || !(size < 1e150)) return undefined;
  return ranges.map(([low, high]) => [low - 0.03 * size, high + 0.03 * size] as const);
}

function describe(section: MapSection, map: InpcaMap): string {
  const imaginary = map.eigenvalues.slice(0, 3).flatMap((value, k) => (value < 0 ? [k + 1] : []));
  const signs =
    imaginary.length === 0
      ? 'The first three coordinates are real: distances along them add.'
      : `Coordinate ${imaginary.join(' and ')} ${imaginary.length > 1 ? 'are' : 'is'} imaginary: squared distances along ${imaginary.length > 1 ? 'them' : 'it'} are subtracted.`;
  const made =
    map.madeFrom === 'all'
      ? 'Intensive principal components of the Bhattacharyya divergences between all checkpoints of all runs.'
      : 'The axes come from the linear models alone; the nonlinear ones are placed by their divergences to them.';
  const disjoint =
    section.disjoint > 0
      ? ` ${section.disjoint} pairs of predictions had no class in common and count the finite convention.`
      : '';
  return `${made} Each line is a run, each dot a checkpoint, the large dot its end; both axes have the same scale. ${signs}${disjoint}`;
}
