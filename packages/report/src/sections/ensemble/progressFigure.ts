import { linearAxis, signedLogAxis, type Axis, type Tick } from '../../page/axes.js';
import { chart, curve, figureColumn, pixels, type Axes, type Point } from '../../page/chart.js';
import { marker } from '../../page/marker.js';
import type { Figure } from '../../page/figure.js';
import { integer, percent, percentTick } from '../../page/format.js';
import { legend, legendHeight, legendNames, legendStart } from './legend.js';
import { modelGroups, runColours, type ModelGroup } from './modelGroups.js';
import type { EnsembleSection, SampleMaps } from './shape.js';
import { where } from './where.js';

const frame = figureColumn(34, 260, 242);
const bottom = frame.top + frame.height;

/** How far each run has come from ignorance to truth, against the epochs it took. */
export function progressFigure(part: SampleMaps, { runs }: EnsembleSection): Figure | undefined {
  const curves = (part.progress ?? []).filter(({ values }) => values.length > 1);
  const last = curves.reduce((most, { epochs }) => Math.max(most, epochs[epochs.length - 1]), 0);
  if (curves.length === 0 || !(last > 0)) return undefined;
  const linear = Math.min(0.25, last / 4);
  const x = signedLogAxis(0, last, linear, frame.left, frame.left + frame.width);
  const axes: Axes = {
    x: { ...x, ticks: epochTicks(last, x.map) },
    y: linearAxis(0, 1, bottom, frame.top, 5, percentTick),
    xTitle: ['epochs'],
    yTitle: ['progress from ignorance to truth'],
    lines: 'both',
  };
  const groups = modelGroups(runs);
  const colours = runColours(groups);
  const paths = curves.map(({ run, epochs, values }) => {
    const colour = colours.get(run) ?? 5;
    const points = values.map((value, i): Point => [epochs[i], value]);
    const marked = [points[Math.floor(points.length / 2)], points[points.length - 1]];
    return (
      curve(axes, points, `thin pale s${colour}`) +
      marked.map((point) => marker(colour, pixels(axes, point), 2.8)).join('')
    );
  });
  const name = `progress-${part.samples}`;
  return {
    name,
    title: `Progress, ${where(part)}`,
    description:
      'Where each checkpoint stands on the geodesic from ignorance (0 %) to the truth (100 %): the place on it that is nearest, summed over samples. ' +
      `The axis of epochs is linear up to ${Number(linear.toPrecision(2))} and logarithmic beyond. ${ends(part, groups)}`,
    height: Math.max(bottom + 46, legendHeight(groups)),
    plotWidth: legendStart,
    plotHeight: bottom + 46,
    names: legendNames(groups, false),
    body: chart(name, frame, axes, paths, [legend(groups, false)]),
  };
}

/** Round numbers of epochs, those that would touch their neighbour left out. */
function epochTicks(last: number, map: Axis['map']): readonly Tick[] {
  const ticks: Tick[] = [{ at: map(0), label: ['0'] }];
  for (let decade = 1; decade <= last; decade *= 10)
    for (const mantissa of [1, 2, 5]) {
      const value = Number((decade * mantissa).toPrecision(1));
      const at = map(value);
      if (value <= last && at - ticks[ticks.length - 1].at > 30) ticks.push({ at, label: [integer(value)] });
    }
  return ticks;
}

/** The mean over each kind's runs at the end. */
function ends({ progress = [] }: SampleMaps, groups: readonly ModelGroup[]): string {
  const means = groups.flatMap(({ name, runs }) => {
    const values = progress.filter(({ run }) => runs.includes(run)).flatMap(({ values }) => values.slice(-1));
    return values.length === 0 ? [] : [`${name} ${percent(values.reduce((a, b) => a + b, 0) / values.length)}`];
  });
  return `At the end, on average: ${means.join('; ')}.`;
}
