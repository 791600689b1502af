import type { CertifiedBound, MonteCarloRecord } from '../../analysis.js';
import { linearAxis, type Frame } from '../../page/axes.js';
import type { Figure } from '../../page/figure.js';
import { confidence, percent, percentTick, percentUp } from '../../page/format.js';
import { el, escapeText } from '../../page/markup.js';

/** What the bar needs of a bound, whichever theorem and posterior it is of. */
export interface BoundParts {
  readonly best?: Pick<
    CertifiedBound,
    'value' | 'certified' | 'confidence' | 'klDisplacement' | 'klCovariance' | 'penalty'
  > & { readonly monteCarlo: Pick<MonteCarloRecord, 'mean' | 'draws' | 'upper'> };
  readonly posteriorTest?: { readonly mean: number; readonly draws: number };
}

interface Segment {
  readonly label: string;
  readonly colour: number;
  readonly from: number;
  readonly to: number;
}

/** The reported bound as one stacked bar: measured error, price of having measured it with few draws, price of complexity. */
export function breakdownFigure(bound: BoundParts): Figure | undefined {
  const { best, posteriorTest } = bound;
  if (best === undefined) return undefined;
  const segments = boundSegments(bound);
  const largest = Math.max(best.value, posteriorTest?.mean ?? 0, 1e-6);
  const frame: Frame = { left: 16, top: 78, width: 430, height: 40 };
  const x = linearAxis(0, largest, frame.left, frame.left + frame.width, 2, percentTick);
  const bottom = frame.top + frame.height;
  const bars = segments.map(({ from, to, colour }) =>
    el('rect', {
      class: `f${colour}`,
      x: x.map(from),
      y: frame.top,
      width: Math.max(0, x.map(to) - x.map(from)),
      height: frame.height,
    }),
  );
  // The rightmost part gets the highest line, so that a name running to the right meets no leader that goes further down.
  const rows = segments.map(({ label, from, to, colour }, i) => {
    const middle = (x.map(from) + x.map(to)) / 2;
    const y = bottom + 34 + (segments.length - 1 - i) * 24;
    return (
      el('polyline', {
        class: `thin s${colour}`,
        points: `${middle},${bottom} ${middle},${y - 4} ${middle + 7},${y - 4}`,
      }) +
      el(
        'text',
        { x: middle + 11, y },
        el('tspan', { class: 'strong' }, escapeText(percent(to - from))),
        el('tspan', { class: 'muted' }, escapeText(`  ${label}`)),
      )
    );
  });
  const end = x.map(best.value);
  const total =
    el('line', { class: 'ink thin', x1: end, x2: end, y1: frame.top - 12, y2: bottom }) +
    el(
      'text',
      { class: 'strong', x: end, y: frame.top - 20, 'text-anchor': end > 220 ? 'end' : 'start' },
      escapeText(boundText(bound)),
    );
  const test =
    posteriorTest === undefined
      ? ''
      : testMark(x.map(posteriorTest.mean), frame, `test error of the posterior ${percent(posteriorTest.mean)}`);
  return {
    name: 'breakdown',
    title: 'What the bound is made of',
    description: describe(bound, segments),
    width: 720,
    height: bottom + 34 + segments.length * 24,
    body: bars.join('') + total + test + rows.join(''),
  };
}

function boundText({ best }: BoundParts): string {
  const kind = best!.certified ? 'bound' : 'value, not certified';
  return `${kind} ${percentUp(best!.value)} at ${confidence(best!.confidence)} confidence`;
}

function testMark(x: number, { top, height }: Frame, text: string): string {
  const anchor = x > 300 ? 'end' : 'start';
  return (
    el('line', {
      class: 'ink',
      'stroke-width': 2,
      'stroke-dasharray': '3 3',
      x1: x,
      x2: x,
      y1: top - 32,
      y2: top + height,
    }) + el('text', { x: x + (anchor === 'start' ? 6 : -6), y: top - 42, 'text-anchor': anchor }, escapeText(text))
  );
}

/**
 * The gap between the limit on the empirical error and the bound is not additive in its causes: it is shared out in proportion to
 * their nats.
 */
export function boundSegments({ best }: BoundParts): readonly Segment[] {
  if (best === undefined) return [];
  const { monteCarlo, klDisplacement, klCovariance, penalty, value } = best;
  const nats = klDisplacement + klCovariance + penalty;
  const gap = Math.max(0, value - monteCarlo.upper);
  const parts = [
    { label: `error of ${monteCarlo.draws} posterior draws`, colour: 5, size: Math.min(monteCarlo.mean, value) },
    {
      label: 'for finitely many draws',
      colour: 3,
      size: Math.max(0, Math.min(monteCarlo.upper, value) - monteCarlo.mean),
    },
    { label: 'KL: distance travelled', colour: 0, size: nats > 0 ? (gap * klDisplacement) / nats : 0 },
    { label: 'KL: shape of the noise', colour: 2, size: nats > 0 ? (gap * klCovariance) / nats : 0 },
    { label: 'penalty: grid and δ', colour: 4, size: nats > 0 ? (gap * Math.max(0, penalty)) / nats : 0 },
  ];
  let at = 0;
  return parts.map(({ label, colour, size }) => {
    const from = at;
    at += size;
    return { label, colour, from, to: at };
  });
}

function describe(bound: BoundParts, segments: readonly Segment[]): string {
  const largest = [...segments].sort((a, b) => b.to - b.from - (a.to - a.from))[0];
  const test = bound.posteriorTest;
  const compare = test === undefined ? '' : ` On test examples the same posterior errs on ${percent(test.mean)}.`;
  return `The bound of ${percentUp(bound.best!.value)} read from left to right. The largest part is ${percent(largest.to - largest.from)}, ${largest.label}.${compare}`;
}
