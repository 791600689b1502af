import { describe, refuseType } from '@hyperribbon/contract';
import { DomainError } from './domainError.js';
import { estimate, meanAndError, type Estimate, type Evidence } from './estimate.js';
import { gaussQuadrature, type Quadrature } from './gaussQuadrature.js';
import type { Probe } from './lanczosProbe.js';

/** A function of eigenvalues, how far rounding may have moved those, and whose errors they are. */
export interface SpectralFunction {
  readonly f: (x: number) => number;
  readonly resolution: number;
  readonly caller: string;
}

/** Σ wᵢ f(xᵢ), and what becomes of it when each xᵢ moves by the resolution. @throws DomainError where f is not finite there */
function applyRule({ nodes, weights }: Quadrature, g: SpectralFunction): [sum: number, rounding: number] {
  let [sum, rounding] = [0, 0];
  for (let i = 0; i < nodes.length; i++) {
    // a node without weight is not part of the measure: f need not exist there
    if (weights[i] === 0) continue;
    const [y, change] = valueNear(g, nodes[i]);
    sum += weights[i] * y;
    rounding += weights[i] * change;
  }
  return [sum, rounding];
}

/**
 * f(x), and its largest change within the resolution: rounding does not tell x from values there, nor from zero if that is among them, where most functions
 * have their singularities.
 * @throws DomainError where f is not finite
 */
export function valueNear({ f, resolution, caller }: SpectralFunction, x: number): [value: number, change: number] {
  const at = (near: number): number => {
    const y: unknown = f(near);
    if (typeof y === 'number' && y - y === 0) return y;
    const rounding = near === x ? '' : `, and rounding does not tell ${x} from ${near}`;
    throw new DomainError(
      `${caller}: f(${near}) is ${describe(y)}; the operator has spectrum at or near ${x}${rounding}: f must be finite there`,
      x,
    );
  };
  const value = at(x);
  if (resolution === 0) return [value, 0];
  const places = [x - resolution, x + resolution];
  if (Math.abs(x) <= resolution) places.push(0);
  return [value, places.reduce((most, near) => Math.max(most, Math.abs(at(near) - value)), 0)];
}

/** The rules of the same probes with only some of the steps; null where the Krylov space was exhausted and nothing is cut off. */
export function shorterRules(jacobi: readonly Probe[], steps: (m: number) => number): (Quadrature | null)[] {
  return jacobi.map(({ alpha, beta, mass }) => {
    const m = alpha.length;
    return m > 0 && beta[m - 1] === 0 ? null : gaussQuadrature(alpha.subarray(0, Math.max(0, steps(m))), beta, mass);
  });
}

/** zᵀ f(A) z of one probe by the Gauss rule, and by those of nine tenths, a half and a quarter of its steps; and what may be wrong with it. */
export interface Ladder {
  readonly full: number;
  readonly most: number;
  readonly half: number;
  /** null where that is less than a step */
  readonly quarter: number | null;
  /** change by rounding of the nodes */
  readonly rounding: number;
  /** 2 Σ w (f − mean)²: the variance of zᵀ f(A) z over signs z is at most its mean, and that if all eigenvectors are spread out evenly */
  readonly variance: number;
}

/** @throws DomainError where f is not finite at a node */
export function ladder(probe: Probe, g: SpectralFunction): Ladder {
  const rule = gaussQuadrature(probe.alpha, probe.beta, probe.mass);
  const [full, rounding] = applyRule(rule, g);
  const of = (steps: (m: number) => number): number => {
    const [shorter] = shorterRules([probe], steps);
    return shorter === null ? full : applyRule(shorter, g)[0];
  };
  const center = probe.mass === 0 ? 0 : full / probe.mass;
  let variance = 0;
  rule.nodes.forEach((x, i) => {
    if (rule.weights[i] !== 0) variance += 2 * rule.weights[i] * (g.f(x) - center) ** 2;
  });
  return {
    full,
    rounding,
    variance,
    most: of((m) => m - Math.max(1, Math.floor(m / 10))),
    half: of((m) => Math.floor(m / 2)),
    quarter: probe.alpha.length < 4 ? null : of((m) => Math.floor(m / 4)),
  };
}

/**
 * What more Lanczos steps would still change, from how the mean over probes changed when they were doubled twice; and what rounding of nodes did.
 *
 * With an error C m^−p the two changes have the ratio r = 2^p, and the error is the last change over r − 1: for functions such as the logarithm
 * near zero, which converge no faster, the change over the last tenth is a tenth of it. Geometric convergence makes r large and the
 * estimate larger than the error. Where changes do not shrink (r < 5/4), or there are fewer than 4 steps to tell, the error is unknown: four times the last
 * one. Never below the change over the last tenth of the steps.
 */
export function truncationBias(ladders: readonly Ladder[]): number {
  const mean = (of: (ladder: Ladder) => number): number => Math.abs(meanAndError(ladders.map(of))[0]);
  const last = mean(({ full, half }) => full - half);
  const before = mean(({ half, quarter }) => (quarter === null ? 0 : half - quarter));
  const steps = last === 0 ? 0 : last / Math.max(0.25, before / last - 1);
  return (
    Math.max(
      mean(({ full, most }) => full - most),
      steps,
    ) + mean(({ rounding }) => rounding)
  );
}

/** tr f(A) from Jacobi matrices, and eigenvalues that are known. */
export function traceOfFunction(
  jacobi: readonly Probe[],
  exact: Float64Array,
  g: SpectralFunction,
  evidence: Evidence,
): Estimate {
  if (typeof g.f !== 'function') refuseType(g.caller, 'f', 'a function of a number', g.f);
  const ladders = jacobi.map((probe) => ladder(probe, g));
  let [known, rounding] = [0, 0];
  for (const x of exact) {
    const [y, change] = valueNear(g, x);
    known += y;
    rounding += change;
  }
  return estimate(
    ladders.map(({ full }) => full),
    known,
    truncationBias(ladders) + rounding,
    evidence,
    Math.sqrt(meanAndError(ladders.map(({ variance }) => variance))[0]),
  );
}
