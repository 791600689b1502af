import {
  refuse,
  requireFiniteEntries,
  requireFloatArray,
  requireInteger,
  requirePositive,
} from '@hyperribbon/contract';
import { cos, exp, expm1, log, log1p, sin } from '@hyperribbon/kernels';
import { tracyWidomEdge, tracyWidomQuantile, tracyWidomTail } from './tracyWidom.js';

/** Edges of the Marchenko–Pastur law of eigenvalues whose mean is σ². */
export interface Edges {
  readonly lower: number;
  readonly upper: number;
}

/**
 * σ² (1 ± 1/√Q)², between which the eigenvalues of WᵀW/N of an (N, M) matrix of independent entries of variance σ² lie. @param Q N/M, at least 1
 * @throws ArgumentError for Q below 1 and a variance that is not positive
 * @example marchenkoPasturEdges(2); // { lower: 0.0857…, upper: 2.9142… }
 */
export function marchenkoPasturEdges(Q: number, variance = 1): Edges {
  if (!(Q >= 1)) refuse('marchenkoPasturEdges', `Q = N/M must be at least 1, got ${Q}`);
  requirePositive('marchenkoPasturEdges', 'variance', variance);
  const root = 1 / Math.sqrt(Q);
  return { lower: variance * (1 - root) * (1 - root), upper: variance * (1 + root) * (1 + root) };
}

/**
 * WeightWatcher's upper edge with its allowance √(Q^−½ λ₊^⅔ M^−⅔) under that name: about eight Tracy–Widom units above the edge for Q = 2, M = 1,000, so spikes
 * beyond it are certain and many are missed.
 * @param upper λ₊ @param M columns
 * @example shiftedEdge(2.9142135624, 2, 1000); // 3.0343…
 * Source: [weightwatcher]
 */
export function shiftedEdge(upper: number, Q: number, M: number): number {
  return upper + Math.sqrt(exp((2 / 3) * log(upper / M)) / Math.sqrt(Q));
}

/**
 * Median of the Marchenko–Pastur law of variance 1, by quadrature and bisection. @param Q at least 1 @returns to 1e-9
 * @example marchenkoPasturMedian(1); // 0.6528…
 */
export function marchenkoPasturMedian(Q: number): number {
  const { lower, upper } = marchenkoPasturEdges(Q);
  const middle = (lower + upper) / 2;
  const half = (upper - lower) / 2;
  // x = middle − half cos t takes the roots at both edges away
  const nodes = 2000;
  const density = (t: number): number => {
    const sine = sin(t);
    const x = middle - half * cos(t);
    return x > 0 ? (half * half * sine * sine * Q) / (2 * Math.PI * x) : (half * Q) / Math.PI;
  };
  const area = (from: number, to: number): number =>
    ((to - from) / 6) * (density(from) + 4 * density((from + to) / 2) + density(to));
  let mass = 0;
  const step = Math.PI / nodes;
  for (let i = 0; i < nodes; i++) {
    const from = i * step;
    const panel = area(from, from + step);
    if (mass + panel < 0.5) {
      mass += panel;
      continue;
    }
    let [low, high] = [from, from + step];
    for (let k = 0; k < 40; k++) {
      const t = (low + high) / 2;
      if (mass + area(from, t) < 0.5) low = t;
      else high = t;
    }
    return middle - half * cos(low);
  }
  return upper;
}

/** How the eigenvalues of a matrix lie to those of a matrix of noise. */
export interface NoiseFit {
  /** N/M */
  readonly Q: number;
  /** standard deviation of the bulk after the eigenvalues are scaled to mean 1: the median of the eigenvalues is that of the law */
  readonly sigma: number;
  /** in units of the mean eigenvalue, with the fitted sigma */
  readonly edges: Edges;
  /** the mean eigenvalue: times this, edges are those of the eigenvalues as they are */
  readonly mean: number;
  /** eigenvalues above WeightWatcher's shifted edge, and that edge */
  readonly shiftedEdge: number;
  readonly shiftedSpikes: number;
  /** eigenvalues, from the largest on, above what the largest of noise exceeds in 5 of 100 matrices, and that edge for the others */
  readonly tracyWidomEdge: number;
  readonly tracyWidomSpikes: number;
  /** standard deviation of the noise that this edge stands on: from the mean of the eigenvalues that are no such spikes */
  readonly tracyWidomSigma: number;
  /** how likely the largest eigenvalue of noise is as large as the largest here */
  readonly p: number;
  /** λ₊/λ_max with the fitted sigma, and with sigma = 1 */
  readonly softRank: number;
  readonly softRankOfUnit: number;
}

