import { DomainError } from './domainError.js';
import { estimate, meanAndError, type Estimate, type Evidence } from './estimate.js';
import { gaussQuadrature, type Quadrature } from './gaussQuadrature.js';
import type { Probe } from './lanczosProbe.js';

/** Σ wᵢ f(xᵢ). @throws DomainError where f is not finite */
function applyRule(rule: Quadrature, f: (x: number) => number, caller: string): number {
  let s = 0;
  for (let i = 0; i < rule.nodes.length; i++) {
    // a node without weight is not part of the measure: f need not exist there
    if (rule.weights[i] === 0) continue;
    s += rule.weights[i] * finite(f, rule.nodes[i], caller);
  }
  return s;
}

function finite(f: (x: number) => number, x: number, caller: string): number {
  const y = f(x);
  if (typeof y !== 'number' || y - y !== 0) {
    throw new DomainError(
      `${caller}: f(${x}) is ${y}; the operator has spectrum at or near ${x}, where f is not finite`,
      x,
    );
  }
  return y;
}

/** The rules of the same probes with only some of the steps; null where the Krylov space was exhausted and nothing is cut off. */
export function shorterRules(jacobi: readonly Probe[], steps: (m: number) => number): (Quadrature | null)[] {
  return jacobi.map(({ alpha, beta, mass }) => {
    const m = alpha.length;
    return m > 0 && beta[m - 1] === 0 ? null : gaussQuadrature(alpha.subarray(0, Math.max(0, steps(m))), beta, mass);
  });
}

/** zᵀ f(A) z of one probe by the Gauss rule, and by those of nine tenths, a half and a quarter of its steps. */
export type Ladder = readonly [full: number, most: number, half: number, quarter: number];

/** @throws DomainError where f is not finite at a node */
export function ladder(probe: Probe, f: (x: number) => number, caller: string): Ladder {
  const full = applyRule(gaussQuadrature(probe.alpha, probe.beta, probe.mass), f, caller);
  const of = (steps: (m: number) => number): number => {
    const [rule] = shorterRules([probe], steps);
    return rule === null ? full : applyRule(rule, f, caller);
  };
  return [
    full,
    of((m) => m - Math.max(1, Math.floor(m / 10))),
    of((m) => Math.floor(m / 2)),
    of((m) => Math.floor(m / 4)),
  ];
}

/**
 * What more Lanczos steps would still change, from how the mean over probes changed when they were doubled twice.
 *
 * With an error C m^−p the two changes have the ratio r = 2^p, and the error is the last change over r − 1: for functions such as the logarithm
 * near zero, which converge no faster, the change over the last tenth is a tenth of it. Geometric convergence makes r large and the
 * estimate larger than the error. Where changes do not shrink (r < 5/4) the error is unknown: four times the last one. Never below the
 * change over the last tenth of the steps.
 */
export function truncationBias(ladders: readonly Ladder[]): number {
  const change = (from: number, to: number): number =>
    Math.abs(meanAndError(ladders.map((ladder) => ladder[from] - ladder[to]))[0]);
  const last = change(0, 2);
  return Math.max(change(0, 1), last === 0 ? 0 : last / Math.max(0.25, change(2, 3) / last - 1));
}

/** tr f(A) from Jacobi matrices. */
export function traceOfFunction(
  jacobi: readonly Probe[],
  exact: Float64Array,
  f: (x: number) => number,
  evidence: Evidence,
  caller: string,
): Estimate {
  const ladders = jacobi.map((probe) => ladder(probe, f, caller));
  let known = 0;
  for (const x of exact) known += finite(f, x, caller);
  return estimate(
    ladders.map(([full]) => full),
    known,
    truncationBias(ladders),
    evidence,
  );
}
