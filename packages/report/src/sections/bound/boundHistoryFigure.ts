import { line } from 'd3-shape';
import { linearAxis, xAxis, yAxis, type Axis, type Frame } from '../../page/axes.js';
import { clipId, clipTo, type Figure } from '../../page/figure.js';
import { integer, percent, percentTick } from '../../page/format.js';
import { spread } from '../../page/labels.js';
import { el, escapeText } from '../../page/markup.js';
import type { BoundHistoryPoint, NetworkBoundStudy } from '../../networkBound/networkBoundStudy.js';

const left = 58;
const labelColumn = 190;
const width = 720 - left - labelColumn;

/** The estimate of the bound and the error of the random classifier against the epoch, and below them KL. */
export function boundHistoryFigure({ history, result }: NetworkBoundStudy): Figure | undefined {
  if (history.length < 2) return undefined;
  const last = history[history.length - 1];
  const x = linearAxis(history[0].epoch, last.epoch, left, left + width, 8, (t) => [
    Number.isInteger(t) ? integer(t) : '',
  ]);
  const upper: Frame = { left, top: 34, width, height: 190 };
  const lower: Frame = { left, top: 34 + 190 + 62, width, height: 110 };
  const most = Math.max(...history.map(({ estimate }) => estimate), result?.value ?? 0);
  const y = linearAxis(0, most, upper.top + upper.height, upper.top, 5, percentTick);
  const mostNats = Math.max(...history.map(({ kl }) => kl));
  const nats = linearAxis(0, mostNats, lower.top + lower.height, lower.top, 3, (t) => [integer(t)]);
  const certified =
    result === undefined
      ? ''
      : el('line', {
          class: 'ink dashed',
          x1: left,
          x2: left + width,
          y1: y.map(result.value),
          y2: y.map(result.value),
        });
  const ends = [
    ...(result === undefined
      ? []
      : [{ at: y.map(result.value), text: `certified ${percent(result.value, Math.ceil)}`, colour: undefined }]),
    { at: y.map(last.estimate), text: `estimate ${percent(last.estimate)}`, colour: 0 },
    { at: y.map(last.error), text: `error ${percent(last.error)}`, colour: 5 },
  ];
  const places = spread(
    ends.map(({ at }) => ({ target: at, size: 19 })),
    upper.top,
    upper.top + upper.height,
  );
  const labels = ends.map(({ text, colour }, i) =>
    el(
      'text',
      { class: colour === undefined ? 'strong' : `f${colour}`, x: left + width + 14, y: places[i] + 4 },
      escapeText(text),
    ),
  );
  const clips = [clipId('bound-history-0'), clipId('bound-history-1')];
  return {
    name: 'bound-history',
    title: 'The bound while it was optimised',
    description:
      `Above, the bound estimated on the way (without grid and Monte-Carlo term) and the error of the random classifier, both measured at the weights of each step; ` +
      `below, KL between posterior and prior, ${integer(last.kl)} nats at the end. Only the certified value holds.`,
    width: 720,
    height: lower.top + lower.height + 46,
    body:
      clipTo(clips[0], upper) +
      clipTo(clips[1], lower) +
      yAxis(y, upper, ['bound and error']) +
      xAxis(x, upper, ['']) +
      yAxis(nats, lower, ['KL, nats']) +
      xAxis(x, lower, ['epoch']) +
      certified +
      el(
        'g',
        { 'clip-path': `url(#${clips[0]})` },
        curve(history, x, y, (p) => p.estimate, 0),
        curve(history, x, y, (p) => p.error, 5),
      ) +
      el(
        'g',
        { 'clip-path': `url(#${clips[1]})` },
        curve(history, x, nats, (p) => p.kl, 2),
      ) +
      labels.join(''),
  };
}

function curve(
  history: readonly BoundHistoryPoint[],
  x: Axis,
  y: Axis,
  value: (point: BoundHistoryPoint) => number,
  colour: number,
): string {
  const path = line<BoundHistoryPoint>(
    (p) => x.map(p.epoch),
    (p) => y.map(value(p)),
  )(history);
  return el('path', { class: `line s${colour}`, d: path ?? '' });
}
