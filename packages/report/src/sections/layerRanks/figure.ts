import { closeLogAxis, logAxis } from '../../page/axes.js';
import { chart, figureColumn, plotEnd, seriesLabels, seriesMarks, type Series } from '../../page/chart.js';
import { labelHeight } from '../../page/endLabels.js';
import type { Figure } from '../../page/figure.js';
import type { LayerRankRow } from './shape.js';

const column = 222;
/** curves that one can tell apart */
const most = 7;

/** Singular values of each layer over its largest, on logarithmic axes. */
export function layerRanksFigure(layers: readonly LayerRankRow[]): Figure | undefined {
  const known = layers.filter(({ singularValues }) => (singularValues[0] ?? 0) > 0);
  if (known.length === 0) return undefined;
  const shown = known.slice(0, most);
  const series = shown.map(({ name, singularValues, numerical }, i): Series => {
    const points = singularValues.flatMap((value, k): [number, number][] =>
      value > singularValues[0] * 1e-9 ? [[k + 1, value / singularValues[0]]] : [],
    );
    return { label: name, value: `rank ${numerical}`, colour: i, points };
  });
  const frame = figureColumn(34, Math.max(260, labelHeight * series.length), column);
  const values = series.flatMap(({ points }) => points.map(([, value]) => value));
  const axes = {
    x: closeLogAxis(
      1,
      Math.max(10, ...series.map(({ points }) => points.length)),
      frame.left,
      frame.left + frame.width,
    ),
    y: logAxis(Math.min(0.1, ...values), 1, frame.top + frame.height, frame.top),
    xTitle: ['index, largest first, from 1'],
    yTitle: ['singular value / largest of the layer'],
    lines: 'both' as const,
  };
  const body = chart(
    'layer-spectra',
    frame,
    axes,
    series.map((one) => seriesMarks(axes, one)),
    [seriesLabels(axes, frame, series)],
  );
  return {
    name: 'layer-spectra',
    title: 'Singular values of the layers',
    description:
      shown
        .map(({ name, numerical, rows, columns }) => `${name}, ${rows} × ${columns}: numerical rank ${numerical}`)
        .join('; ') +
      (known.length > most ? `; ${known.length - most} more layers are in the table alone` : '') +
      '. Values below a billionth of the largest are not drawn.',
    height: frame.top + frame.height + 46,
    plotWidth: plotEnd(frame),
    names: series,
    body,
  };
}
