import { refuse, requireFloatArray, requireInteger } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';

const SQUARE = 64;

/** A symmetric matrix of squared distances, plain: what {@link Divergences} is, or any other. */
export interface SquaredDistances {
  /** (models, models) row-major, symmetric, zero diagonal */
  readonly values: FloatArray;
  readonly models: number;
}

/** Weighted means of the columns of D, and their mean: all that double centring needs to know. */
export interface Centre {
  /** (models,) Σ_i ω_i D_ij */
  readonly columnMeans: Float64Array;
  /** Σ_ij ω_i ω_j D_ij */
  readonly grandMean: number;
}

/** @param weights (models,) ω, sum 1. Cost: one pass over D. */
export function centreOf({ values, models }: SquaredDistances, weights: Float64Array): Centre {
  const columnMeans = new Float64Array(models);
  for (let i = 0; i < models; i++) {
    const w = weights[i]!;
    const row = i * models;
    for (let j = 0; j < models; j++) columnMeans[j] = columnMeans[j]! + w * values[row + j]!;
  }
  return { columnMeans, grandMean: columnMeans.reduce((sum, mean, i) => sum + weights[i]! * mean, 0) };
}

/**
 * Row i of W = −½ (D − row means − column means + grand mean) to out (models,): the matrix of inner products behind squared
 * distances, centred at the weighted mean.
 */
export function centredRow(
  { values, models }: SquaredDistances,
  { columnMeans, grandMean }: Centre,
  i: number,
  out: Float64Array,
): Float64Array {
  const own = columnMeans[i]! - grandMean;
  const row = i * models;
  for (let j = 0; j < models; j++) out[j] = -0.5 * (values[row + j]! - columnMeans[j]! - own);
  return out;
}

/** @throws ArgumentError unless D is a finite square matrix that is symmetric with zero diagonal */
export function requireDistances(caller: string, { values, models }: SquaredDistances): void {
  requireInteger(caller, 'models', models, 1);
  requireFloatArray(caller, 'values', values, [models, models]);
  for (let i = 0; i < models; i++) {
    if (values[i * models + i] !== 0) {
      refuse(caller, `the diagonal of the divergences must be 0, got ${values[i * models + i]} for model ${i}`);
    }
  }
  for (let top = 0; top < models; top += SQUARE) {
    for (let left = 0; left <= top; left += SQUARE) requireMirrored(caller, values, models, top, left);
  }
}

/** entries (i, j) and (j, i) of one square below the diagonal: both sides stay in cache */
function requireMirrored(caller: string, values: FloatArray, models: number, top: number, left: number): void {
  const bottom = Math.min(top + SQUARE, models);
  for (let i = top; i < bottom; i++) {
    const right = Math.min(left + SQUARE, i);
    for (let j = left; j < right; j++) {
      const a = values[i * models + j]!;
      const b = values[j * models + i]!;
      if (!Number.isFinite(a + b)) {
        const bad = Number.isFinite(a) ? b : a;
        refuse(caller, `divergences must be finite, got ${bad} for models ${i} and ${j}`);
      }
      if (a !== b && !(Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b)))) {
        refuse(
          caller,
          `divergences must be symmetric, got ${a} and ${b} for models ${i} and ${j}; symmetrise them first`,
        );
      }
    }
  }
}
