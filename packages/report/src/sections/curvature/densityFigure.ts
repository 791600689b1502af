import { logAxis, zeroAxis, type ZeroAxis } from '../../page/axes.js';
import { band, chart, curve, figureColumn, type Axes, type Point } from '../../page/chart.js';
import type { Figure } from '../../page/figure.js';
import { integer, number, percent } from '../../page/format.js';
import { el, inline, svgText } from '../../page/markup.js';
import { densityMass, type DensityMass, type Side } from './densityMass.js';
import type { CurvatureSpectrum, SpectralDensity } from './shape.js';

const panelHeight = 128;
const gap = 86;
const first = 92;

interface Panel {
  readonly density: SpectralDensity;
  readonly mass: DensityMass;
  readonly label: string;
  readonly dimension: number;
  readonly colour: number;
}

/**
 * Where the eigenvalues are, one panel for each operator over a common axis of magnitudes to both sides of zero: share of eigenvalues per decade with
 * confidence bands, and the share at zero as a bar.
 */
export function densityFigure(curvature: readonly CurvatureSpectrum[]): Figure | undefined {
  const panels = curvature.flatMap(({ density, label, dimension }, i): Panel[] =>
    density === undefined ? [] : [{ density, mass: densityMass(density), label, dimension, colour: 1 + (i % 6) }],
  );
  const drawn = panels.filter(({ mass }) => mass.zero.share > 0 || sides(mass).some(({ share }) => share > 0));
  if (drawn.length === 0) return undefined;
  const { left, width } = figureColumn(0, 0, 24);
  const x = sharedAxis(drawn, left, left + width);
  const [floor, top] = heights(drawn);
  const bodies = drawn.map((panel, i) => {
    const frame = figureColumn(first + i * (panelHeight + gap), panelHeight, 24);
    const y = logAxis(floor, top, frame.top + panelHeight, frame.top, 4);
    const xTitle = i === drawn.length - 1 ? 'eigenvalue λ, logarithmic to both sides of zero' : '';
    const axes: Axes = { x: x.axis, y, xTitle: [xTitle], yTitle: [''], lines: 'both' };
    const { density, label, colour } = panel;
    const caption = `${label}, ${integer(density.probes)} probes × ${integer(density.steps)} steps`;
    const title = el(
      'text',
      { x: left, y: frame.top - 34 },
      el('tspan', { class: `f${colour} strong` }, svgText([caption])),
      el('tspan', { class: 'muted', x: left, dy: '1.45em' }, svgText([sharesText(panel.mass)])),
    );
    return chart(`density-${i}`, frame, axes, marks(panel, axes, x, floor), [title]);
  });
  return {
    name: 'density',
    title: 'Spectral densities',
    description: describe(drawn),
    height: first + drawn.length * (panelHeight + gap) - 4,
    body:
      el('text', { class: 'tick', x: 4, y: 20 }, 'share of eigenvalues per decade of |λ|; bars: share at zero') +
      bodies.join(''),
  };
}

function sides({ negative, positive }: DensityMass): readonly Side[] {
  return [negative, positive];
}

/** From the smallest magnitude that a panel tells from zero to the largest of all. */
function sharedAxis(panels: readonly Panel[], from: number, to: number): ZeroAxis {
  const reach = (of: (mass: DensityMass) => Side): number =>
    panels.reduce((most, { mass }) => of(mass).points.reduce((a, { x }) => Math.max(a, Math.abs(x)), most), 0);
  const [negative, positive] = [reach(({ negative }) => negative), reach(({ positive }) => positive)];
  const largest = Math.max(negative, positive, 1e-300);
  const below = panels.reduce(
    (least, { mass: { zero } }) => (zero.below > 0 ? Math.min(least, zero.below) : least),
    largest,
  );
  // fifteen decades are all that a double tells apart
  return zeroAxis(Math.max(below, largest * 1e-15, 1e-300), negative, positive, from, to);
}

/** From a tenth of one eigenvalue, of the largest network, to the highest curve or bar. */
function heights(panels: readonly Panel[]): readonly [floor: number, top: number] {
  const values = panels.flatMap(({ mass }) => [
    mass.zero.share,
    ...sides(mass).flatMap(({ points }) => points.map(({ value }) => value)),
  ]);
  const top = Math.min(
    1e300,
    values.reduce((a, b) => Math.max(a, b), 0),
  );
  const one = panels.reduce((most, { dimension }) => Math.max(most, dimension), 1);
  return [Math.max(1e-300, Math.min(0.1 / one, top / 10)), top];
}

/** The density over its band, and the bar at zero; what is below the axis is held at its lower end. */
function marks({ mass, colour }: Panel, axes: Axes, { zero, half }: ZeroAxis, floor: number): string[] {
  const held = ({ points }: Side, of: (point: Side['points'][number]) => number | undefined): Point[] =>
    points.flatMap((point): Point[] => {
      const value = of(point);
      return value === undefined ? [] : [[point.x, Math.min(1e300, Math.max(value, floor))]];
    });
  const curves = sides(mass).flatMap((side) => {
    const low = held(side, ({ lower }) => lower);
    return [
      low.length === 0
        ? ''
        : band(
            axes,
            low,
            held(side, ({ upper }) => upper),
            `band f${colour}`,
          ),
      side.points.length === 0
        ? ''
        : curve(
            axes,
            held(side, ({ value }) => value),
            `line s${colour}`,
          ),
    ];
  });
  const [top, bottom] = [axes.y.map(Math.max(mass.zero.share, floor)), axes.y.map(floor)];
  const bar = el('rect', { class: `bar f${colour}`, x: zero - half / 2, width: half, y: top, height: bottom - top });
  return [...curves, bar];
}

/** "36.1 % negative, 0.4 % zero, 63.5 % positive" */
function sharesText({ negative, zero, positive }: DensityMass): string {
  return [
    ...(negative.points.length === 0 ? [] : [`${percent(negative.share)} negative`]),
    `${percent(zero.share)} zero`,
    ...(positive.points.length === 0 ? [] : [`${percent(positive.share)} positive`]),
  ].join(', ');
}

function describe(panels: readonly Panel[]): string {
  const level = panels.find(({ density }) => density.level !== undefined)?.density.level;
  const band = level === undefined ? '' : ` The shade is the ${Math.round(level * 100)} % confidence band over probes.`;
  const each = panels.map(
    ({ label, mass }) => `${label}: ${sharesText(mass)} (|λ| < ${inline(number(mass.zero.below, 2))})`,
  );
  const most = panels.filter(({ mass }) => mass.zero.share > 0.5).map(({ label }) => label);
  const free =
    most.length === 0
      ? ''
      : ` More than half of the directions of ${most.join(', ')} are at zero: the data leave them undetermined.`;
  return (
    `Share of eigenvalues per decade of their magnitude, to both sides of zero; the bar in the gap is the share at zero, too small to be told from it beside the largest. ` +
    `Curves and bar of a panel add up to all eigenvalues. ${each.join('; ')}.${free}${band}`
  );
}