/**
 * The Marchenko–Pastur law fitted to eigenvalues, and what lies beyond it.
 *
 * sigma comes from the median, which spikes do not move [gavish2014], but which is too uncertain to hold the largest eigenvalue against. The Tracy–Widom test
 * takes the variance of all eigenvalues: the largest is a spike if noise of that variance rarely has so large a one; it is taken off, and the next one is
 * tested. Spikes that are alike hide each other a little: their number is on the safe side. p is 1 − F₁^blocks at the largest, `blocks` matrices being pooled.
 *
 * @param eigenvalues of WᵀW, all of them; at least one positive
 * @param N rows @param M columns, N ≥ M ≥ 1 @param blocks matrices of that shape whose eigenvalues are pooled
 * @throws ArgumentError for sizes out of range and eigenvalues that are all zero or not finite
 * @example noiseFit(Float64Array.of(1, 1, 1, 50), 8, 4).tracyWidomSpikes; // 1
 */
export function noiseFit(eigenvalues: Float64Array, N: number, M: number, blocks = 1): NoiseFit {
  requireFloatArray('noiseFit', 'eigenvalues', eigenvalues);
  requireInteger('noiseFit', 'M', M, 1);
  requireInteger('noiseFit', 'N', N, M);
  requireInteger('noiseFit', 'blocks', blocks, 1);
  requireFiniteEntries('noiseFit', 'eigenvalues', eigenvalues);
  const sorted = Float64Array.from(eigenvalues).sort();
  const top = sorted.length === 0 ? 0 : sorted[sorted.length - 1];
  if (!(top > 0)) refuse('noiseFit', `eigenvalues must have a positive one, the largest is ${top}`);
  // as shares of the largest: a sum of huge ones would overflow
  const meanShare = sorted.reduce((sum, x) => sum + x / top, 0) / sorted.length;
  const mean = meanShare * top;
  const scaled = sorted.map((x) => x / top / meanShare);
  const Q = N / M;
  const half = scaled.length >> 1;
  const median = scaled.length % 2 === 1 ? scaled[half] : (scaled[half - 1] + scaled[half]) / 2;
  // more than half of them zero: there is no bulk to fit, and the mean stands for it
  const variance = median > 1e-12 ? median / marchenkoPasturMedian(Q) : 1;
  const edges = marchenkoPasturEdges(Q, variance);
  const largest = scaled[scaled.length - 1];
  const shifted = shiftedEdge(edges.upper, Q, M);
  const above = (edge: number): number => scaled.reduce((count, x) => count + (x > edge ? 1 : 0), 0);
  return {
    Q,
    sigma: Math.sqrt(variance),
    edges,
    mean,
    shiftedEdge: shifted,
    shiftedSpikes: above(shifted),
    ...spikesOf(scaled, N, M, blocks),
    softRank: edges.upper / largest,
    softRankOfUnit: marchenkoPasturEdges(Q).upper / largest,
  };
}

/** @param scaled ascending, of mean 1 */
function spikesOf(
  scaled: Float64Array,
  N: number,
  M: number,
  blocks: number,
): Pick<NoiseFit, 'tracyWidomEdge' | 'tracyWidomSpikes' | 'tracyWidomSigma' | 'p'> {
  const { centre, scale } = tracyWidomEdge(N, M);
  const critical = (centre + scale * tracyWidomQuantile(-expm1(log1p(-0.05) / blocks))) / N;
  const tail = tracyWidomTail((scaled[scaled.length - 1] * N - centre) / scale);
  const p = tail < 1 ? -expm1(blocks * log1p(-tail)) : 1;
  const rounding = N * Number.EPSILON * scaled[scaled.length - 1];
  let rest = scaled.reduce((sum, x) => sum + x, 0);
  let spikes = 0;
  while (spikes < scaled.length - 1) {
    const left = scaled.length - spikes;
    // what is left of a matrix of low rank is rounding, and no noise to stand out of
    if (scaled[left - 1] <= rounding || !(scaled[left - 1] > (critical * rest) / left)) break;
    rest -= scaled[left - 1];
    spikes++;
  }
  const variance = Math.max(0, rest) / (scaled.length - spikes);
  return {
    tracyWidomEdge: critical * variance,
    tracyWidomSpikes: spikes,
    tracyWidomSigma: Math.sqrt(variance),
    p,
  };
}
