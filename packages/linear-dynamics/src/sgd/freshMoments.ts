import { refuse, requireCounts, requireEach, requireNonNegative } from '@hyperribbon/contract';
import { type Descent, type ResolvedDescent, resolveDescent } from '../trajectories/descent.js';
import { decayModes } from '../trajectories/spectra/decayModes.js';
import { requireSgdStable } from './sgdStepLimit.js';
import { vectorOf } from '../vectors.js';

/** The eigenvalues are those of the covariance of the Gaussian inputs, T an integer. */
export interface FreshMomentsOptions extends Omit<Descent, 'dynamics'> {
  /** B ≥ 1 fresh examples per step, default 1 */
  readonly batch?: number;
  /** s_ε ≥ 0, default 0 */
  readonly labelNoise?: number;
  /** (d,) w_⋆ in the eigenbasis */
  readonly target: ArrayLike<number>;
  /** σ_w ≥ 0, default 1 */
  readonly initialScale?: number;
  /** p: covariance times (λᵢ λⱼ)^(p/2), 0 (weights) or 1 (predictions); default 1 */
  readonly exponent?: 0 | 1;
}

/** Covariance of SGD trajectories and its sources. */
export interface SgdCovariance {
  readonly status: 'reconstruction';
  /** (d, d) over all times, starts and batches: target + spread */
  readonly covariance: Float64Array;
  /** (d, d) how the mean trajectory, that of gradient descent, moves */
  readonly target: Float64Array;
  /** (d, d) mean over time of the covariance at a time: initialisation and gradient noise */
  readonly spread: Float64Array;
  /** (d,) centre of the cloud */
  readonly mean: Float64Array;
  /** (d, d) E[e eᵀ] of e = w − w_⋆ after T steps, in weights whatever the exponent */
  readonly finalSecondMoment: Float64Array;
}

/**
 * Pooled covariance of SGD on fresh Gaussian inputs, in the eigenbasis of their covariance:
 *
 *   S' = S − η(ΛS + SΛ) + η² [(1 + 1/B) ΛSΛ + tr(ΛS) Λ/B] + η² s_ε² Λ/B.
 *
 * Off the diagonal the recursion is one number per entry and is summed by repeated squaring (log₂ T steps); the diagonal is coupled by the
 * trace and run through. What SGD adds to gradient descent is accumulated apart, as a sum of non-negative terms wherever η λ ≤ 1, so it is not lost beside it.
 * @throws ArgumentError for shapes and numbers that do not fit, UnstableStepError above sgdStepLimit
 * Cost: d T + 20 d² log₂ T flops, 8·5 d² bytes. Reconstruction following [mao2025].
 * @example freshMoments({ eigenvalues: [1, 0.5], learningRate: 0.1, steps: 50, target: [1, 1] }).covariance
 */
export function freshMoments(options: FreshMomentsOptions): SgdCovariance {
  const caller = 'freshMoments';
  const { batch = 1, labelNoise = 0, initialScale = 1, exponent = 1, steps } = options;
  const descent = resolveDescent(caller, options);
  const { eigenvalues, learningRate } = descent;
  requireCounts(caller, { batch });
  requireEach(requireNonNegative, caller, { labelNoise, initialScale });
  if (exponent !== 0 && exponent !== 1) refuse(caller, `exponent must be 0 or 1, got ${String(exponent)}`);
  requireSgdStable(caller, eigenvalues, learningRate, batch);
  const d = eigenvalues.length;
  const b = vectorOf(caller, 'target', options.target, d);
  const modes = decayModes(descent);
  const roots = eigenvalues.map((value) => (exponent === 1 ? Math.sqrt(value) : 1));
  const [covariance, target, spread, finalSecondMoment] = [0, 1, 2, 3].map(() => new Float64Array(d * d));
  const variance = initialScale * initialScale;
  const noise = labelNoise * labelNoise;
  const diagonal = diagonalMoments(descent, b, { batch, noise, variance });
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      const both = b[i] * b[j];
      const [x, y] = [learningRate * eigenvalues[i], learningRate * eigenvalues[j]];
      const product = (1 - x) * (1 - y);
      const off = i === j ? undefined : excessPower(product, (x * y) / batch, steps);
      const weight = roots[i] * roots[j];
      const moved = weight * both * modes.covariance(i, j);
      const spreading = weight * (off === undefined ? diagonal.mean[i] : (both * off.sum) / steps);
      const final = off === undefined ? diagonal.last[i] + diagonal.lastMean[i] : both * (off.power + off.excess);
      for (const at of [i * d + j, j * d + i]) {
        target[at] = moved;
        spread[at] = spreading;
        covariance[at] = moved + spreading;
        finalSecondMoment[at] = final;
      }
    }
  }
  return {
    status: 'reconstruction',
    covariance,
    target,
    spread,
    mean: b.map((value, i) => value * modes.progress[i] * roots[i]),
    finalSecondMoment,
  };
}

/** Diagonal: Vᵢ' = αᵢ Vᵢ + (xᵢ²/B) mᵢ² + (η² λᵢ/B)(Σ λ (V + m²) + s²), with α = (1 − x)² + x²/B and mᵢ the mean error. */
function diagonalMoments(
  { eigenvalues, learningRate, steps }: ResolvedDescent,
  b: Float64Array,
  { batch, noise, variance }: Readonly<Record<'batch' | 'noise' | 'variance', number>>,
): { mean: Float64Array; last: Float64Array; lastMean: Float64Array } {
  const d = eigenvalues.length;
  const v = new Float64Array(d).fill(variance);
  const square = b.map((value) => value * value);
  const sum = new Float64Array(d);
  const x = eigenvalues.map((value) => value * learningRate);
  const decay = x.map((value) => (1 - value) * (1 - value));
  const own = x.map((value) => (value * value) / batch);
  const shared = x.map((value) => (value * learningRate) / batch);
  for (let t = 0; t < steps; t++) {
    let loss = noise;
    for (let i = 0; i < d; i++) {
      sum[i] += v[i];
      loss += eigenvalues[i] * (v[i] + square[i]);
    }
    for (let i = 0; i < d; i++) {
      v[i] = (decay[i] + own[i]) * v[i] + own[i] * square[i] + shared[i] * loss;
      square[i] *= decay[i];
    }
  }
  return { mean: sum.map((value) => value / steps), last: v, lastMean: square };
}

/**
 * pᵀ, (p + δ)ᵀ − pᵀ (powers T) and Σ_{t<T} ((p + δ)ᵗ − pᵗ): the power of the triangular matrix of the recursion
 * V' = (p + δ) V + δ P, P' = p P, sum' = sum + V, by squaring. No differences are formed.
 */
function excessPower(p: number, delta: number, steps: number): { power: number; excess: number; sum: number } {
  // the matrix after n steps: power of P; P → V; power of V; P → sum; V → sum
  let step = { p, pv: delta, r: p + delta, ps: 0, vs: 1 };
  let total = { p: 1, pv: 0, r: 1, ps: 0, vs: 0 };
  for (let n = steps; n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) total = then(total, step);
    step = then(step, step);
  }
  return { power: total.p, excess: total.pv, sum: total.ps };
}

type Steps = { readonly p: number; readonly pv: number; readonly r: number; readonly ps: number; readonly vs: number };

/** first `a`, then `b` */
function then(a: Steps, b: Steps): Steps {
  return {
    p: a.p * b.p,
    pv: a.p * b.pv + a.pv * b.r,
    r: a.r * b.r,
    ps: a.ps + a.p * b.ps + a.pv * b.vs,
    vs: a.vs + a.r * b.vs,
  };
}
