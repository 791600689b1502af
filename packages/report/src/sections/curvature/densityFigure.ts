import { logAxis, signedLogAxis } from '../../page/axes.js';
import { band, chart, curve, figureColumn, type Axes, type Point } from '../../page/chart.js';
import type { Figure } from '../../page/figure.js';
import { integer } from '../../page/format.js';
import { el, escapeText } from '../../page/markup.js';
import type { CurvatureSpectrum, SpectralDensity } from './shape.js';

const panelHeight = 128;
const gap = 54;

interface Panel {
  readonly density: SpectralDensity;
  readonly label: string;
  readonly noiseFloor: number;
  readonly colour: number;
}

/** Where the eigenvalues are, one panel for each operator over a common signed logarithmic axis, with confidence bands. */
export function densityFigure(curvature: readonly CurvatureSpectrum[]): Figure | undefined {
  const panels = curvature.flatMap(({ density, label, noiseFloor }, i): Panel[] =>
    density === undefined || !density.density.some((d) => d > 0)
      ? []
      : [{ density, label, noiseFloor, colour: 1 + (i % 6) }],
  );
  if (panels.length === 0) return undefined;
  const { left, width } = figureColumn(0, 0, 24);
  const [low, high] = range(panels.flatMap(({ density }) => density.x));
  const x = signedLogAxis(low, high, linearRange(Math.max(-low, high), panels), left, left + width);
  const [least, top] = range(panels.flatMap(({ density }) => density.density.filter((d) => d > 0)));
  // eight decades below the peak there is less than one eigenvalue in any network of interest
  const floor = Math.max(least, top * 1e-8);
  const bodies = panels.map(({ density, label, colour }, i) => {
    const frame = figureColumn(44 + i * (panelHeight + gap), panelHeight, 24);
    const y = logAxis(floor, top, frame.top + panelHeight, frame.top, 4);
    const axes: Axes = { x, y, xTitle: [i === panels.length - 1 ? 'eigenvalue' : ''], yTitle: [''], lines: 'both' };
    const caption = `${label}, ${integer(density.probes)} probes × ${integer(density.steps)} steps`;
    const title = el('text', { class: `f${colour} strong`, x: left, y: frame.top - 12 }, escapeText(caption));
    return chart(`density-${i}`, frame, axes, curves(density, axes, floor, colour), [title]);
  });
  return {
    name: 'density',
    title: 'Spectral densities',
    description: describe(panels),
    height: 44 + panels.length * (panelHeight + gap) - 4,
    body: bodies.join(''),
  };
}

function range(values: readonly number[]): readonly [low: number, high: number] {
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

/** Linear around 0 up to the noise, and never more than seven decades below the largest value: smaller is not resolved. */
function linearRange(largest: number, panels: readonly Panel[]): number {
  const noise = panels.reduce((a, { noiseFloor }) => Math.max(a, noiseFloor), 0);
  if (largest === 0) return 1;
  return Math.max(1e-300, Math.min(largest / 10, Math.max(noise, largest * 1e-7)));
}

/** The density over its band; what is below the axis is held at its lower end. */
function curves({ x, density, lower, upper }: SpectralDensity, axes: Axes, floor: number, colour: number): string[] {
  const held = (values: readonly number[]): Point[] => x.map((at, i) => [at, Math.max(values[i], floor)]);
  return [
    lower === undefined ? '' : band(axes, held(lower), held(upper ?? density), `band f${colour}`),
    curve(axes, held(density), `line s${colour}`),
  ];
}

function describe(panels: readonly Panel[]): string {
  const level = panels.find(({ density }) => density.level !== undefined)?.density.level;
  const band = level === undefined ? '' : ` The shade is the ${Math.round(level * 100)} % confidence band over probes.`;
  const names = panels.map(({ label }) => label).join(', ');
  return (
    `Share of eigenvalues per unit of eigenvalue for ${names}; the horizontal axis is logarithmic to both sides of 0 and linear close to it. ` +
    `The peak at 0 are the directions that the data leave undetermined.${band}`
  );
}
