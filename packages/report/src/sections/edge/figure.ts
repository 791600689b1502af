import { countAxis, linearAxis, logAxis, type Axis } from '../../page/axes.js';
import {
  chart,
  curve,
  curveMarks,
  figureColumn,
  pixels,
  plotEnd,
  seriesLabels,
  seriesMarks,
  type Axes,
  type Point,
  type Series,
} from '../../page/chart.js';
import { labelHeight, type EndLabel } from '../../page/endLabels.js';
import type { Figure, Frame } from '../../page/figure.js';
import { integer, number, percent, percentTick } from '../../page/format.js';
import { el, inline } from '../../page/markup.js';
import { along, comparedAt, held, thresholdAt, thresholdOf, type Threshold } from './compared.js';
import type { EdgeMomentRow, EdgeSection, FlowMomentRow } from './shape.js';
import { edgeStory } from './words.js';

const column = 232;

interface Panel {
  readonly title: string;
  readonly scale: 'log' | 'linear' | 'share';
  readonly height: number;
  readonly series: readonly Series[];
  /** further eigenvalues, as thin lines under one name */
  readonly thin?: readonly (readonly Point[])[];
  readonly threshold?: Threshold;
  /** where it stands at each moment, if it moves */
  readonly moving?: readonly Point[];
  /** intervals: step, low, high */
  readonly whiskers?: readonly (readonly [number, number, number])[];
}

/** Loss, curvature against its threshold, and where the gradient points, over the steps of one run. */
export function edgeFigure(content: EdgeSection): Figure | undefined {
  const { moments, flow = [], centralFlow = [], crossing } = content;
  if (moments.length < 2) return undefined;
  const panels = [lossPanel(content), ...curvaturePanels(content), sharePanel(moments)].filter(
    (panel): panel is Panel => panel !== undefined && panel.series.length > 0,
  );
  const ends = [moments[moments.length - 1].step, ...[...flow, ...centralFlow].map(({ step }) => held(step))];
  const last = Math.max(1, ...ends);
  let top = 34;
  const bodies = panels.map((panel, i) => {
    const names = extraNames(panel);
    const frame = figureColumn(top, Math.max(panel.height, labelHeight * (panel.series.length + names)), column);
    top += frame.height + 62;
    const x = countAxis(0, last, frame.left, frame.left + frame.width, 6);
    const y = valueAxis(panel, frame.top + frame.height, frame.top);
    const axes = { x, y, xTitle: [i === panels.length - 1 ? 'step' : ''], yTitle: [panel.title] };
    return chart(`edge-${i}`, frame, axes, layers(panel, axes, last), [
      crossing === undefined ? '' : crossingMark(axes, frame, crossing, i === 0),
      seriesLabels(axes, frame, panel.series, extraLabels(panel, axes, frame)),
    ]);
  });
  return {
    name: 'edge',
    title: 'At the edge of stability',
    description: edgeStory(content).join(' '),
    height: top - 16,
    plotWidth: plotEnd(figureColumn(0, 0, column)),
    names: panels.flatMap(namesOf),
    body: bodies.join(''),
  };
}

function flowSeries(
  label: string,
  colour: number,
  moments: readonly FlowMomentRow[],
  of: (moment: FlowMomentRow) => number,
): Series {
  return { label, colour, dashed: true, points: moments.map((moment) => [held(moment.step), held(of(moment))]) };
}

function lossPanel({ moments, flow = [], centralFlow = [] }: EdgeSection): Panel {
  const run: Series = { label: 'the run', colour: 0, strong: true, points: along(moments, ({ loss }) => loss) };
  const series = [
    run,
    flowSeries('gradient flow', 2, flow, ({ loss }) => loss),
    flowSeries('central flow', 3, centralFlow, ({ loss, meanLoss = loss }) => meanLoss),
  ].map((one) => ({ ...one, points: one.points.filter(([, loss]) => loss > 0) }));
  return { title: 'loss, mean over examples', scale: 'log', height: 150, series: withPoints(series, number) };
}

