import { countAxis, linearAxis } from '../../page/axes.js';
import {
  chart,
  figureColumn,
  numbered,
  pixels,
  plotEnd,
  seriesLabels,
  seriesMarks,
  type Axes,
  type Series,
} from '../../page/chart.js';
import type { Figure } from '../../page/figure.js';
import { integer, percent, percentTick } from '../../page/format.js';
import { el } from '../../page/markup.js';
import type { SampleMaps, StressCurve } from './shape.js';
import { where } from './where.js';

const frame = figureColumn(34, 290, 262);

const look: Readonly<Record<StressCurve['id'], { readonly colour: number; readonly dashed: boolean }>> = {
  all: { colour: 1, dashed: false },
  nonlinear: { colour: 4, dashed: false },
  linear: { colour: 5, dashed: true },
  'all-in-linear': { colour: 2, dashed: false },
  'nonlinear-in-linear': { colour: 0, dashed: false },
};

/** Explained stress against the number of dimensions, for maps of their own and for the map made by linear models. */
export function stressFigure(part: SampleMaps): Figure | undefined {
  const curves = part.stress
    .filter(({ values }) => values.length > 1)
    .map(({ id, label, values }): Series => ({ label, points: numbered(values), r: 2.6, ...look[id] }));
  if (curves.length === 0) return undefined;
  const most = Math.max(...curves.map(({ points }) => points.length));
  const lowest = Math.min(...curves.flatMap(({ points }) => points.map(([, value]) => value)));
  // worse than −1 is held at the axis: the curves above 0 are what one compares
  const floor = Math.max(-1, Math.min(0.9, Math.floor((lowest - 0.01) * 20) / 20));
  const axes: Axes = {
    x: countAxis(1, most, frame.left, frame.left + frame.width, most),
    y: linearAxis(floor, 1, frame.top + frame.height, frame.top, 6, percentTick),
    xTitle: ['dimensions of the map'],
    yTitle: ['explained stress'],
  };
  const name = `stress-${part.samples}`;
  const marks = [spreadBand(part, axes), ...curves.map((one) => seriesMarks(axes, one))];
  return {
    name,
    title: `Explained stress, ${where(part)}`,
    description: describe(part),
    height: frame.top + frame.height + 46,
    plotWidth: plotEnd(frame),
    names: curves,
    body: chart(name, frame, axes, marks, [seriesLabels(axes, frame, curves)]),
  };
}

/** One bar at the dimension of the statement: lowest to highest seed. */
function spreadBand({ statement }: SampleMaps, axes: Axes): string {
  if (statement === undefined || statement.perSeed.length < 2) return '';
  const values = statement.perSeed.map(({ inLinear }) => inLinear);
  const low = pixels(axes, [statement.dimensions, Math.min(...values)]);
  const high = pixels(axes, [statement.dimensions, Math.max(...values)]);
  return el('rect', { class: 'band f0', x: high.x - 7, y: high.y, width: 14, height: low.y - high.y });
}

function describe(part: SampleMaps): string {
  const at = (id: StressCurve['id'], k: number): string | undefined => {
    const value = part.stress.find((curve) => curve.id === id)?.values[k - 1];
    return value === undefined ? undefined : percent(value);
  };
  const all = at('all', 2);
  const own = at('nonlinear', 2);
  const embedded = at('nonlinear-in-linear', 2);
  const first =
    all === undefined
      ? ''
      : `Two dimensions of the map of all ${integer(part.models)} checkpoints explain ${all} of the stress`;
  const second = own === undefined ? '' : `; the nonlinear ones alone, in their own map, ${own}`;
  const third =
    embedded === undefined
      ? ''
      : `. In the map made by the linear models, which has never seen them, the nonlinear ones keep ${embedded}`;
  const band =
    part.statement === undefined || part.statement.perSeed.length < 2
      ? ''
      : ` The shaded bar at ${part.statement.dimensions} dimensions spans the seeds, each with a map of its own linear runs.`;
  return `${first}${second}${third}. Stress is 1 − ‖W − W_k‖/‖W‖ of the centred divergence matrix.${band}`;
}
