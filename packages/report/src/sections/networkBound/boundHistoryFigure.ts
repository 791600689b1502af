import { countAxis, linearAxis } from '../../page/axes.js';
import { chart, figureColumn, plotEnd, seriesLabels, seriesMarks, type Axes, type Series } from '../../page/chart.js';
import type { EndLabel } from '../../page/endLabels.js';
import type { Figure } from '../../page/figure.js';
import { integer, percent, percentTick, percentUp } from '../../page/format.js';
import { el } from '../../page/markup.js';
import type { NetworkBoundSection } from './shape.js';

const column = 190;
const upper = figureColumn(34, 190, column);
const lower = figureColumn(34 + 190 + 62, 110, column);

/** The estimate of the bound and the error of the random classifier against the epoch, and below them KL. */
export function boundHistoryFigure({ history, value, certified }: NetworkBoundSection): Figure | undefined {
  if (history.length < 2) return undefined;
  const last = history[history.length - 1];
  const x = countAxis(history[0].epoch, last.epoch, upper.left, upper.left + upper.width);
  const series = (label: string, colour: number, pick: (point: typeof last) => number, text: string): Series => ({
    label,
    colour,
    points: history.map((point) => [point.epoch, pick(point)]),
    value: text,
  });
  const errors = [
    series('estimate', 0, ({ estimate }) => estimate, percent(last.estimate)),
    series('error', 5, ({ error }) => error, percent(last.error)),
  ];
  const most = history.reduce((a, { estimate }) => Math.max(a, estimate), value);
  const y = linearAxis(0, most, upper.top + upper.height, upper.top, 5, percentTick);
  const shares: Axes = { x, y, xTitle: [''], yTitle: ['bound and error'] };
  const divergence = series('KL', 2, ({ kl }) => kl, integer(last.kl));
  const mostNats = history.reduce((a, { kl }) => Math.max(a, kl), 0);
  const nats: Axes = {
    x,
    y: linearAxis(0, mostNats, lower.top + lower.height, lower.top, 3, (t) => [integer(t)]),
    xTitle: ['epoch'],
    yTitle: ['KL of the posterior from the prior, nats'],
  };
  const level = y.map(value);
  const [left, right] = [upper.left, upper.left + upper.width];
  const line = el('line', { class: 'ink dashed', x1: left, x2: right, y1: level, y2: level });
  const label: EndLabel = {
    label: certified ? 'certified' : 'not certified',
    value: percentUp(value),
    at: { x: right, y: level },
    strong: true,
  };
  const marks = errors.map((one) => seriesMarks(shares, one));
  return {
    name: 'bound-history',
    title: 'The bound while it was optimised',
    description:
      `Above, the bound estimated on the way (without grid and Monte-Carlo term) and the error of the random classifier, both measured at the weights of each step; ` +
      `below, KL between posterior and prior, ${integer(last.kl)} nats at the end. ${certified ? 'Only the certified value holds.' : 'Nothing here is certified.'}`,
    height: lower.top + lower.height + 46,
    plotWidth: plotEnd(upper),
    names: [...errors, { label: `dashed level: ${label.label}`, value: percentUp(value) }, divergence],
    body:
      chart('bound-history-0', upper, shares, [line, ...marks], [seriesLabels(shares, upper, errors, [label])]) +
      chart('bound-history-1', lower, nats, [seriesMarks(nats, divergence)], [seriesLabels(nats, lower, [divergence])]),
  };
}
