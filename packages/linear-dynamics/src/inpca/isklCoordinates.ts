import { refuse } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import { requireModels, type Models } from './models.js';

/** How the coordinates of each sample are scaled. */
export interface IsklOptions {
  /** logarithms of probabilities are at least −cap; default 100, as in symmetrizedKlDivergences */
  readonly cap?: number;
}

/** Coordinates in which symmetrised KL is a difference of two sums of squares. */
export interface IsklCoordinates {
  readonly models: number;
  /** samples · classes: number of real axes, and of imaginary ones */
  readonly axes: number;
  /** (models, axes) S */
  readonly real: Float64Array;
  /** (models, axes) T */
  readonly imaginary: Float64Array;
  /** (axes,) α > 0 */
  readonly alpha: Float64Array;
}

/**
 * The exact Minkowski embedding of symmetrised KL [teoh2020]: D_ij = Σ_a (S_ia − S_ja)² − Σ_a (T_ia − T_ja)², with
 * S = (α η + m/α)/(2 √N), T = (α η − m/α)/(2 √N) for the natural parameters η = ln p and statistics m = p of every sample and class.
 *
 * Any α > 0 will do; α⁴ = Var(m)/Var(η) over the models makes S and T uncorrelated (1 where a variance is 0).
 * @throws as bhattacharyyaDivergences
 * Cost: 16 models · samples · classes bytes.
 * @example isklCoordinates(models).axes // 2
 */
export function isklCoordinates(set: Models, { cap = 100 }: IsklOptions = {}): IsklCoordinates {
  requireModels('isklCoordinates', set);
  if (!(cap > 0 && cap <= 100)) refuse('isklCoordinates', `cap must be in (0, 100], got ${cap}`);
  const { models, samples, classes, probabilities: p } = set;
  const axes = samples * classes;
  const eta = Float64Array.from(p, (x) => Math.max(log(x), -cap));
  const varianceEta = variances(eta, models, axes);
  const varianceM = variances(p, models, axes);
  const alpha = varianceEta.map((v, a) => (v > 0 && varianceM[a]! > 0 ? Math.sqrt(Math.sqrt(varianceM[a]! / v)) : 1));
  const scale = 1 / (2 * Math.sqrt(samples));
  const real = new Float64Array(models * axes);
  const imaginary = new Float64Array(models * axes);
  for (let at = 0; at < real.length; at++) {
    const factor = alpha[at % axes]!;
    const [x, y] = [factor * eta[at]!, p[at]! / factor];
    real[at] = scale * (x + y);
    imaginary[at] = scale * (x - y);
  }
  return { models, axes, real, imaginary, alpha };
}

function variances(x: ArrayLike<number>, models: number, axes: number): Float64Array {
  const means = new Float64Array(axes);
  for (let at = 0; at < models * axes; at++) means[at % axes] = means[at % axes]! + x[at]! / models;
  const out = new Float64Array(axes);
  for (let at = 0; at < models * axes; at++) {
    const d = x[at]! - means[at % axes]!;
    out[at % axes] = out[at % axes]! + (d * d) / models;
  }
  return out;
}
