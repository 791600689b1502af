import { countAxis, linearAxis, logAxis, type Axis } from '../../page/axes.js';
import { chart, figureColumn, plotEnd, seriesLabels, seriesMarks, type Series } from '../../page/chart.js';
import type { Figure } from '../../page/figure.js';
import { number, percent, percentTick } from '../../page/format.js';
import { labelHeight } from '../../page/endLabels.js';
import { inline } from '../../page/markup.js';
import type { TrainingRun } from './shape.js';

const column = 214;

interface Panel {
  readonly title: string;
  readonly loss: boolean;
  readonly series: readonly Series[];
}

/**
 * Loss (logarithmic) and error (linear) against the epoch; test curves are dotted. What was measured at the final weights ends each curve as a mark,
 * and is the number beside its name; means over an epoch stand in its middle.
 */
export function trainingFigure(runs: readonly TrainingRun[]): Figure | undefined {
  // final values alone are numbers of the table, no curves
  if (runs.every(({ history }) => history.length === 0)) return undefined;
  const panels: readonly Panel[] = [
    { title: `mean loss, ${runs[0].lossUnit ?? 'nats'}`, loss: true, series: series(runs, ['trainLoss', 'testLoss']) },
    { title: 'share of examples misclassified', loss: false, series: series(runs, ['trainError', 'testError']) },
  ].filter((panel) => panel.series.length > 0);
  if (panels.length === 0) return undefined;
  const epochs = panels.flatMap((panel) => panel.series.flatMap(({ points }) => points.map(([epoch]) => epoch)));
  const last = epochs.reduce((a, b) => Math.max(a, b), 1);
  let top = 34;
  const bodies = panels.map((panel, i) => {
    const frame = figureColumn(top, Math.max(158, labelHeight * panel.series.length), column);
    top += frame.height + 62;
    const x = countAxis(0, last, frame.left, frame.left + frame.width);
    const y = valueAxis(panel, frame.top + frame.height, frame.top);
    const axes = { x, y, xTitle: [i === panels.length - 1 ? 'epoch' : ''], yTitle: [panel.title] };
    const marks = panel.series.map((one) => seriesMarks(axes, one));
    return chart(`training-${i}`, frame, axes, marks, [seriesLabels(axes, frame, panel.series)]);
  });
  return {
    name: 'training',
    title: 'Training curves',
    description: describe(runs),
    height: top - 16,
    plotWidth: plotEnd(figureColumn(0, 0, column)),
    names: panels.flatMap((panel) =>
      panel.series.map((one) => ({ ...one, label: `${panel.loss ? 'loss' : 'error'}, ${one.label}` })),
    ),
    body: bodies.join(''),
  };
}

function valueAxis({ loss, series }: Panel, from: number, to: number): Axis {
  const values = series.flatMap(({ points }) => points.map(([, value]) => value));
  const largest = values.reduce((a, b) => Math.max(a, b));
  return loss
    ? logAxis(
        values.reduce((a, b) => Math.min(a, b)),
        largest,
        from,
        to,
        5,
      )
    : linearAxis(0, largest > 0 ? largest : 1, from, to, 4, percentTick);
}

type Key = 'trainLoss' | 'testLoss' | 'trainError' | 'testError';

/** Two curves a run, those without points left out; a loss of 0 has no place on a logarithmic axis. */
function series(runs: readonly TrainingRun[], keys: readonly [train: Key, test: Key]): readonly Series[] {
  const starts = startEpochs(runs);
  const all = runs.flatMap(({ name, history, final, trainValues }, i) =>
    keys.map((key, k): Series => {
      const loss = key.endsWith('Loss');
      const shift = trainValues === 'during' && k === 0 ? 0.5 : 0;
      const recorded = history.flatMap((record): [number, number | undefined][] =>
        record[key] === undefined ? [] : [[Math.max(0, record.epoch - shift), record[key]]],
      );
      const last = history.reduce((most, { epoch }) => Math.max(most, epoch), 0);
      // measured at the weights after the last epoch, whatever the record of that epoch holds
      const points = [...recorded.filter(([epoch]) => epoch < last), [last, final[key]] as const].flatMap(
        ([epoch, value]): [number, number][] =>
          value === null || value === undefined || (loss && value <= 0) ? [] : [[epoch + starts[i], value]],
      );
      const end = points.at(-1)?.[1] ?? 0;
      return {
        label: `${runs.length > 1 ? `${name}, ` : ''}${k === 0 ? 'train' : 'test'}`,
        value: final[key] === null ? 'not finite' : loss ? inline(number(end)) : percent(end),
        colour: i % 6,
        dashed: k === 1,
        points,
      };
    }),
  );
  return all.filter(({ points }) => points.length > 0);
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

function lossText(loss: number | null): string {
  return loss === null ? 'no finite size' : inline(number(loss));
}

function describe(runs: readonly TrainingRun[]): string {
  const ends = runs.map(({ name, final }) =>
    final.trainError === undefined
      ? `${name}: a loss of ${lossText(final.trainLoss)} on training${final.testLoss === undefined ? '' : ` and ${lossText(final.testLoss)} on test`} examples`
      : final.testError === undefined
        ? `${name}: ${percent(final.trainError)} of the examples wrong, which it may have seen`
        : `${name}: ${percent(final.trainError)} of training and ${percent(final.testError)} of test examples wrong`,
  );
  const during = runs.some(({ trainValues, history }) => trainValues === 'during' && history.length > 0);
  const what = during
    ? 'On training examples (solid) the means over each epoch, in its middle; on test examples (dotted) after each epoch'
    : 'Loss and error after each epoch; solid on training examples, dotted on test examples';
  const continued = runs.flatMap(({ name, continues }) =>
    continues === undefined ? [] : [` ${name} goes on from the end of ${continues}.`],
  );
  return `${what}. Each curve ends in what was measured at the final weights: ${ends.join('; ')}.${continued.join('')}`;
}
