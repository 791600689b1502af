import { line } from 'd3-shape';
import type { EpochRecord, TrainingRun } from '../../analysis.js';
import { linearAxis, logAxis, xAxis, yAxis, type Axis, type Frame } from '../../page/axes.js';
import { clipId, clipTo, type Figure } from '../../page/figure.js';
import { integer, number, percent, percentTick } from '../../page/format.js';
import { labelsHeight, shorten, spread } from '../../page/labels.js';
import { el, escapeText, plain, textWidth } from '../../page/markup.js';

interface Series {
  readonly label: string;
  readonly colour: number;
  readonly dashed: boolean;
  readonly points: readonly { readonly epoch: number; readonly value: number }[];
}

const left = 58;
const labelColumn = 196;
const width = 720 - left - labelColumn;

/** Loss (logarithmic) and error (linear) against the epoch; test curves are dotted. */
export function trainingFigure(runs: readonly TrainingRun[]): Figure | undefined {
  const offsets = startEpochs(runs);
  const losses = series(runs, offsets, 'trainLoss', 'testLoss').map(positiveOnly);
  const errors = series(runs, offsets, 'trainError', 'testError');
  const epochs = [...losses, ...errors].flatMap(({ points }) => points.map(({ epoch }) => epoch));
  if (epochs.length === 0) return undefined;
  const x = linearAxis(0, Math.max(1, ...epochs), left, left + width, 8, (t) => [
    Number.isInteger(t) ? integer(t) : '',
  ]);
  const parts = [
    { title: 'mean loss, nats', data: losses.filter(drawn), loss: true },
    { title: 'share of examples misclassified', data: errors.filter(drawn), loss: false },
  ].filter(({ data }) => data.length > 0);
  let top = 34;
  const bodies = parts.map(({ title, data, loss }, i) => {
    const height = Math.max(158, labelsHeight(data.map(() => ({ size: 19 }))));
    const frame: Frame = { left, top, width, height };
    top += height + 62;
    return panel(`training-${i}`, title, data, loss, x, frame, i === parts.length - 1);
  });
  return {
    name: 'training',
    title: 'Training curves',
    description: describe(runs),
    width: 720,
    height: top - 16,
    body: bodies.join(''),
  };
}

const drawn = ({ points }: Series): boolean => points.length > 0;

function positiveOnly(s: Series): Series {
  return { ...s, points: s.points.filter(({ value }) => value > 0) };
}

/** A run that continues another starts where that one ended. */
function startEpochs(runs: readonly TrainingRun[]): number[] {
  const ends = new Map<string, number>();
  return runs.map(({ name, continues, history }) => {
    const start = continues === undefined ? 0 : (ends.get(continues) ?? 0);
    ends.set(name, start + history.reduce((last, { epoch }) => Math.max(last, epoch), 0));
    return start;
  });
}

type Key = 'trainLoss' | 'testLoss' | 'trainError' | 'testError';

function series(runs: readonly TrainingRun[], offsets: readonly number[], train: Key, test: Key): Series[] {
  const pick = (history: readonly EpochRecord[], key: Key, offset: number): Series['points'] =>
    history.flatMap((record) => {
      const value = record[key];
      return value === undefined ? [] : [{ epoch: record.epoch + offset, value }];
    });
  return runs.flatMap(({ name, history }, i) => {
    const prefix = runs.length > 1 ? `${name}, ` : '';
    return [
      { label: `${prefix}train`, colour: i % 6, dashed: false, points: pick(history, train, offsets[i]) },
      { label: `${prefix}test`, colour: i % 6, dashed: true, points: pick(history, test, offsets[i]) },
    ];
  });
}

function panel(
  name: string,
  title: string,
  data: readonly Series[],
  loss: boolean,
  x: Axis,
  frame: Frame,
  last: boolean,
): string {
  const values = data.flatMap(({ points }) => points.map(({ value }) => value));
  const bottom = frame.top + frame.height;
  const largest = Math.max(...values);
  const y = loss
    ? logAxis(Math.min(...values), largest, bottom, frame.top, 5)
    : linearAxis(0, largest > 0 ? largest : 1, bottom, frame.top, 4, percentTick);
  const clip = clipId(name);
  const paths = data.map(({ points, colour, dashed }) => {
    const d = line<(typeof points)[number]>(
      (p) => x.map(p.epoch),
      (p) => y.map(p.value),
    )(points);
    const only = points.length === 1;
    return only
      ? el('circle', { class: `f${colour}`, cx: x.map(points[0].epoch), cy: y.map(points[0].value), r: 3 })
      : el('path', { class: `line s${colour}${dashed ? ' dashed' : ''}`, d: d ?? '' });
  });
  const ends = data.map(({ points }) => points[points.length - 1]);
  const middles = spread(
    ends.map((p) => ({ target: y.map(p.value), size: 19 })),
    frame.top,
    bottom,
  );
  const labels = data.map(({ label, colour }, i) => {
    const [ex, ey] = [x.map(ends[i].epoch), y.map(ends[i].value)];
    const at = left + width + 22;
    const value = loss ? plain(number(ends[i].value)) : percent(ends[i].value);
    const points = `${ex + 3},${ey} ${left + width + 4},${ey} ${at - 4},${middles[i]}`;
    return (
      el('polyline', { class: `leader s${colour}`, points }) +
      el(
        'text',
        { class: `f${colour}`, x: at, y: middles[i] + 4 },
        escapeText(`${shorten(label, 13, labelColumn - 30 - textWidth([value], 13))} ${value}`),
      )
    );
  });
  return (
    clipTo(clip, frame) +
    yAxis(y, frame, [title]) +
    xAxis(x, frame, last ? ['epoch'] : ['']) +
    el('g', { 'clip-path': `url(#${clip})` }, ...paths) +
    labels.join('')
  );
}

function describe(runs: readonly TrainingRun[]): string {
  const ends = runs.map(
    ({ name, final }) =>
      `${name}: ${percent(final.trainError)} of training and ${percent(final.testError)} of test examples wrong`,
  );
  return `Loss and error after each epoch; solid on training examples, dotted on test examples. At the end, ${ends.join('; ')}.`;
}
