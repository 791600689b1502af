import { area, line } from 'd3-shape';
import { linearAxis, xAxis, yAxis, type Frame } from '../../page/axes.js';
import { clipId, clipTo, type Figure } from '../../page/figure.js';
import { integer, percent, percentTick } from '../../page/format.js';
import { el } from '../../page/markup.js';
import { endLabels } from './endLabels.js';
import type { MapSection, StressCurve } from '../../ribbon/ribbonStudy.js';

const frame: Frame = { left: 58, top: 34, width: 400, height: 290 };

const look: Readonly<Record<StressCurve['id'], { readonly colour: number; readonly dashed: boolean }>> = {
  all: { colour: 1, dashed: false },
  nonlinear: { colour: 4, dashed: false },
  linear: { colour: 5, dashed: true },
  'all-in-linear': { colour: 2, dashed: false },
  'nonlinear-in-linear': { colour: 0, dashed: false },
};

/** Explained stress against the number of dimensions, for maps of their own and for the map made by linear models. */
export function stressFigure(section: MapSection): Figure | undefined {
  const curves = section.stress.filter(({ values }) => values.length > 1);
  if (curves.length === 0) return undefined;
  const most = Math.max(...curves.map(({ values }) => values.length));
  const bottom = frame.top + frame.height;
  const lowest = Math.min(...curves.flatMap(({ values }) => values));
  const floor = Math.max(-1, Math.min(0.9, Math.floor((lowest - 0.01) * 20) / 20));
  const x = linearAxis(1, most, frame.left, frame.left + frame.width, most, (t) => [
    Number.isInteger(t) ? integer(t) : '',
  ]);
  const y = linearAxis(floor, 1, bottom, frame.top, 6, percentTick);
  const name = `stress-${section.samples}`;
  const paths = curves.map(({ id, values }) => {
    const d = line<number>(
      (_, i) => x.map(i + 1),
      (value) => y.map(value),
    )(values);
    const { colour, dashed } = look[id];
    const dots = values.map((value, i) =>
      el('circle', { class: `f${colour}`, cx: x.map(i + 1), cy: y.map(value), r: 2.6 }),
    );
    return el('path', { class: `line s${colour}${dashed ? ' dashed' : ''}`, d: d ?? '' }) + dots.join('');
  });
  const labels = curves.map(({ id, label, values }) => ({
    label,
    colour: look[id].colour,
    at: { x: x.map(values.length), y: y.map(values[values.length - 1]) },
  }));
  return {
    name,
    title: `Explained stress, ${where(section)}`,
    description: describe(section),
    width: 720,
    height: bottom + 46,
    body:
      clipTo(clipId(name), frame) +
      yAxis(y, frame, ['explained stress']) +
      xAxis(x, frame, ['dimensions of the map']) +
      el('g', { 'clip-path': `url(#${clipId(name)})` }, spreadBand(section, x.map, y.map), ...paths) +
      endLabels(labels, frame, 720 - frame.left - frame.width - 28),
  };
}

/** One whisker at the dimension of the statement: lowest to highest seed. */
function spreadBand({ statement }: MapSection, x: (value: number) => number, y: (value: number) => number): string {
  if (statement === undefined || statement.perSeed.length < 2) return '';
  const values = statement.perSeed.map(({ inLinear }) => inLinear);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const at = x(statement.dimensions);
  const d = area<number>(
    (dx) => at + dx,
    () => y(low),
    () => y(high),
  )([-7, 7]);
  return el('path', { class: 'band f0', d: d ?? '' });
}

export function where({ samples, sampleCount }: MapSection): string {
  return `${integer(sampleCount)} ${samples === 'train' ? 'training' : 'test'} samples`;
}

function describe(section: MapSection): string {
  const at = (id: StressCurve['id'], k: number): string | undefined => {
    const value = section.stress.find((curve) => curve.id === id)?.values[k - 1];
    return value === undefined ? undefined : percent(value);
  };
  const all = at('all', 2);
  const own = at('nonlinear', 2);
  const embedded = at('nonlinear-in-linear', 2);
  const first =
    all === undefined
      ? ''
      : `Two dimensions of the map of all ${integer(section.models)} checkpoints explain ${all} of the stress`;
  const second = own === undefined ? '' : `; the nonlinear ones alone, in their own map, ${own}`;
  const third =
    embedded === undefined
      ? ''
      : `. In the map made by the linear models, which has never seen them, the nonlinear ones keep ${embedded}`;
  const band =
    section.statement === undefined || section.statement.perSeed.length < 2
      ? ''
      : ` The shaded bar at ${section.statement.dimensions} dimensions spans the seeds, each with a map of its own linear runs.`;
  return `${first}${second}${third}. Stress is 1 − ‖W − W_k‖/‖W‖ of the centred divergence matrix.${band}`;
}
