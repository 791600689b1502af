import { countAxis, logAxis } from '../../page/axes.js';
import {
  chart,
  dots,
  numbered,
  pixels,
  plotEnd,
  seriesLabels,
  seriesMarks,
  figureColumn,
  type Axes,
  type Series,
} from '../../page/chart.js';
import { el, inline } from '../../page/markup.js';
import type { Figure } from '../../page/figure.js';
import { integer, number, percent } from '../../page/format.js';
import type { TrajectoryWidths } from './shape.js';

const frame = figureColumn(34, 300, 216);
const bottom = frame.top + frame.height;

/** Widths of the trajectory manifold: the closed form as a line, simulated runs as points, the two sources dashed. */
export function widthsFigure(widths: TrajectoryWidths): Figure | undefined {
  const { predicted, initialization, fromTarget } = widths;
  const end = predicted.findIndex((width) => !(width > predicted[0] * 1e-6));
  const shown = end < 0 ? predicted.length : end;
  if (shown < 2) return undefined;
  const measured = numbered(widths.measured.slice(0, shown)).filter(([, width]) => width > 0);
  const smallest = Math.min(...predicted.slice(0, shown), ...measured.map(([, width]) => width));
  const axes: Axes = {
    x: countAxis(1, shown, frame.left, frame.left + frame.width),
    y: logAxis(smallest, predicted[0], bottom, frame.top, 6),
    xTitle: ['direction, widest first'],
    yTitle: ['width: standard deviation of predictions'],
  };
  const form: Series = { label: 'closed form', colour: 0, points: numbered(predicted.slice(0, shown)), strong: true };
  const sources = [
    { label: 'from the start', values: initialization, colour: 2 },
    { label: 'from the target', values: fromTarget, colour: 3 },
  ].flatMap(({ label, values, colour }): Series[] => {
    const points = numbered(values.slice(0, shown)).filter(([, width]) => width >= smallest / 3);
    return points.length > 1 ? [{ label, colour, points, dashed: true }] : [];
  });
  const runs: Series = { label: `${integer(widths.runs)} simulated runs`, colour: 1, points: measured, strong: true };
  const marks = [...sources, form].map((one) => seriesMarks(axes, one));
  const points = whiskers(widths, axes, smallest, measured.length) + dots(axes, measured, 'f1', 3);
  const named = [form, ...(measured.length > 0 ? [runs] : []), ...sources];
  return {
    name: 'widths',
    title: 'Widths of the trajectory manifold',
    description: describe(widths),
    height: bottom + 46,
    plotWidth: plotEnd(frame),
    names: named,
    body: chart('widths', frame, axes, [...marks, points], [seriesLabels(axes, frame, named)]),
  };
}

/** One standard error up and down, where that is more than the dot. */
function whiskers({ measured, standardErrors }: TrajectoryWidths, axes: Axes, smallest: number, count: number): string {
  const lines = measured.slice(0, count).map((width, i) => {
    const high = pixels(axes, [i + 1, width + standardErrors[i]]);
    const low = pixels(axes, [i + 1, Math.max(width - standardErrors[i], smallest / 100)]);
    return low.y - high.y > 5 ? el('line', { class: 'thin s1', x1: high.x, x2: low.x, y1: high.y, y2: low.y }) : '';
  });
  return lines.join('');
}

/** "first ten", or as many as there are of them. */
export function firstWidths(count: number): string {
  const few = ['', 'first one', 'first two', 'first three', 'first four', 'first five'];
  return count >= 10 ? 'first ten' : (few[count] ?? `first ${count}`);
}

/** The largest of ten deviations exceeds four standard errors by chance once in 1,500 studies. */
export function agreement(count: number, largestError: number, inStandardErrors: number): string {
  const size = `${percent(largestError)}, ${inline(number(inStandardErrors, 2))} standard errors`;
  return inStandardErrors <= 4
    ? `The ${firstWidths(count)} agree within the error of the simulation: they differ by at most ${size}`
    : `The ${firstWidths(count)} differ by up to ${size}, which is more than chance does (4)`;
}

function describe(widths: TrajectoryWidths): string {
  const {
    examples,
    steps,
    runs,
    relativeStep,
    largestError,
    largestErrorInStandardErrors,
    explained3,
    target,
    predicted,
  } = widths;
  return (
    `Linear regression on the first ${integer(examples)} inputs (target: ${target}), gradient descent with η λ₁ = ${inline(number(relativeStep))}, ` +
    `${integer(steps)} steps. Line: the closed form, square roots of the eigenvalues of the covariance of predictions over all steps and random starts; dashed: ` +
    `its two sources alone. Points: ${integer(runs)} runs that were simulated step by step, standard deviation of all their points along the predicted axes, ` +
    `whiskers one standard error. ${agreement(predicted.length, largestError, largestErrorInStandardErrors)}; three ` +
    `directions hold ${percent(explained3.predicted)} of the variance (simulated: ${percent(explained3.measured)}).`
  );
}
