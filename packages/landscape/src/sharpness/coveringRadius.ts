import { refuse, requireBetween, requireInteger, requireNoOthers, requirePositive } from '@hyperribbon/contract';
import { exp, log } from '@hyperribbon/kernels';
import type { CoveringRadius } from './sharpnessTypes.js';

export interface CoveringRadiusOptions {
  /** N, independent examples, at least 1 */
  readonly count: number;
  /** d of the cube that data are an image of, at least 1: the dimension of the data, not of their pixels */
  readonly dimension: number;
  /** L of the map from the cube to the data, above 0, default 1 */
  readonly lipschitz?: number;
  /** probability that some point is further away, in (0, 1), default 0.05 */
  readonly delta?: number;
}

/**
 * How far a point of the data's support can be from the nearest example.
 *
 *     δ(N, ε) = L √d / m,   m = ⌊(N / ln(N/ε))^{1/d}⌋ ≥ 1
 *
 * for data G(u) with u uniform on [0, 1]^d and G L-Lipschitz: cut into m^d equal cells, the cube has an empty cell with probability at most m^d exp(−N/m^d) ≤ ε. In one
 * dimension it is about three times the radius that is found.
 *
 * A reconstruction: the source is known to have this rate, (ln N / N)^{1/d}, and its own constants were not read.
 *
 * @returns with `standing: 'reconstructed'`
 * @throws ArgumentError where N is too small for one cell, N < ln(N/ε)
 * @example
 * coveringRadius({ count: 100, dimension: 1 }).radius; // 0.0769…, 1/13
 * Source: [macdonald2023]
 */
export function coveringRadius({
  count,
  dimension,
  lipschitz = 1,
  delta = 0.05,
  ...others
}: CoveringRadiusOptions): CoveringRadius {
  const caller = 'coveringRadius';
  requireNoOthers(caller, others, 'CoveringRadiusOptions');
  requireInteger(caller, 'count', count, 1);
  requireInteger(caller, 'dimension', dimension, 1);
  requirePositive(caller, 'lipschitz', lipschitz);
  requireBetween(caller, 'delta', delta, 0, 1);
  const perCell = count / log(count / delta);
  if (!(perCell >= 1))
    refuse(
      caller,
      `count must be at least ln(count / delta) for one cell, got ${count} with delta ${delta}; take more examples`,
    );
  let cells = Math.floor(exp(log(perCell) / dimension));
  // the root may be a rounding error away from an integer
  while (powerOf(cells + 1, dimension) <= perCell) cells++;
  while (cells > 1 && powerOf(cells, dimension) > perCell) cells--;
  return {
    radius: (lipschitz * Math.sqrt(dimension)) / cells,
    cells,
    delta,
    standing: 'reconstructed',
    source: 'macdonald2023',
    assumptions: [
      `examples are independent draws of G(u), u uniform on the cube of dimension ${dimension}`,
      `G is ${lipschitz}-Lipschitz`,
    ],
  };
}

function powerOf(base: number, exponent: number): number {
  let power = 1;
  for (let i = 0; i < exponent; i++) power *= base;
  return power;
}
