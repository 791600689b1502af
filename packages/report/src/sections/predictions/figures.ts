import { countAxis, linearAxis, logAxis } from '../../page/axes.js';
import {
  chart,
  dots,
  figureColumn,
  numbered,
  pixels,
  plotEnd,
  seriesLabels,
  seriesMarks,
  type Axes,
} from '../../page/chart.js';
import type { Figure, Frame } from '../../page/figure.js';
import { integer, percent } from '../../page/format.js';
import { el, escapeText } from '../../page/markup.js';
import { coordinateName, tick } from '../ensemble/mapFigure.js';
import { extents, hasLandmarks, landmarkAt, landmarks, trajectories, type Place } from '../ensemble/trajectories.js';
import type { PredictionsSection } from './shape.js';

const [left, top, widest] = [58, 36, 430];
/** hues that runs take in turn */
const hues = 7;

/** The first two coordinates of every model, on equal scales; checkpoints of a run are joined. */
export function predictionsMapFigure({ map, models, disjoint }: PredictionsSection): Figure | undefined {
  const extent = extents(map);
  if (extent === undefined) return undefined;
  const [[x0, x1], [y0, y1]] = extent;
  const unit = Math.min(widest / (x1 - x0), 430 / (y1 - y0));
  const height = Math.max(170, unit * (y1 - y0));
  const [middle, half] = [(y0 + y1) / 2, height / unit / 2];
  const frame: Frame = { left, top, width: unit * (x1 - x0), height };
  const axes: Axes = {
    x: linearAxis(x0, x1, left, left + frame.width, 6, tick),
    y: linearAxis(middle - half, middle + half, top + height, top, 6, tick),
    xTitle: coordinateName(map, 0),
    yTitle: coordinateName(map, 1),
    lines: 'both',
  };
  const place: Place = (c, i) => pixels(axes, [c[3 * i], c[3 * i + 1]]);
  const runs = map.runs.map(() => ({ family: 'nonlinear' as const }));
  const colours = new Map(map.runs.map(({ run }, i) => [run, i % hues]));
  const joined = map.runs.some(({ coordinates }) => coordinates.length > 3);
  const imaginary = map.eigenvalues.slice(0, 2).filter((value) => value < 0).length;
  return {
    name: 'inpca-map',
    title: `Map of ${integer(models)} models`,
    description:
      'Intensive principal components of the Bhattacharyya divergences between all models, on equal scales. ' +
      (joined ? 'Each line is a run, each dot a checkpoint, the large dot its end.' : 'Each dot is a model.') +
      (imaginary > 0 ? ' Squared distances along imaginary coordinates are subtracted.' : '') +
      (disjoint > 0
        ? ` ${integer(disjoint)} pairs of predictions had no class in common and count the finite convention.`
        : ''),
    height: top + height + 46,
    plotWidth: left + frame.width + 14,
    names: [{ label: '○ ignorance' }, ...(map.truth === undefined ? [] : [{ label: '□ truth' }])],
    body: chart('inpca-map', frame, axes, trajectories({ ...map, runs: inOrder(map.runs) }, runs, colours, place), [
      landmarks(map, place),
      hasLandmarks(map) ? key(left + frame.width + 24, map.truth !== undefined) : '',
    ]),
  };
}

/** Runs by their places in the list. */
function inOrder(runs: PredictionsSection['map']['runs']): PredictionsSection['map']['runs'] {
  return runs.map(({ coordinates }, run) => ({ run, coordinates }));
}

function key(x: number, truth: boolean): string {
  const kinds = ['ignorance', ...(truth ? (['truth'] as const) : [])] as const;
  const entries = kinds.map(
    (kind, i) =>
      landmarkAt({ x, y: top + 10 + 19 * i }, kind) +
      el('text', { class: 'muted', x: x + 14, y: top + 14 + 19 * i }, escapeText(kind)),
  );
  return el('g', { class: 'names' }, ...entries);
}

const frame = figureColumn(34, 260, 242);

/** Width of each coordinate on a logarithmic axis: filled for real ones, hollow for imaginary ones. */
export function predictionsWidthsFigure({ map, widths, stress, decline }: PredictionsSection): Figure | undefined {
  const end = widths.findIndex((width) => !(width > widths[0] * 1e-6));
  const shown = widths.slice(0, end < 0 ? widths.length : end);
  if (shown.length < 2) return undefined;
  const axes: Axes = {
    x: countAxis(1, shown.length, frame.left, frame.left + frame.width),
    y: logAxis(Math.min(...shown), shown[0], frame.top + frame.height, frame.top, 6),
    xTitle: ['coordinate, widest first'],
    yTitle: ['width: root mean square of the coordinate'],
  };
  const points = numbered(shown);
  const imaginary = points.filter(([k]) => map.eigenvalues[k - 1] < 0);
  const line = { label: 'widths', colour: 0, points, strong: true };
  const rings = imaginary.map((point) => {
    const { x, y } = pixels(axes, point);
    return el('circle', { class: 'hollow s0', cx: x, cy: y, r: 4 });
  });
  const real = points.filter(([k]) => map.eigenvalues[k - 1] >= 0);
  const fall =
    decline === undefined
      ? ''
      : ` Over the first ${decline.fitted} each is ${decline.ratio.toFixed(2)} of the one before (R² ${decline.rSquared.toFixed(2)}).`;
  return {
    name: 'inpca-widths',
    title: 'Widths of the map',
    description:
      `Filled dots: real coordinates; rings: imaginary ones (${imaginary.length} of ${shown.length}).${fall}` +
      (stress.length > 2 ? ` Three dimensions explain ${percent(stress[2])} of the stress.` : ''),
    height: frame.top + frame.height + 46,
    plotWidth: plotEnd(frame),
    names: [line],
    body: chart(
      'inpca-widths',
      frame,
      axes,
      [seriesMarks(axes, line), dots(axes, real, 'f0', 3), ...rings],
      [seriesLabels(axes, frame, [line])],
    ),
  };
}
