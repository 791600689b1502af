import { area, line } from 'd3-shape';
import type { CurvatureSpectrum, SpectralDensity } from '../../analysis.js';
import { logAxis, signedLogAxis, xAxis, yAxis, type Axis, type Frame } from '../../page/axes.js';
import { clipId, clipTo, type Figure } from '../../page/figure.js';
import { integer } from '../../page/format.js';
import { el, escapeText } from '../../page/markup.js';

const panelHeight = 128;
const gap = 54;

/** Where the eigenvalues are, one panel for each operator over a common signed logarithmic axis, with confidence bands. */
export function densityFigure(curvature: readonly CurvatureSpectrum[]): Figure | undefined {
  const panels = curvature.flatMap(({ density, label, noiseFloor }, i) =>
    density === undefined || !density.density.some((d) => d > 0)
      ? []
      : [{ density, label, noiseFloor, colour: 1 + (i % 6) }],
  );
  if (panels.length === 0) return undefined;
  const left = 58;
  const width = 720 - left - 24;
  const xs = panels.flatMap(({ density }) => density.x);
  const [low, high] = [xs.reduce((a, b) => Math.min(a, b)), xs.reduce((a, b) => Math.max(a, b))];
  const x = signedLogAxis(low, high, linearRange(xs, panels), left, left + width);
  const heights = panels.flatMap(({ density }) => density.density.filter((d) => d > 0));
  const top = heights.reduce((a, b) => Math.max(a, b));
  // eight decades below the peak there is less than one eigenvalue in any network of interest
  const floor = Math.max(
    heights.reduce((a, b) => Math.min(a, b)),
    top * 1e-8,
  );
  const bodies = panels.map(({ density, label, colour }, i) => {
    const frame: Frame = { left, top: 44 + i * (panelHeight + gap), width, height: panelHeight };
    const y = logAxis(floor, top, frame.top + panelHeight, frame.top, 4);
    const clip = clipId(`density-${i}`);
    const caption = `${label}, ${integer(density.probes)} probes × ${integer(density.steps)} steps`;
    return (
      clipTo(clip, frame) +
      yAxis(y, frame, ['']) +
      el('text', { class: `f${colour} strong`, x: left, y: frame.top - 12 }, escapeText(caption)) +
      xAxis(x, frame, i === panels.length - 1 ? ['eigenvalue'] : [''], true) +
      el('g', { 'clip-path': `url(#${clip})` }, curve(density, x, y, floor, colour))
    );
  });
  return {
    name: 'density',
    title: 'Spectral densities',
    description: describe(panels),
    width: 720,
    height: 44 + panels.length * (panelHeight + gap) - 4,
    body: bodies.join(''),
  };
}

type Panel = { readonly density: SpectralDensity; readonly label: string; readonly noiseFloor: number };

/** Linear around 0 up to the noise, and never more than seven decades below the largest value: smaller is not resolved. */
function linearRange(xs: readonly number[], panels: readonly Panel[]): number {
  const largest = xs.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const noise = panels.reduce((a, { noiseFloor }) => Math.max(a, noiseFloor), 0);
  if (largest === 0) return 1;
  return Math.max(1e-300, Math.min(largest / 10, Math.max(noise, largest * 1e-7)));
}

interface Point {
  readonly x: number;
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

function curve(density: SpectralDensity, x: Axis, y: Axis, floor: number, colour: number): string {
  const points: Point[] = density.x.map((at, i) => ({
    x: at,
    value: density.density[i],
    lower: density.lower?.[i] ?? density.density[i],
    upper: density.upper?.[i] ?? density.density[i],
  }));
  const held = (value: number): number => y.map(Math.max(value, floor));
  const band = area<Point>(
    (p) => x.map(p.x),
    (p) => held(p.lower),
    (p) => held(p.upper),
  )(points);
  const path = line<Point>(
    (p) => x.map(p.x),
    (p) => held(p.value),
  )(points);
  const shade = density.lower === undefined ? '' : el('path', { class: `band f${colour}`, d: band ?? '' });
  return shade + el('path', { class: `line s${colour}`, d: path ?? '' });
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
