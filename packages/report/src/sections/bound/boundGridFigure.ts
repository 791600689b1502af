import { line } from 'd3-shape';
import type { BoundCandidate, BoundSection } from '../../analysis.js';
import { linearAxis, logAxis, xAxis, yAxis, type Axis, type Frame } from '../../page/axes.js';
import type { Figure } from '../../page/figure.js';
import { number, percentTick, percentUp } from '../../page/format.js';
import { labelsHeight, shorten, spread } from '../../page/labels.js';
import { el, escapeText, plain } from '../../page/markup.js';

const left = 58;
const labelColumn = 186;
const width = 720 - left - labelColumn;

interface Curve {
  readonly label: string;
  readonly colour: number;
  readonly dashed?: boolean;
  readonly value: (row: BoundCandidate) => number | undefined;
}

const correctedBound = (row: BoundCandidate): number | undefined => row.corrected;

const boundCurves: readonly Curve[] = [
  { label: 'bound from these draws', colour: 1, value: correctedBound },
  { label: 'plug-in bound', colour: 1, dashed: true, value: (row) => row.plugIn },
  { label: 'error of the draws', colour: 0, value: (row) => row.monteCarlo?.mean },
];

const partCurves: readonly Curve[] = [
  { label: 'KL: distance', colour: 0, value: (row) => row.klDisplacement },
  { label: 'KL: noise shape', colour: 2, value: (row) => row.klCovariance },
  { label: 'penalty: grid, δ', colour: 4, value: (row) => row.penalty },
];

/** The bound along the grid of prior precisions above, what it is made of below. */
export function boundGridFigure(bound: BoundSection): Figure | undefined {
  const { candidates, best } = bound;
  if (candidates.length === 0) return undefined;
  const precisions = candidates.map(({ precision }) => precision);
  const x = logAxis(Math.min(...precisions), Math.max(...precisions), left, left + width);
  const known = boundCurves.filter(
    ({ value }) =>
      candidates.some((row) => value(row) !== undefined) && !(value === correctedBound && offScale(candidates, best)),
  );
  const upper: Frame = { left, top: 34, width, height: 180 };
  const lower: Frame = { left, top: known.length > 0 || best ? upper.top + upper.height + 66 : 34, width, height: 170 };
  const values = known.flatMap(({ value }) => candidates.flatMap((row) => value(row) ?? []));
  const highest = Math.min(1, Math.max(best?.value ?? 0, ...values, 0.05) * 1.08);
  const y = linearAxis(0, highest, upper.top + upper.height, upper.top, 4, percentTick);
  const parts = candidates.flatMap((row) => partCurves.map(({ value }) => value(row)!)).filter((v) => v > 0);
  const nats = logAxis(
    Math.max(Math.min(...parts, 1e300), Math.max(...parts, 1) * 1e-6),
    Math.max(...parts, 1),
    lower.top + lower.height,
    lower.top,
    5,
  );
  const star = best === undefined ? '' : mark(x.map(best.precision), y.map(best.value));
  const extra =
    best === undefined
      ? []
      : [
          {
            label: `certified: ${percentUp(best.value)}`,
            colour: 5,
            at: { x: x.map(best.precision), y: y.map(best.value) },
          },
        ];
  const above =
    known.length === 0 && best === undefined
      ? ''
      : yAxis(y, upper, ['error, share of examples']) +
        xAxis(x, upper, ['']) +
        curves(known, candidates, x, y) +
        endLabels(known, candidates, x, y, upper, extra) +
        star;
  return {
    name: 'bound-grid',
    title: 'Bound along the grid of prior precisions',
    description: describe(bound),
    width: 720,
    height: lower.top + lower.height + 46,
    body:
      above +
      yAxis(nats, lower, ['nats']) +
      xAxis(x, lower, ['prior precision ε']) +
      curves(partCurves, candidates, x, nats) +
      endLabels(partCurves, candidates, x, nats, lower, []),
  };
}

/** With a handful of pilot draws the bound they would certify is many times the reported one and would flatten everything else. */
function offScale(candidates: readonly BoundCandidate[], best: BoundSection['best']): boolean {
  const corrected = candidates.flatMap((row) => row.corrected ?? []);
  return best !== undefined && corrected.length > 0 && Math.min(...corrected) > 2.5 * best.value;
}

function curves(list: readonly Curve[], candidates: readonly BoundCandidate[], x: Axis, y: Axis): string {
  return list
    .map(({ colour, dashed, value }) => {
      const rows = candidates.filter((row) => value(row) !== undefined);
      const points = rows.map((row) => [x.map(row.precision), y.map(value(row)!)] as const);
      const d = line<(typeof points)[number]>(
        (p) => p[0],
        (p) => p[1],
      )(points);
      const dots =
        points.length > 30 ? [] : points.map(([cx, cy]) => el('circle', { class: `f${colour}`, cx, cy, r: 2.4 }));
      return el('path', { class: `line s${colour}${dashed ? ' dashed' : ''}`, d: d ?? '' }) + dots.join('');
    })
    .join('');
}

interface Extra {
  readonly label: string;
  readonly colour: number;
  readonly at: { readonly x: number; readonly y: number };
}

function endLabels(
  list: readonly Curve[],
  candidates: readonly BoundCandidate[],
  x: Axis,
  y: Axis,
  frame: Frame,
  extra: readonly Extra[],
): string {
  const labels: Extra[] = list.map(({ label, colour, value }) => {
    const row = candidates.findLast((candidate) => value(candidate) !== undefined)!;
    return { label, colour, at: { x: x.map(row.precision), y: y.map(value(row)!) } };
  });
  labels.push(...extra);
  const sizes = labels.map(({ at }) => ({ target: at.y, size: 20 }));
  const middles = spread(sizes, frame.top, Math.max(frame.top + frame.height, frame.top + labelsHeight(sizes)));
  const at = left + width + 24;
  return labels
    .map(({ label, colour, at: end }, i) => {
      const points = `${end.x + 6},${end.y} ${left + width + 4},${end.y} ${at - 5},${middles[i]}`;
      const strong = i >= list.length;
      return (
        el('polyline', { class: `leader s${colour}`, points }) +
        el(
          'text',
          { class: strong ? 'strong' : `f${colour}`, x: at, y: middles[i] + 4 },
          escapeText(shorten(label, 13, labelColumn - 26)),
        )
      );
    })
    .join('');
}

function mark(x: number, y: number): string {
  return el('circle', { class: 'hollow ink', cx: x, cy: y, r: 5.5 });
}

function describe({ candidates, best }: BoundSection): string {
  const tried = candidates.filter(({ monteCarlo }) => monteCarlo !== undefined).length;
  const chosen =
    best === undefined
      ? 'No posterior draws were taken, so there is no bound yet.'
      : `The ring marks the reported bound at ε = ${plain(number(best.precision))}: ${percentUp(best.value)}.`;
  const pilots = offScale(candidates, best)
    ? ` The draws behind the curves are few: alone they would certify no better than ${percentUp(Math.min(...candidates.flatMap((row) => row.corrected ?? [])))}.`
    : '';
  return (
    `Above: error of the posterior, and the bound if that error were exact (plug-in), for ${tried} of ${candidates.length} prior precisions. A small ε lets the noise spoil ` +
    `the network, a large one makes the distance travelled expensive. ${chosen}${pilots} ` +
    `Below: what enters KL + penalty for each of them.`
  );
}
