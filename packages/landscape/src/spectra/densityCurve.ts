import { exp, log } from '@hyperribbon/kernels';
import type { DensityReport } from '@hyperribbon/lanczos/density';

const pointsPerSide = 160;
/** Gaussian width in decades: half the distance of the bumps that 40 Lanczos steps resolve. */
const width = 0.12;

/** A spectral density on a grid, with its band and what it rests on. */
export interface DensityCurve {
  /** ascending, logarithmic on both sides of zero */
  readonly x: readonly number[];
  /** per unit of eigenvalue: it integrates to one */
  readonly density: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** confidence of the band, pointwise */
  readonly level: number;
  readonly steps: number;
  readonly probes: number;
  readonly matvecs: number;
  readonly trace: { readonly value: number; readonly standardError: number };
}

/**
 * A density report evaluated on a grid that is logarithmic on both sides of zero, from the largest magnitude down over six
 * decades or to the noise floor.
 *
 * @param report of `spectralDensity`
 * @param noiseFloor magnitude below which eigenvalues are rounding, ≥ 0
 * @example
 * const report = await spectralDensity(fromDense(Float64Array.of(2, 0, 0, 1), 2), { steps: 2, probes: 2, seed: 1 });
 * densityCurve(report, 1e-12).x.length; // 160: there are no negative eigenvalues
 */
export function densityCurve(report: DensityReport, noiseFloor: number): DensityCurve {
  const [smallest, largest] = report.support;
  const top = Math.max(Math.abs(smallest), Math.abs(largest)) * 1.3;
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
    level: report.level,
    steps: report.steps,
    probes: report.probes,
    matvecs: report.matvecs,
    trace: { value, standardError },
  };
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
