import { log } from '@hyperribbon/kernels';
import type { LinearOperator } from '@hyperribbon/linop';
import { gaussQuadrature } from '../density/gaussQuadrature.js';
import { resolveProbes, runProbes } from '../density/probes.js';
import { probabilisticBound } from '../eigsh/verification/probabilisticBound.js';
import { atAngle } from './windowFilter.js';

const PROBES = 2;
const STEPS = 80;

/** what an outline takes at most */
export const OUTLINE_PRODUCTS: number = PROBES * STEPS;

/** Where the eigenvalues of an operator lie. */
export interface SpectrumOutline {
  /** all of them, except with the probability asked for */
  readonly low: number;
  readonly high: number;
  /** the outermost Ritz values: there are eigenvalues at least as far out */
  readonly lowest: number;
  readonly highest: number;
  /** nodes descending, weights that add up to n: about so many lie there */
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Bounds of the spectrum and an estimate of how many eigenvalues lie where, from Lanczos processes with random starts.
 *
 * Cost: 160 products, 82 n numbers. Source: [vandeneshof2002, lin2016].
 */
export async function spectrumOutline(
  op: LinearOperator,
  caller: string,
  { seed, probability, signal }: { seed: number; probability: number; signal: AbortSignal | undefined },
): Promise<SpectrumOutline> {
  const options = { steps: STEPS, probes: PROBES, seed, distribution: 'sphere', signal } as const;
  const { jacobi, eps } = await runProbes(op, options, resolveProbes(op, options, caller), caller);
  let [low, high, lowest, highest] = [-Infinity, Infinity, Infinity, -Infinity];
  const all: [number, number][] = [];
  for (const { alpha, beta } of jacobi) {
    const { nodes, weights } = gaussQuadrature(alpha, beta, op.size);
    const m = nodes.length;
    const scale = Math.max(Math.abs(nodes[0]), Math.abs(nodes[m - 1]));
    nodes.forEach((node, i) => all.push([node, weights[i] / jacobi.length]));
    lowest = Math.min(lowest, nodes[m - 1]);
    highest = Math.max(highest, nodes[0]);
    const over = beta[m - 1] <= eps * scale;
    const logBetas = over ? 0 : beta.reduce((sum, b) => sum + log(b), 0);
    const bound = (side: 1 | -1): number =>
      over
        ? nodes[side === 1 ? 0 : m - 1]
        : probabilisticBound([...nodes], logBetas, op.size, probability / (2 * PROBES), side, scale);
    high = Math.min(high, bound(1) + 10 * eps * scale);
    low = Math.max(low, bound(-1) - 10 * eps * scale);
  }
  all.sort((a, b) => b[0] - a[0]);
  return {
    low,
    high,
    lowest,
    highest,
    nodes: Float64Array.from(all, ([node]) => node),
    weights: Float64Array.from(all, ([, weight]) => weight),
  };
}

/** About how many eigenvalues lie within an angle of another, angles as of {@link angleOf}. */
export function countWithin(outline: SpectrumOutline, angle: number, width: number): number {
  const above = atAngle(outline, Math.max(0, angle - width));
  const below = atAngle(outline, Math.min(Math.PI, angle + width));
  return countBelow(outline, above) - countBelow(outline, below);
}

/** About how many eigenvalues are below t: linear between the middles of the steps that the quadrature has. */
function countBelow({ nodes, weights, low, high }: SpectrumOutline, t: number): number {
  let [at, count] = [low, 0];
  for (let i = nodes.length - 1; i >= -1; i--) {
    const next = i >= 0 ? nodes[i] : high;
    const half = (i >= 0 ? weights[i] / 2 : 0) + (i + 1 < nodes.length ? weights[i + 1] / 2 : 0);
    if (t < next) return t <= at ? count : count + (half * (t - at)) / (next - at);
    [at, count] = [next, count + half];
  }
  return count;
}
