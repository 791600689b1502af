import type { CumulativeCurve, CumulativeOptions } from './cumulative.js';
import type { DensityCurve, DensityOptions } from './densityCurve.js';
import type { Estimate, Evidence } from './estimate.js';
import type { Quadrature } from './gaussQuadrature.js';
import type { ProbeRun } from './lanczosProbe.js';

/** The spectrum as quadrature rules, one a probe; data is plain, the functions read it. */
export interface DensityReport extends Evidence, Omit<ProbeRun, 'eps' | 'evidence'> {
  /** one Gauss rule per probe; weights of a Rademacher probe without deflation add up to n */
  readonly quadratures: readonly Quadrature[];
  /** smallest and largest node or exact value */
  readonly support: readonly [number, number];
  /** share of eigenvalues per unit of x (or per decade on a log axis) at each x, smoothed, with confidence band */
  density(x: ArrayLike<number>, options?: DensityOptions): DensityCurve;
  /** share of eigenvalues ≤ x (on a log axis of those with its sign), with confidence band and the quadrature's own bounds */
  cdf(x: ArrayLike<number>, options?: CumulativeOptions): CumulativeCurve;
  /** tr f(A) = Σ f(λ) */
  trace(f: (x: number) => number): Estimate;
  /** number of eigenvalues in (a, b] */
  count(a: number, b: number): Estimate;
}
