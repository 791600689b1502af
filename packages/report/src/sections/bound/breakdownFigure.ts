import { linearAxis, type Axis } from '../../page/axes.js';
import type { Figure, Frame } from '../../page/figure.js';
import { confidence, integer, percent, percentTick, percentUp } from '../../page/format.js';
import { el, escapeText } from '../../page/markup.js';

/** What the bar needs of a bound, whichever theorem and posterior it is of. */
export interface BoundParts {
  readonly value: number;
  readonly certified: boolean;
  readonly confidence: number;
  readonly klDisplacement: number;
  readonly klCovariance: number;
  readonly penalty: number;
  readonly monteCarlo: { readonly mean: number; readonly draws: number; readonly upper: number };
}

interface Segment {
  readonly label: string;
  readonly colour: number;
  readonly from: number;
  readonly to: number;
}

const frame: Frame = { left: 16, top: 78, width: 430, height: 40 };
const bottom = frame.top + frame.height;

/**
 * The reported bound as one stacked bar: measured error, price of having measured it with few draws, price of complexity.
 *
 * @param test error of the same posterior on test examples
 */
export function breakdownFigure(name: string, bound: BoundParts, test?: { readonly mean: number }): Figure {
  const segments = boundSegments(bound);
  const largest = Math.max(bound.value, test?.mean ?? 0, 1e-6);
  const x = linearAxis(0, largest, frame.left, frame.left + frame.width, 2, percentTick);
  const bars = segments.map(({ from, to, colour }) =>
    el('rect', {
      class: `f${colour}`,
      x: x.map(from),
      y: frame.top,
      width: Math.max(0, x.map(to) - x.map(from)),
      height: frame.height,
    }),
  );
  const mark =
    test === undefined ? '' : testMark(x.map(test.mean), `test error of the posterior ${percent(test.mean)}`);
  return {
    name,
    title: `What the ${kindOf(bound)} is made of`,
    description: describe(bound, segments, test),
    height: bottom + 34 + segments.length * 24,
    plotWidth: frame.left + frame.width + 16,
    plotHeight: bottom + 12,
    names: segments.map(({ label, colour, from, to }) => ({ label, colour, value: percent(to - from) })),
    body: bars.join('') + mark + total(bound, x) + names(segments, x),
  };
}

/** The rightmost part gets the highest line, so that a name running to the right meets no leader that goes further down. */
function names(segments: readonly Segment[], x: Axis): string {
  const drawn = segments.map(({ label, from, to, colour }, i) => {
    const middle = (x.map(from) + x.map(to)) / 2;
    const y = bottom + 34 + (segments.length - 1 - i) * 24;
    const points = `${middle},${bottom} ${middle},${y - 4} ${middle + 7},${y - 4}`;
    const share = el('tspan', { class: 'strong' }, escapeText(percent(to - from)));
    const name = el('tspan', { class: 'muted' }, escapeText(`  ${label}`));
    return el('polyline', { class: `thin s${colour}`, points }) + el('text', { x: middle + 11, y }, share, name);
  });
  return el('g', { class: 'names' }, ...drawn);
}

function total({ value, certified, confidence: held }: BoundParts, x: Axis): string {
  const end = x.map(value);
  const kind = certified ? 'bound' : 'value, not certified,';
  const text = `${kind} ${percentUp(value)} at ${confidence(held)} confidence`;
  return (
    el('line', { class: 'ink thin', x1: end, x2: end, y1: frame.top - 12, y2: bottom }) +
    el(
      'text',
      { class: 'strong halo', x: end, y: frame.top - 20, 'text-anchor': end > 220 ? 'end' : 'start' },
      escapeText(text),
    )
  );
}

function testMark(x: number, text: string): string {
  const anchor = x > 300 ? 'end' : 'start';
  return (
    el('line', {
      class: 'ink',
      'stroke-width': 2,
      'stroke-dasharray': '3 3',
      x1: x,
      x2: x,
      y1: frame.top - 32,
      y2: bottom,
    }) +
    el('text', { x: x + (anchor === 'start' ? 6 : -6), y: frame.top - 42, 'text-anchor': anchor }, escapeText(text))
  );
}

/**
 * The gap between the limit on the empirical error and the bound is not additive in its causes: it is shared out in proportion to
 * their nats.
 */
export function boundSegments({
  monteCarlo,
  klDisplacement,
  klCovariance,
  penalty,
  value,
}: BoundParts): readonly Segment[] {
  const nats = klDisplacement + klCovariance + penalty;
  const gap = Math.max(0, value - monteCarlo.upper);
  const parts = [
    {
      label: `error of ${integer(monteCarlo.draws)} posterior draws`,
      colour: 5,
      size: Math.min(monteCarlo.mean, value),
    },
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

/** A value that is not certified is never called a bound. */
function kindOf({ certified }: BoundParts): string {
  return certified ? 'bound' : 'value';
}

function describe(bound: BoundParts, segments: readonly Segment[], test?: { readonly mean: number }): string {
  const largest = [...segments].sort((a, b) => b.to - b.from - (a.to - a.from))[0];
  const compare = test === undefined ? '' : ` On test examples the same posterior errs on ${percent(test.mean)}.`;
  return `The ${kindOf(bound)} of ${percentUp(bound.value)} read from left to right. The largest part is ${percent(largest.to - largest.from)}, ${largest.label}.${compare}`;
}
