import { exp, log } from '@hyperribbon/kernels';
import type { DensityReport } from '@hyperribbon/lanczos/density';
import type { SpectralDensity } from '@hyperribbon/report';

const pointsPerSide = 160;
/** Gaussian width in decades: half the distance of the bumps that 40 Lanczos steps resolve. */
const width = 0.12;

/**
 * A density report evaluated on a grid that is logarithmic on both sides of zero, from the largest magnitude down over six
 * decades or to the noise floor; per unit of eigenvalue, so it integrates to one.
 */
export function densityTable(report: DensityReport, noiseFloor: number): SpectralDensity {
  const [smallest, largest] = report.support;
  const top = Math.max(Math.abs(smallest), Math.abs(largest)) * 1.3;
  const bottom = Math.max(noiseFloor, top / 1e6);
  const positive = largest > bottom ? side(report, bottom, top) : undefined;
  const negative = smallest < -bottom ? side(report, -bottom, -top) : undefined;
  const { value, standardError } = report.trace((x) => x);
  return {
    x: [...(negative?.x.toReversed() ?? []), ...(positive?.x ?? [])],
    density: [...(negative?.value.toReversed() ?? []), ...(positive?.value ?? [])],
    lower: [...(negative?.low.toReversed() ?? []), ...(positive?.low ?? [])],
    upper: [...(negative?.high.toReversed() ?? []), ...(positive?.high ?? [])],
    level: report.level,
    steps: report.steps,
    probes: report.probes,
    products: report.matvecs,
    trace: { value, standardError },
  };
}

interface Side {
  readonly x: number[];
  readonly value: number[];
  readonly low: number[];
  readonly high: number[];
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
