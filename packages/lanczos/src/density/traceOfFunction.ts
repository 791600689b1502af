import { DomainError } from './domainError.js';
import { estimate, meanAndError, type Estimate, type Evidence } from './estimate.js';
import { gaussQuadrature, type Quadrature } from './gaussQuadrature.js';
import type { Probe } from './lanczosProbe.js';

/** Σ wᵢ f(xᵢ). @throws DomainError where f is not finite */
export function applyRule(rule: Quadrature, f: (x: number) => number, caller: string): number {
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

/** The rules of the same probes with the last tenth of the steps left out; null where the Krylov space was exhausted and nothing is cut off. */
export function shorterRules(jacobi: readonly Probe[]): (Quadrature | null)[] {
  return jacobi.map(({ alpha, beta, mass }) => {
    const m = alpha.length;
    const shorter = m - Math.max(1, Math.floor(m / 10));
    if (beta[m - 1] === 0) return null;
    if (shorter < 1) return { nodes: new Float64Array(0), weights: new Float64Array(0) };
    return gaussQuadrature(alpha.subarray(0, shorter), beta, mass);
  });
}

/**
 * tr f(A) from Jacobi matrices. The truncation bias is estimated by the mean change when the last tenth of the steps is left out:
 * an estimate of the error of the shorter rule, hence on the large side for one that converges.
 */
export function traceOfFunction(
  quadratures: readonly Quadrature[],
  shorter: readonly (Quadrature | null)[],
  exact: Float64Array,
  f: (x: number) => number,
  evidence: Evidence,
  caller: string,
): Estimate {
  const samples = quadratures.map((rule) => applyRule(rule, f, caller));
  const changes = shorter.map((rule, i) => (rule === null ? 0 : samples[i] - applyRule(rule, f, caller)));
  let known = 0;
  for (const x of exact) known += finite(f, x, caller);
  return estimate(samples, known, Math.abs(meanAndError(changes)[0]), evidence);
}
