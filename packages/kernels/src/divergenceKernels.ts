import type { LinearKernels } from './linearKernels.js';

/** Sums over samples of one kind of term; see {@link DivergenceKernels}. */
type PairSums = (
  tiles: number,
  samples: number,
  classes: number,
  a: number,
  b: number,
  out: number,
  ldout: number,
) => void;

/**
 * Sums over samples for all pairs of two sets of models: what divergences between probabilistic models are made of, added to
 * the kernels of linear algebra.
 *
 * A panel holds the numbers of P models (P = 8 in float32, 4 in float64): for each sample and class the P numbers side by side,
 * so 32 · samples · classes bytes. `a` points to the panels of the rows, one after another, `b` to one panel of columns. `tiles`
 * counts groups of 4 rows. For row i < 4 · tiles and column j < P every function adds its sum to the float64 at
 * out[i · ldout + j]. Sums over classes run in the storage type, everything after them in float64.
 */
export interface DivergenceKernels extends LinearKernels {
  /**
   * out_ij ← out_ij + Σ_n ln max(least, Σ_c a_inc b_jnc), for non-negative numbers; least in [e^−100, 1).
   *
   * Several coefficients are multiplied before each logarithm, never so many that the product could underflow.
   * @returns how many (row, column, sample) were raised to `least`
   */
  logOverlaps(
    tiles: number,
    samples: number,
    classes: number,
    a: number,
    b: number,
    least: number,
    out: number,
    ldout: number,
  ): number;
  /** out_ij ← out_ij + Σ_n Σ_c (a_inc − b_jnc)² */
  squares: PairSums;
  /** out_ij ← out_ij + Σ_n 2 arcsin(½ √(Σ_c (a_inc − b_jnc)²)): angles between unit vectors, accurate down to 0 */
  arcs: PairSums;
  /** out_ij ← out_ij + Σ_n Σ_c (a_inc − b_jnc)(a'_inc − b'_jnc); panels alternate 32 bytes of a and of a' (64 bytes per class) */
  jeffreys: PairSums;
}
