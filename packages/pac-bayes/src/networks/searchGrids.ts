import { log } from '@hyperribbon/kernels';
import { gridVariance } from '../penalties.js';
import type { PriorScale } from './gaussianPrior.js';

/** Indices and variances on the grids of some scales; index 0 and its start for a fixed one. */
export interface GridMembers {
  readonly indices: readonly number[];
  readonly variances: readonly number[];
}

/**
 * The members of the grids that make a cost smallest, from those next to `near`: coordinate descent in steps of 32, 16, …, 1.
 *
 * A minimum missed costs tightness, never validity.
 */
export function searchGrids(
  scales: readonly PriorScale[],
  near: readonly number[],
  cost: (members: GridMembers) => number,
): GridMembers {
  const indices = scales.map(({ grid: { b, c }, fixed = false }, s) =>
    fixed ? 0 : Math.max(1, Math.round(b * log(c / near[s]))),
  );
  const members = (): GridMembers => ({
    indices: [...indices],
    variances: indices.map((j, s) => (j === 0 ? scales[s].start : gridVariance(j, scales[s].grid))),
  });
  let best = cost(members());
  for (let sweep = 0, moved = true; moved && sweep < 20; sweep++) {
    moved = false;
    for (let s = 0; s < scales.length; s++) {
      if (scales[s].fixed === true) continue;
      for (let stride = 32; stride >= 1; stride /= 2) {
        for (const direction of [stride, -stride]) {
          for (;;) {
            const before = indices[s];
            if (before + direction < 1) break;
            indices[s] = before + direction;
            const found = cost(members());
            if (!(found < best)) {
              indices[s] = before;
              break;
            }
            best = found;
            moved = true;
          }
        }
      }
    }
  }
  return members();
}
