import { line } from 'd3-shape';
import { linearAxis, logAxis, xAxis, yAxis, type Axis, type Frame } from '../../page/axes.js';
import { clipId, clipTo, type Figure } from '../../page/figure.js';
import { integer, number, percent } from '../../page/format.js';
import { el, plain } from '../../page/markup.js';
import { endLabels } from '../maps/endLabels.js';
import type { WidthsSection } from '../../ribbon/ribbonStudy.js';

const frame: Frame = { left: 58, top: 34, width: 446, height: 300 };

/** Widths of the trajectory manifold: the closed form as a line, simulated runs as points, the two sources dashed. */
export function widthsFigure(widths: WidthsSection): Figure | undefined {
  const { predicted, measured, standardErrors, initialisation, fromTarget } = widths;
  const count = predicted.findIndex((width) => !(width > predicted[0] * 1e-6));
  const shown = count < 0 ? predicted.length : count;
  if (shown < 2) return undefined;
  const bottom = frame.top + frame.height;
  const x = linearAxis(1, shown, frame.left, frame.left + frame.width, 8, (t) => [
    Number.isInteger(t) ? integer(t) : '',
  ]);
  const smallest = Math.min(...predicted.slice(0, shown), ...measured.slice(0, shown).filter((width) => width > 0));
  const y = logAxis(smallest, predicted[0], bottom, frame.top, 6);
  const clip = clipId('widths');
  const points = measured.slice(0, shown).flatMap((value, i) => {
    if (!(value > 0)) return [];
    const at = x.map(i + 1);
    const [high, low] = [value + standardErrors[i], Math.max(value - standardErrors[i], smallest / 100)].map(y.map);
    const whisker = low - high > 5 ? el('line', { class: 'thin s1', x1: at, x2: at, y1: high, y2: low }) : '';
    return [whisker + el('circle', { class: 'f1', cx: at, cy: y.map(value), r: 3 })];
  });
  const parts = [
    { label: 'from the start', values: initialisation, colour: 2 },
    { label: 'from the target', values: fromTarget, colour: 3 },
  ].map((part) => ({ ...part, values: part.values.slice(0, shown).filter((width) => width >= smallest / 3) }));
  const drawn = parts.filter(({ values }) => values.length > 1);
  const end = (values: readonly number[]): { x: number; y: number } => ({
    x: x.map(values.length),
    y: y.map(values[values.length - 1]),
  });
  return {
    name: 'widths',
    title: 'Widths of the trajectory manifold',
    description: describe(widths),
    width: 720,
    height: bottom + 46,
    body:
      clipTo(clip, frame) +
      yAxis(y, frame, ['width, standard deviation of predictions along a principal direction']) +
      xAxis(x, frame, ['direction, widest first']) +
      el(
        'g',
        { 'clip-path': `url(#${clip})` },
        ...drawn.map(({ values, colour }) => curve(values, x, y, `line dashed s${colour}`)),
        curve(predicted.slice(0, shown), x, y, 'line s0'),
        ...points,
      ) +
      endLabels(
        [
          { label: 'closed form', colour: 0, at: end(predicted.slice(0, shown)), strong: true },
          {
            label: `${integer(widths.runs)} simulated runs`,
            colour: 1,
            at: end(measured.slice(0, shown).filter((w) => w > 0)),
            strong: true,
          },
          ...drawn.map(({ label, values, colour }) => ({ label, colour, at: end(values) })),
        ],
        frame,
        720 - frame.left - frame.width - 28,
      ),
  };
}

function curve(values: readonly number[], x: Axis, y: Axis, className: string): string {
  const d = line<number>(
    (_, i) => x.map(i + 1),
    (value) => y.map(value),
  )(values);
  return el('path', { class: className, d: d ?? '' });
}

function describe(widths: WidthsSection): string {
  const { examples, steps, runs, relativeStep, largestError, largestErrorInStandardErrors, explained3, target } =
    widths;
  return (
    `Linear regression on the first ${integer(examples)} inputs (target: ${target}), gradient descent with η λ₁ = ${plain(number(relativeStep))}, ` +
    `${integer(steps)} steps. Line: the closed form, square roots of the eigenvalues of the covariance of predictions over all steps and random starts; dashed: ` +
    `its two sources alone. Points: ${integer(runs)} runs that were simulated step by step, standard deviation of all their points along the predicted axes, ` +
    `whiskers one standard error. The first ten agree to ${percent(largestError)}, at most ${plain(number(largestErrorInStandardErrors, 2))} standard errors; three ` +
    `directions hold ${percent(explained3.predicted)} of the variance (simulated: ${percent(explained3.measured)}).`
  );
}
