import { refuse, requireOneOf } from '@hyperribbon/contract';
import { exp, log } from '@hyperribbon/kernels';
import { requireModels, type Models } from './models.js';
import { weightsOf } from './weights.js';

/** Which mean of models: arithmetic, geometric or harmonic of probabilities, arithmetic of their roots, or a centroid. */
export type MeanKind = 'arithmetic' | 'geometric' | 'harmonic' | 'root' | 'bhattacharyya' | 'jeffreys';

/** Which mean of models is meant, and how exactly. */
export interface MeanOptions {
  /** default arithmetic */
  readonly kind?: MeanKind;
  /** (models,) ≥ 0; default equal */
  readonly weights?: ArrayLike<number>;
  /** for bhattacharyya: most steps per sample; default 1000 */
  readonly maxSteps?: number;
}

/** One model that stands for several. */
export interface MeanModel extends Models {
  readonly probabilities: Float64Array;
  /** false: a centroid was still moving by more than 1e-14 after maxSteps */
  readonly converged: boolean;
}

/** a probability that moves by less has settled */
const SETTLED = 1e-14;

/**
 * A mean of models, sample by sample, normalised to sum 1 [mao2024].
 *
 * - arithmetic Σ w p, geometric ∝ exp Σ w ln p, harmonic ∝ 1/Σ (w/p), root ∝ (Σ w √p)²
 * - bhattacharyya: the model with the least Σ w D_B, by the convex-concave steps q ← Σ w √(p q)/Σ_c √(p q), which never increase it
 *   [nielsen2011]
 * - jeffreys: q ∝ A / W(e A/G) with arithmetic and geometric means A, G and Lambert's W: the centroid of the symmetrised
 *   Kullback-Leibler divergence before normalisation [nielsen2013]
 * @returns a set of one model
 * @throws as bhattacharyyaDivergences; ArgumentError where models have no event in common, so that nothing is left to normalise
 * @example meanModel({ probabilities: Float64Array.of(1, 0, 0.5, 0.5), models: 2, samples: 1, classes: 2 }).probabilities // [0.75, 0.25]
 */
export function meanModel(set: Models, { kind = 'arithmetic', weights, maxSteps = 1000 }: MeanOptions = {}): MeanModel {
  const caller = 'meanModel';
  requireModels(caller, set);
  const { models, samples, classes, probabilities: p } = set;
  const w = weightsOf(caller, models, weights);
  const size = samples * classes;
  const events = (f: (x: number) => number): Float64Array => {
    const out = new Float64Array(size);
    for (let m = 0; m < models; m++) {
      const weight = w[m]!;
      if (weight === 0) continue;
      for (let e = 0; e < size; e++) out[e] = out[e]! + weight * f(p[m * size + e]!);
    }
    return out;
  };
  const settle = (mean: Float64Array): Float64Array => normalize(mean, samples, classes, caller);
  const roots = (): Float64Array => events(Math.sqrt).map((x) => x * x);
  let converged = true;
  const means: Readonly<Record<MeanKind, () => Float64Array>> = {
    arithmetic: () => events((x) => x),
    geometric: () => events(log).map(exp),
    harmonic: () => events((x) => 1 / x).map((x) => 1 / x),
    root: roots,
    bhattacharyya() {
      const mean = settle(roots());
      converged = centroid(set, w, mean, maxSteps);
      return mean;
    },
    jeffreys() {
      const logs = events(log);
      return events((x) => x).map((a, e) => (a === 0 ? 0 : a / lambertOfExp(1 + log(a) - logs[e]!)));
    },
  };
  requireOneOf(caller, 'kind', kind, Object.keys(means));
  return { probabilities: settle(means[kind]()), models: 1, samples, classes, converged };
}

/** W(exp y), the solution of w + ln w = y, for y ≥ 1; Newton's method, each step doubles the digits */
function lambertOfExp(y: number): number {
  if (y === Infinity) return Infinity;
  let x = Math.max(1, y - log(y));
  for (let step = 0; step < 20; step++) {
    const next = (x * (1 + y - log(x))) / (1 + x);
    if (Math.abs(next - x) <= 2e-16 * x) return next;
    x = next;
  }
  return x;
}

/** Moves q (samples, classes) to the Bhattacharyya centroid; whether every sample settled. */
function centroid(
  { models, samples, classes, probabilities: p }: Models,
  w: Float64Array,
  q: Float64Array,
  maxSteps: number,
): boolean {
  const next = new Float64Array(classes);
  let settled = true;
  for (let n = 0; n < samples; n++) {
    const own = q.subarray(n * classes, (n + 1) * classes);
    let moved = Infinity;
    for (let step = 0; step < maxSteps && moved > SETTLED; step++) {
      next.fill(0);
      for (let m = 0; m < models; m++) {
        const at = (m * samples + n) * classes;
        let overlap = 0;
        for (let c = 0; c < classes; c++) overlap += Math.sqrt(p[at + c]! * own[c]!);
        if (overlap === 0) continue;
        const scale = w[m]! / overlap;
        for (let c = 0; c < classes; c++) next[c] = next[c]! + scale * Math.sqrt(p[at + c]! * own[c]!);
      }
      moved = 0;
      for (let c = 0; c < classes; c++) {
        moved = Math.max(moved, Math.abs(next[c]! - own[c]!));
        own[c] = next[c]!;
      }
    }
    settled &&= moved <= SETTLED;
  }
  return settled;
}

function normalize(mean: Float64Array, samples: number, classes: number, caller: string): Float64Array {
  for (let n = 0; n < samples; n++) {
    const own = mean.subarray(n * classes, (n + 1) * classes);
    const sum = own.reduce((a, b) => a + b, 0);
    if (!(sum > 0)) {
      refuse(
        caller,
        `no class of sample ${n} has positive probability under all models, got a mean of sum ${sum}; use kind 'arithmetic' or 'root'`,
      );
    }
    for (let c = 0; c < classes; c++) own[c] = own[c]! / sum;
  }
  return mean;
}
