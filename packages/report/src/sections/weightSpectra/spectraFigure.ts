import { logAxis } from '../../page/axes.js';
import { chart, curve, dots, pixels, type Axes, type Point } from '../../page/chart.js';
import { figureWidth, type Figure, type Frame } from '../../page/figure.js';
import { number } from '../../page/format.js';
import { el, escapeText, inline } from '../../page/markup.js';
import type { WeightSpectraSection, WeightSpectrumRow } from './shape.js';

/** panels of a figure, in two columns */
const most = 6;
const [left, gap, height, pitch] = [58, 66, 190, 276];
const width = (figureWidth - left - gap - 14) / 2;

/** Eigenvalues of up to six layers: how many are at least so large, with the fitted law and the edge of noise, on logarithmic axes. */
export function weightSpectraFigure({ layers }: WeightSpectraSection): Figure | undefined {
  const drawn = shownLayers(layers);
  if (drawn.length === 0) return undefined;
  const rows = Math.ceil(drawn.length / 2);
  return {
    name: 'weight-spectra',
    title: 'Spectra of the weights',
    description:
      `How many eigenvalues of WᵀW are at least so large: ${drawn.map((layer) => `${layer.name}, ${layer.alpha === null ? 'no exponent' : `alpha ${inline(number(layer.alpha))}`}`).join('; ')}. ` +
      'Dotted: the fitted power law, a straight line, from where it begins. Upright: where the spectrum of noise of the same variance ends.' +
      (drawn.length < layers.length ? ` ${layers.length - drawn.length} more layers are in the table alone.` : ''),
    height: rows * pitch + 4,
    body: drawn.map((layer, i) => panel(layer, i)).join(''),
  };
}

/** The first and last layer with an eigenvalue, and as many between them, evenly. */
export function shownLayers(layers: readonly WeightSpectrumRow[]): readonly WeightSpectrumRow[] {
  const some = layers.filter(({ curve: points }) => points.length > 0);
  const count = Math.min(most, some.length);
  return Array.from(
    { length: count },
    (_, i) => some[count === 1 ? 0 : Math.round((i * (some.length - 1)) / (count - 1))],
  );
}

function panel(layer: WeightSpectrumRow, place: number): string {
  const frame: Frame = {
    left: left + (place % 2) * (width + gap),
    top: 48 + Math.floor(place / 2) * pitch,
    width,
    height,
  };
  const { curve: points, alpha, xmin, tail, edge } = layer;
  const [largest, smallest] = [points[points.length - 1][0], points[0][0]];
  const bottom = frame.top + frame.height;
  const axes: Axes = {
    x: logAxis(Math.max(smallest, largest * 1e-6), largest, frame.left, frame.left + width, 6),
    y: logAxis(1, Math.max(10, layer.count), bottom, frame.top, 5),
    xTitle: ['eigenvalue'],
    // it stands at the edge of the whole figure
    yTitle: [place % 2 === 0 ? 'eigenvalues at least as large' : ''],
    lines: 'both',
  };
  const law: Point[] = alpha === null ? [] : lawPoints(alpha, xmin, tail, largest);
  const noise = pixels(axes, [edge, 1]).x;
  const layers = [
    dots(axes, points, 'f0', 1.7),
    ...(law.length === 0 ? [] : [curve(axes, law, 'line dashed s1')]),
    ...(edge > 0 ? [el('line', { class: 'thin s3', x1: noise, x2: noise, y1: frame.top, y2: bottom })] : []),
  ];
  const title = el(
    'text',
    { class: 'strong', x: frame.left, y: frame.top - 30, 'font-size': 12.4 },
    escapeText(`${ending(layer.name)}, α ${alpha === null ? 'infinite' : inline(number(alpha))}`),
  );
  return title + chart(`weight-spectra-${place}`, frame, axes, layers);
}

/** Long names by their end, which tells them apart. */
function ending(name: string): string {
  const letters = [...name];
  return letters.length <= 28 ? name : `…${letters.slice(-27).join('')}`;
}

/** The count tail · (x/xmin)^(1 − α) from xmin to the largest eigenvalue, or to one value where it falls below that. */
function lawPoints(alpha: number, xmin: number, tail: number, largest: number): Point[] {
  const end = Math.min(Math.log(largest / xmin), Math.log(tail) / (alpha - 1));
  const at = (x: number): Point => [xmin * Math.exp(x), tail * Math.exp(x * (1 - alpha))];
  return [at(0), at(end)];
}
