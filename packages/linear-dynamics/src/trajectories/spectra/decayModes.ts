import { exp, expm1, log, log1p, tanh } from '@hyperribbon/kernels';
import type { ResolvedDescent } from '../descent.js';
import { langevin } from '../langevin.js';

/**
 * Time averages of the decays aᵢᵗ over t = 0..T − 1, aᵢ = 1 − η λᵢ (flow: of e^(−λᵢ τ) over τ in [0, η T]).
 *
 * Every number below is a sum, product or quotient of positive numbers, so each keeps its relative accuracy: nothing is lost where
 * η λ T is 1e-15, nor near η λ = 2, where a is close to −1.
 */
export interface DecayModes {
  readonly size: number;
  /** (d,) gᵢ = (1/T) Σₜ aᵢᵗ */
  readonly mean: Float64Array;
  /** (d,) 1 − gᵢ, which is (1 − aᵀ)(Mᵢ + 1 − 1/T)/2 (flow: without the 1/T), Mᵢ = (1 + aᵀ)/(1 − aᵀ) − (1 + a)/(T (1 − a)) ≥ 0 */
  readonly progress: Float64Array;
  /** (d,) Gᵢᵢ = (1/T) Σₜ aᵢ²ᵗ */
  readonly meanSquare: Float64Array;
  /** Gᵢⱼ − gᵢ gⱼ = (1 − aᵢᵀ)(1 − aⱼᵀ)(Mᵢ + Mⱼ)/(2 T (1 − aᵢ aⱼ)): the covariance over time of aᵢᵗ and aⱼᵗ, never negative */
  covariance(i: number, j: number): number;
}

/**
 * Prepares the time averages of all modes.
 *
 * The form of the covariance is derived here: with ψ = (1 − a)/(1 + a) and the same of the power T, 1 − ab = (1 + a)(1 + b)(ψ_a + ψ_b)/2, and
 * the difference G − g g becomes a sum of two Langevin-like terms. It shows the displacement structure (two rank-one terms over λ + λ') as well.
 * Cost: five transcendental functions per mode, none per pair.
 */
export function decayModes({ eigenvalues, learningRate, steps, dynamics }: ResolvedDescent): DecayModes {
  const flow = dynamics === 'flow';
  const modes = Array.from(eigenvalues, (value) => {
    const rate = value * learningRate;
    return flow ? flowMode(rate * steps) : descentMode(rate, steps);
  });
  const column = (name: keyof Mode): Float64Array => Float64Array.from(modes, (mode) => mode[name]);
  const [x, learned, curvature] = [column('x'), column('learned'), column('curvature')];
  const progress = learned.map((part, i) => 0.5 * part * (curvature[i] + (flow ? 1 : 1 - 1 / steps)));
  /** T (1 − aᵢ aⱼ) */
  const gap = flow
    ? (i: number, j: number): number => x[i] + x[j]
    : (i: number, j: number): number => steps * oneMinusProduct(x[i], x[j]);
  const covariance = (i: number, j: number): number => {
    const weight = learned[i] * learned[j];
    return weight === 0 ? 0 : (weight * (curvature[i] + curvature[j])) / (2 * gap(i, j));
  };
  const [mean, meanSquare] = [column('mean'), column('meanSquare')];
  return { size: x.length, mean, progress, meanSquare, covariance };
}

type Mode = Readonly<Record<'x' | 'learned' | 'mean' | 'meanSquare' | 'curvature', number>>;

/** x = η λ T */
function flowMode(x: number): Mode {
  if (x === 0) return { x, learned: 0, mean: 1, meanSquare: 1, curvature: 0 };
  const learned = -expm1(-x);
  return { x, learned, mean: learned / x, meanSquare: -expm1(-2 * x) / (2 * x), curvature: langevin(x / 2) };
}

/** x = η λ in [0, 2) */
function descentMode(x: number, steps: number): Mode {
  if (x === 0) return { x, learned: 0, mean: 1, meanSquare: 1, curvature: 0 };
  const rate = decayRate(x);
  const learned = oneMinusPower(x, steps);
  const meanSquare = -expm1(-2 * steps * rate) / (steps * x * (2 - x));
  return { x, learned, mean: learned / (steps * x), meanSquare, curvature: curvatureOf(x, rate, steps) };
}

/** s = −ln |1 − x| for x in (0, 2); ∞ at x = 1. 2 − x and x − 1 are exact where they are used. */
function decayRate(x: number): number {
  if (x <= 0.5) return -log1p(-x);
  if (x >= 1.5) return -log1p(x - 2);
  return -log(Math.abs(1 - x));
}

/** (1 − x)ᵗ for x in [0, 2), t ≥ 0 an integer: signs are put back by hand since the logarithm is of |1 − x|. */
export function decayPower(x: number, t: number): number {
  if (t === 0 || x === 0) return 1;
  const magnitude = exp(-t * decayRate(x));
  return x > 1 && t % 2 === 1 ? -magnitude : magnitude;
}

/** 1 − (1 − x)ᵗ with full relative accuracy */
export function oneMinusPower(x: number, t: number): number {
  if (t === 0 || x === 0) return 0;
  const exponent = -t * decayRate(x);
  return x > 1 && t % 2 === 1 ? 1 + exp(exponent) : -expm1(exponent);
}

/** 1 − (1 − x)(1 − y); with both above 1 in terms of 2 − x and 2 − y, which then are the small numbers */
function oneMinusProduct(x: number, y: number): number {
  if (x > 1 && y > 1) {
    const u = 2 - x;
    const v = 2 - y;
    return u + v - u * v;
  }
  return x <= y ? y + x * (1 - y) : x + y * (1 - x);
}

function curvatureOf(x: number, rate: number, steps: number): number {
  if (steps === 1) return 0;
  if (x === 1) return 1 - 1 / steps;
  if (x < 1) return langevin((steps * rate) / 2) - langevin(rate / 2) / steps;
  const half = tanh((steps * rate) / 2);
  return (steps % 2 === 1 ? half : 1 / half) - tanh(rate / 2) / steps;
}
