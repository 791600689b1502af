import { exp, log } from '@hyperribbon/kernels';
import type { DensityReport } from '@hyperribbon/lanczos/density';

const pointsPerSide = 160;
/** Gaussian width in decades: half the distance of the bumps that 40 Lanczos steps resolve. */
const width = 0.12;
/** The grid reaches three and a half widths beyond the largest magnitude: 0.0002 of its bump lie further out. */
const margin = 2.63;

/** The share of eigenvalues too small to be drawn beside the largest: what the density on the grid leaves of one. */
export interface ShareAtZero {
  /** magnitude under which eigenvalues count as zero here, the innermost points of the grid */
  readonly below: number;
  /** the density's own integral and this add up to one, smoothing over the boundary included */
  readonly share: number;
  /** from the band of the density */
  readonly lower: number;
  readonly upper: number;
}

/** A spectral density on a grid, with its band and what it rests on. */
export interface DensityCurve {
  /** ascending, logarithmic on both sides of zero */
  readonly x: readonly number[];
  /** per unit of eigenvalue: with the share at zero it integrates to one */
  readonly density: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly zero: ShareAtZero;
  /** confidence of the band, pointwise */
  readonly level: number;
  readonly steps: number;
  readonly probes: number;
  readonly matvecs: number;
  readonly trace: { readonly value: number; readonly standardError: number };
}

/**
 * A density report evaluated on a grid that is logarithmic on both sides of zero, from the largest magnitude down over six
 * decades or to the noise floor, and the share of eigenvalues below that.
 *
 * @param report of `spectralDensity`
 * @param noiseFloor magnitude below which eigenvalues are rounding, ≥ 0
 * @example
 * const report = await spectralDensity(fromDense(Float64Array.of(2, 0, 0, 1), 2), { steps: 2, probes: 2, seed: 1 });
 * densityCurve(report, 1e-12).x.length; // 160: there are no negative eigenvalues
 */
export function densityCurve(report: DensityReport, noiseFloor: number): DensityCurve {
  const [smallest, largest] = report.support;
  const top = Math.max(Math.abs(smallest), Math.abs(largest)) * margin;
  const bottom = Math.max(noiseFloor, top / 1e6);
  const sides = [
    ...(smallest < -bottom ? [reversed(side(report, -bottom, -top))] : []),
    ...(largest > bottom ? [side(report, bottom, top)] : []),
  ];
  const joined = (of: (part: Side) => readonly number[]): readonly number[] => sides.flatMap(of);
  const { value, standardError } = report.trace((x) => x);
  return {
    x: joined(({ x }) => x),
    density: joined(({ value }) => value),
    lower: joined(({ low }) => low),
    upper: joined(({ high }) => high),
    zero: shareAtZero(sides, bottom),
    level: report.level,
    steps: report.steps,
    probes: report.probes,
    matvecs: report.matvecs,
    trace: { value, standardError },
  };
}

/** Integrals over ln |x|, where a Gaussian of this width on this grid is exact to 1e-9. */
function shareAtZero(sides: readonly Side[], below: number): ShareAtZero {
  const rest = (of: (side: Side) => readonly number[]): number => {
    const mass = sides.reduce((sum, side) => sum + massOf(side.x, of(side)), 0);
    return Math.max(0, Math.min(1, 1 - mass));
  };
  return { below, share: rest(({ value }) => value), lower: rest(({ high }) => high), upper: rest(({ low }) => low) };
}

function massOf(x: readonly number[], density: readonly number[]): number {
  let sum = 0;
  for (let i = 1; i < x.length; i++) {
    const width = Math.abs(log(x[i] / x[i - 1]));
    sum += (width * (Math.abs(x[i]) * density[i] + Math.abs(x[i - 1]) * density[i - 1])) / 2;
  }
  return sum;
}

interface Side {
  readonly x: readonly number[];
  readonly value: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

function reversed({ x, value, low, high }: Side): Side {
  return { x: x.toReversed(), value: value.toReversed(), low: low.toReversed(), high: high.toReversed() };
}

function side(report: DensityReport, from: number, to: number): Side {
  const step = log(to / from) / (pointsPerSide - 1);
  const x = Array.from({ length: pointsPerSide }, (_, i) => from * exp(i * step));
  const curve = report.density(x, { axis: 'log', width });
  const ln10 = log(10);
  const perUnit = (values: Float64Array): number[] =>
    Array.from(values, (v, i) => Math.max(0, v) / (Math.abs(x[i]) * ln10));
  return { x, value: perUnit(curve.value), low: perUnit(curve.low), high: perUnit(curve.high) };
}