/** Of the Hessian; and what the threshold of the rule is about, where that is another matrix. */
function curvaturePanels(content: EdgeSection): readonly Panel[] {
  const { moments, flow = [], centralFlow = [] } = content;
  const threshold = thresholdOf(content);
  const batch = moments.flatMap(({ step, batchSharpness }) =>
    batchSharpness === undefined ? [] : [{ step, ...batchSharpness }],
  );
  const series: readonly Series[] = [
    { label: 'S = λ₁ of H', colour: 0, strong: true, points: along(moments, ({ hessian }) => hessian.values[0]) },
    flowSeries('gradient flow', 2, flow, ({ sharpness }) => sharpness),
    flowSeries('central flow', 3, centralFlow, ({ sharpness }) => sharpness),
    {
      label: `batches of ${integer(batch[0]?.batchSize ?? 0)}`,
      colour: 4,
      r: 2.4,
      points: batch.map(({ step, meanOfRatios: { mean } }) => [step, held(mean)]),
    },
  ];
  const whiskers = batch.flatMap(({ step, meanOfRatios: { mean, standardError } }): [number, number, number][] =>
    standardError === null ? [] : [[step, held(mean - 2 * standardError), held(mean + 2 * standardError)]],
  );
  const moves = moments.some((moment) => moment.threshold !== undefined);
  const moving = threshold !== undefined && moves ? along(moments, (moment) => thresholdAt(threshold, moment)) : [];
  const ofHessian = threshold?.of === 'hessian' ? { threshold, moving } : {};
  const thin = thinLines(moments, ({ hessian }) => hessian.values);
  const first: Panel = {
    title: 'sharpness: largest eigenvalues of the Hessian',
    scale: 'linear',
    height: 210,
    series: withPoints(series, number),
    thin,
    whiskers,
    ...ofHessian,
  };
  if (threshold === undefined || threshold.of === 'hessian') return [first];
  const other: Series = {
    label: threshold.of === 'norm' ? 'largest found' : 'λ₁ of P⁻¹H',
    colour: 6,
    strong: true,
    points: along(moments, (moment) => comparedAt(threshold, moment)),
  };
  const compared: Panel = {
    title: threshold.of === 'norm' ? 'sharpness in the norm of the rule' : 'preconditioned sharpness',
    scale: 'linear',
    height: 210,
    series: withPoints([other], number),
    thin: threshold.of === 'norm' ? [] : thinLines(moments, ({ preconditioned }) => preconditioned?.values ?? []),
    threshold,
    moving,
  };
  return [compared, first];
}

function sharePanel(moments: readonly EdgeMomentRow[]): Panel | undefined {
  const points = along(moments, ({ topShare }) => topShare);
  const share: Series = { label: 'the run', colour: 1, points };
  const series = withPoints([share], (value) => [percent(value)]);
  return { title: 'share of the squared gradient in the top eigenvectors', scale: 'share', height: 90, series };
}

/** Those with points, each with its last value beside its name. */
function withPoints(series: readonly Series[], show: (value: number) => ReturnType<typeof number>): readonly Series[] {
  return series
    .filter(({ points }) => points.length > 0)
    .map((one) => ({ ...one, value: inline(show(one.points[one.points.length - 1][1])) }));
}

/** The second, third, … value of each moment, as far as all have it. */
function thinLines(
  moments: readonly EdgeMomentRow[],
  of: (moment: EdgeMomentRow) => readonly number[],
): readonly (readonly Point[])[] {
  const count = moments.reduce((most, moment) => Math.max(most, of(moment).length), 0);
  return Array.from({ length: Math.max(0, count - 1) }, (_, i) => along(moments, (moment) => of(moment)[i + 1])).filter(
    (points) => points.length > 1,
  );
}

function valueAxis(panel: Panel, from: number, to: number): Axis {
  const { scale, series, thin = [], threshold, moving = [], whiskers = [] } = panel;
  if (scale === 'share') return linearAxis(0, 1, from, to, 4, percentTick);
  const values = [
    ...series.flatMap(({ points }) => points.map(([, value]) => value)),
    ...thin.flatMap((points) => points.map(([, value]) => value)),
    ...whiskers.flatMap(([, low, high]) => [low, high]),
    ...(threshold === undefined || moving.length > 0 ? [] : [held(threshold.value)]),
    ...moving.map(([, value]) => value),
  ];
  const [low, high] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
  if (scale === 'log') return logAxis(low, high, from, to, 5);
  return spread(values, high)
    ? logAxis(Math.max(5e-324, high * 1e-6, Math.min(...values.filter((value) => value > 0))), high, from, to, 5)
    : linearAxis(Math.min(0, low), Math.max(0, high), from, to, 5, (value) => number(value, 2));
}

