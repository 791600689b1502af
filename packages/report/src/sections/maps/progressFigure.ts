import { line } from 'd3-shape';
import { linearAxis, signedLogAxis, xAxis, yAxis, type Axis, type Frame, type Tick } from '../../page/axes.js';
import { clipId, clipTo, type Figure } from '../../page/figure.js';
import { integer, percent, percentTick } from '../../page/format.js';
import { el } from '../../page/markup.js';
import { legend } from './mapFigure.js';
import { modelGroups, type ModelGroup } from './modelGroups.js';
import type { EnsembleSection, MapSection } from '../../ribbon/ribbonStudy.js';
import { where } from './stressFigure.js';

const frame: Frame = { left: 58, top: 34, width: 420, height: 260 };

/** How far each run has come from ignorance to truth, against the epochs it took. */
export function progressFigure(section: MapSection, ensemble: EnsembleSection): Figure | undefined {
  const curves = (section.progress ?? []).filter(({ values }) => values.length > 1);
  const last = Math.max(0, ...curves.map(({ epochs }) => epochs[epochs.length - 1]));
  if (curves.length === 0 || !(last > 0)) return undefined;
  const bottom = frame.top + frame.height;
  const scale = signedLogAxis(0, last, Math.min(0.25, last / 4), frame.left, frame.left + frame.width);
  const x: Axis = { ...scale, ticks: epochTicks(last, scale.map) };
  const y = linearAxis(0, 1, bottom, frame.top, 5, percentTick);
  const groups = modelGroups(ensemble.runs);
  const colourOf = new Map(groups.flatMap(({ runs, colour }) => runs.map((run) => [run, colour] as const)));
  const name = `progress-${section.samples}`;
  const paths = curves.map(({ run, epochs, values }) => {
    const d = line<number>(
      (_, i) => x.map(epochs[i]),
      (value) => y.map(value),
    )(values);
    return el('path', { class: `thin s${colourOf.get(run) ?? 5}`, 'stroke-opacity': '0.8', d: d ?? '' });
  });
  return {
    name,
    title: `Progress, ${where(section)}`,
    description:
      'Where each checkpoint stands on the geodesic from ignorance (0 %) to the truth (100 %): the place on it that is nearest, summed over samples. ' +
      `The axis of epochs is logarithmic beyond a quarter of an epoch. ${ends(section, groups)}`,
    width: 720,
    height: Math.max(bottom + 46, 76 + 19 * (groups.length + 3)),
    body:
      clipTo(clipId(name), frame) +
      yAxis(y, frame, ['progress from ignorance to truth']) +
      xAxis(x, frame, ['epochs'], true) +
      el('g', { 'clip-path': `url(#${clipId(name)})` }, ...paths) +
      legend(groups, false),
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
  return ticks.filter(({ label }, i) => i === 0 || label[0] !== '0');
}

/** The mean over each kind's runs at the end. */
function ends({ progress = [] }: MapSection, groups: readonly ModelGroup[]): string {
  const means = groups.flatMap(({ name, runs }) => {
    const values = progress.filter(({ run }) => runs.includes(run)).flatMap(({ values }) => values.slice(-1));
    return values.length === 0 ? [] : [`${name} ${percent(values.reduce((a, b) => a + b, 0) / values.length)}`];
  });
  return `At the end, on average: ${means.join('; ')}.`;
}
