import { scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { xAxis, yAxis, type Axis, type Frame } from '../../page/axes.js';
import { clipId, clipTo, type Figure } from '../../page/figure.js';
import { number, percent } from '../../page/format.js';
import { el, plain, svgText } from '../../page/markup.js';
import { endLabels, type EndLabel } from '../maps/endLabels.js';
import type { PhasePoint, PhaseSection } from '../../ribbon/ribbonStudy.js';

const frame: Frame = { left: 58, top: 36, width: 424, height: 330 };
const room = 720 - frame.left - frame.width - 28;

/** Share of variance in three directions over decay and scale ratio, boundaries, and where the data set lies. */
export function phaseFigure(phase: PhaseSection): Figure | undefined {
  const { decays, scaleRatios, explained3, boundaries, point } = phase;
  if (decays.length < 2 || scaleRatios.length < 2) return undefined;
  const bottom = frame.top + frame.height;
  const x = roundLogAxis(decays[0], decays[decays.length - 1], frame.left, frame.left + frame.width);
  const y = roundLogAxis(scaleRatios[0], scaleRatios[scaleRatios.length - 1], bottom, frame.top);
  const xs = edges(decays).map(x.map);
  const ys = edges(scaleRatios).map(y.map);
  const cells = explained3.map((value, k) => {
    const [i, j] = [Math.floor(k / scaleRatios.length), k % scaleRatios.length];
    const opacity = shade(value).toFixed(3);
    // half a pixel of overlap, or the seams show
    return el('rect', {
      class: 'f0',
      'fill-opacity': opacity,
      x: xs[i],
      y: ys[j + 1],
      width: xs[i + 1] - xs[i],
      height: ys[j] - ys[j + 1],
    });
  });
  const clip = clipId('phase');
  const curves = boundaries.map(({ kind, points }) => {
    const d = line<PhasePoint>(
      (p) => x.map(p.decay),
      (p) => y.map(p.scaleRatio),
    )(points);
    return el('path', { class: kind === 'exact' ? 'line ink' : 'line ink dashed faint', d: d ?? '' });
  });
  const inside = (p: PhasePoint): boolean =>
    p.decay <= decays[decays.length - 1] * 1.001 &&
    p.scaleRatio <= scaleRatios[scaleRatios.length - 1] &&
    p.scaleRatio >= scaleRatios[0];
  const labels = boundaries.flatMap(({ label, points }): EndLabel[] => {
    const end = points.findLast(inside);
    return end === undefined ? [] : [{ label, colour: 5, at: { x: x.map(end.decay), y: y.map(end.scaleRatio) } }];
  });
  const ring = (at: PhasePoint): string =>
    el('circle', { class: 'hollow s1', cx: x.map(at.decay), cy: y.map(at.scaleRatio), r: 6 });
  const mark =
    point === undefined
      ? ''
      : ring(point) + el('circle', { class: 'f1', cx: x.map(point.decay), cy: y.map(point.scaleRatio), r: 2.4 });
  if (point !== undefined)
    labels.push({
      label: `these data: ${percent(point.explained3)}`,
      colour: 1,
      at: { x: x.map(point.decay) + 4, y: y.map(point.scaleRatio) },
      strong: true,
    });
  return {
    name: 'phase',
    title: 'Phase diagram of linear regression',
    description: describe(phase),
    width: 720,
    height: bottom + 88,
    body:
      clipTo(clip, {
        ...frame,
        left: frame.left + 4,
        top: frame.top + 4,
        width: frame.width - 8,
        height: frame.height - 8,
      }) +
      el('g', { 'shape-rendering': 'crispEdges' }, ...cells) +
      yAxis({ ...y, ticks: y.ticks }, frame, ['ρ, scale of the target / scale of the start']).replaceAll(
        'class="grid"',
        'class="axis" stroke-opacity="0"',
      ) +
      xAxis(x, frame, ['decay c of the input spectrum, nats per index']) +
      el('g', { 'clip-path': `url(#${clip})` }, ...curves) +
      mark +
      (phase.reached === undefined ? '' : ring(phase.reached)) +
      endLabels(labels, frame, room) +
      key(bottom + 62),
  };
}

/** 50 % and less is paper, 100 % the full hue: the range that the boundary at 90 % divides. */
function shade(share: number): number {
  return 0.03 + 0.72 * Math.max(0, Math.min(1, (share - 0.3) / 0.7));
}

function key(y: number): string {
  const steps = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
  const cells = steps.map((value, i) =>
    el('rect', {
      class: 'f0',
      'fill-opacity': shade(value).toFixed(3),
      x: frame.left + 44 * i,
      y,
      width: 44,
      height: 9,
    }),
  );
  const labels = steps.map((value, i) =>
    el(
      'text',
      { class: 'tick', x: frame.left + 44 * i + 22, y: y + 22, 'text-anchor': 'middle' },
      i === 0 ? '≤ 30 %' : `${Math.round(100 * value)}`,
    ),
  );
  const title = el(
    'text',
    { class: 'tick', x: frame.left + 44 * steps.length + 12, y: y + 9 },
    svgText(['variance in three directions']),
  );
  return cells.join('') + labels.join('') + title;
}

/** Logarithmic axis that ends where the grid ends, with ticks at 1, 2, 5 times powers of ten. */
function roundLogAxis(low: number, high: number, from: number, to: number): Axis {
  const scale = scaleLog([low, high], [from, to]).clamp(true);
  const decades = Math.log10(high / low);
  const mantissas = decades > 4 ? [1] : decades > 2 ? [1, 3] : [1, 2, 5];
  const ticks = [];
  for (let k = Math.floor(Math.log10(low)); k <= Math.ceil(Math.log10(high)); k++)
    for (const m of mantissas) {
      const value = Number(`${m}e${k}`);
      if (value >= low * 0.999 && value <= high * 1.001) ticks.push({ at: scale(value), label: number(value, 1) });
    }
  return { map: (value) => scale(Math.max(value, low * 1e-3)), ticks };
}

/** Borders of the cells around grid values: geometric means inside, the values themselves at the ends. */
function edges(values: readonly number[]): number[] {
  return [
    values[0],
    ...values.slice(1).map((value, i) => Math.sqrt(value) * Math.sqrt(values[i])),
    values[values.length - 1],
  ];
}

function describe({ steps, relativeStep, boundaries, point, reached }: PhaseSection): string {
  const lines =
    boundaries.length > 0
      ? ` Lines: ${boundaries.map(({ label }) => label).join('; ')}; dashed ones are scaling laws.`
      : '';
  const place =
    point === undefined
      ? ''
      : ` The filled ring is this data set: c = ${plain(number(point.decay))} over indices ${point.window.from} to ${point.window.to} ` +
        `(R² ${plain(number(point.rSquared))}), ρ = ${plain(number(point.scaleRatio))}; with its own eigenvalues and target three directions hold ` +
        `${percent(point.explained3)}` +
        (point.explained3OfFit === undefined
          ? '.'
          : `, an exactly exponential spectrum would give ${percent(point.explained3OfFit)}.`);
  const other =
    reached === undefined
      ? ''
      : ` Real spectra start steeper than they go on: over the ${reached.window.to + 1} directions that training reaches c = ` +
        `${plain(number(reached.decay))} (R² ${plain(number(reached.rSquared))}), the empty ring, where the diagram says ${percent(reached.explained3OfFit)}.`;
  return (
    `Share of the variance of predictions, pooled over ${steps} steps of gradient descent (η λ₁ = ${plain(number(relativeStep))}) and over the ` +
    `random start, that lies in three directions: a hyper-ribbon where the shade is deep.${lines}${place}${other}`
  );
}