/** One spike would press everything else to the floor of a linear axis. */
function spread(values: readonly number[], high: number): boolean {
  const sizes = values.map(Math.abs).sort((a, b) => a - b);
  return high > 20 * sizes[Math.floor(sizes.length / 2)] && high > 0 && sizes[Math.floor(sizes.length / 2)] > 0;
}

function layers(
  { series, thin = [], threshold, moving = [], whiskers = [] }: Panel,
  axes: Axes,
  last: number,
): readonly string[] {
  const line = (points: readonly Point[], className: string): string => {
    const [a, b] = points.map((point) => pixels(axes, point));
    return el('line', { class: className, x1: a.x, y1: a.y, x2: b.x, y2: b.y });
  };
  return [
    ...thin.map((points) => curve(axes, points, 'thin pale s5') + curveMarks(axes, points, 5)),
    moving.length > 1 ? curve(axes, moving, 'fit') : '',
    threshold === undefined || moving.length > 1
      ? ''
      : line(
          [
            [0, held(threshold.value)],
            [last, held(threshold.value)],
          ],
          'fit',
        ),
    ...whiskers.map(([step, low, high]) =>
      line(
        [
          [step, low],
          [step, high],
        ],
        'thin s4',
      ),
    ),
    ...series.toReversed().map((one) => seriesMarks(axes, one)),
  ];
}

function extraNames({ thin = [], threshold }: Panel): number {
  return (thin.length > 0 ? 1 : 0) + (threshold === undefined ? 0 : 1);
}

function extraLabels(panel: Panel, axes: Axes, frame: Frame): readonly EndLabel[] {
  const { thin = [], threshold, moving = [] } = panel;
  const level = moving.at(-1)?.[1] ?? threshold?.value ?? 0;
  return [
    ...(threshold === undefined
      ? []
      : [{ ...thresholdName(threshold, level), at: { x: frame.left + frame.width, y: axes.y.map(held(level)) } }]),
    ...(thin.length === 0 ? [] : [{ ...thinName(thin.length), at: pixels(axes, thin[0][thin[0].length - 1]) }]),
  ];
}

function thresholdName({ formula }: Threshold, value: number): Pick<EndLabel, 'label' | 'value' | 'strong'> {
  return { label: formula, value: `= ${inline(number(value))}`, strong: true };
}

function thinName(count: number): Pick<EndLabel, 'label' | 'colour'> {
  return { colour: 5, label: count === 1 ? 'second eigenvalue' : `eigenvalues 2 to ${count + 1}` };
}

function namesOf({ title, series, thin = [], threshold, moving = [] }: Panel): NonNullable<Figure['names']> {
  // below a figure they stand without their panels
  const what = `${/^\w+/u.exec(title)![0]}, `;
  return [
    ...series.map((one) => ({ ...one, label: `${what}${one.label}` })),
    ...(threshold === undefined ? [] : [thresholdName(threshold, moving.at(-1)?.[1] ?? threshold.value)]),
    ...(thin.length === 0 ? [] : [thinName(thin.length)]),
  ];
}

/** An upright line where the curvature first stood above its threshold. */
function crossingMark(axes: Axes, { left, top, width, height }: Frame, crossing: number, named: boolean): string {
  const x = axes.x.map(crossing);
  const right = x < left + width - 110;
  const text = { class: 'tick halo', x: x + (right ? 5 : -5), y: top + 12, 'text-anchor': right ? 'start' : 'end' };
  return (
    el('line', { class: 'thin s1', x1: x, x2: x, y1: top, y2: top + height }) +
    (named ? el('text', text, `crosses at ${integer(crossing)}`) : '')
  );
}
