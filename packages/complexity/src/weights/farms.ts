import { refuse, requireFloatArray, requireInteger, requirePositive } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import { type PowerLawFit, powerLawFit } from './powerLawFit.js';
import { gramValues, type WeightMatrices } from './weightMatrices.js';

/** The exponent of spectra of sub-matrices that all have one aspect ratio. */
export interface FarmsFit {
  /** longer over shorter side of every sub-matrix */
  readonly ratio: number;
  /** their shorter side */
  readonly side: number;
  /** sub-matrices whose spectra were pooled */
  readonly windows: number;
  /** by the definition of `powerLawFit`; its values depend on each other, so it has no interval */
  readonly fit: PowerLawFit;
  /** 1 + k/Σ ln(λ/λ_(k)) over the upper half of the pooled eigenvalues, the estimate of the paper */
  readonly hill: number;
}

/** windows along one side */
const MOST = 5;

/**
 * The exponent of fixed-aspect-ratio sub-matrices: the average of their spectra is fitted, so that layers of different shapes can be compared.
 *
 * Windows are as large as the ratio allows, overlap, and cover the matrix evenly, at most five along a side. The paper slides windows of one size for all
 * layers; with these a layer that has the ratio is measured whole.
 *
 * @param ratio at least 1, default 1
 * @returns undefined where fewer than ten eigenvalues are above 1e-5
 * @throws ArgumentError for a ratio below 1
 * Cost: that of the windows' Gram matrices
 * Source: [hu2025farms]
 * @example farms(weightMatrices([64, 16], new Float64Array(1024).map((_, i) => Math.sin(i * i)))).windows; // 5
 */
export function farms(matrices: WeightMatrices, ratio = 1): FarmsFit | undefined {
  requirePositive('farms', 'ratio', ratio);
  if (ratio < 1) refuse('farms', `ratio must be at least 1, got ${ratio}`);
  const { N, M, rows, columns, blocks, scale } = matrices;
  const side = Math.floor(Math.min(M, N / ratio));
  const long = Math.min(N, Math.round(side * ratio));
  if (side < 1) return undefined;
  const values: Float64Array[] = [];
  for (let b = 0; b < blocks; b++) {
    const entries = matrices.block(b);
    const [high, wide] = rows >= columns ? [long, side] : [side, long];
    for (const top of starts(rows, high))
      for (const left of starts(columns, wide)) {
        const window = Float64Array.from(
          { length: high * wide },
          (_, i) => entries[(top + Math.floor(i / wide)) * columns + left + (i % wide)],
        );
        values.push(gramValues(window, high, wide).map((s) => s * scale * (s * scale)));
      }
  }
  const pooled = Float64Array.from(values.flatMap((list) => [...list])).filter((x) => x > 1e-5);
  if (pooled.length < 10) return undefined;
  const hill = hillExponent(pooled, pooled.length >> 1);
  return { ratio, side, windows: values.length, fit: powerLawFit(pooled), hill };
}

function starts(length: number, window: number): readonly number[] {
  const slack = length - window;
  const count = slack === 0 ? 1 : Math.min(MOST, 1 + 2 * Math.ceil(slack / window), slack + 1);
  return Array.from({ length: count }, (_, i) => (count === 1 ? 0 : Math.round((i * slack) / (count - 1))));
}

/**
 * Hill's estimate over the k largest values: 1 + k/Σ ln(x_i/x_(k+1)), ∞ where they are equal.
 *
 * @param values positive, in any order @param k in [1, n − 1]
 * @throws ArgumentError for k out of range
 * @example hillExponent(Float64Array.of(1, Math.E, Math.E), 2); // 2
 * Source: [hill1975]
 */
export function hillExponent(values: Float64Array, k: number): number {
  requireFloatArray('hillExponent', 'values', values);
  requireInteger('hillExponent', 'k', k, 1, values.length - 1);
  const sorted = Float64Array.from(values).sort();
  const from = sorted[sorted.length - 1 - k];
  return 1 + k / sorted.slice(-k).reduce((sum, x) => sum + log(x / from), 0);
}
