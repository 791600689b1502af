import { log } from '@hyperribbon/kernels';
import { gridVariance } from '../../theorems/penalties.js';
import type { PriorScale } from '../gaussian/priorFamily.js';

/** Indices and variances on the grids of some scales; index 0 and its start for a fixed one. */
export interface GridMembers {
  readonly indices: readonly number[];
  readonly variances: readonly number[];
}

/**
 * The members of the grids that make a cost smallest, from those next to `near`: coordinate descent in steps of 32, 16, …, 1.
 *
 * KL + price has one minimum in each scale; a minimum missed would cost tightness, never validity.
 * @param cost of members among which only scale `s` moves: what does not depend on it may be left out
 */
export function searchGrids(
  scales: readonly PriorScale[],
  near: readonly number[],
  cost: (members: GridMembers, s: number) => number,
): GridMembers {
  const indices = scales.map(({ grid: { b, c }, fixed = false }, s) =>
    fixed ? 0 : Math.max(1, Math.round(b * log(c / near[s]))),
  );
  const members = (): GridMembers => ({
    indices: [...indices],
    variances: indices.map((j, s) => (j === 0 ? scales[s].start : gridVariance(j, scales[s].grid))),
  });
  for (let sweep = 0, moved = true; moved && sweep < 20; sweep++) {
    moved = false;
    for (let s = 0; s < scales.length; s++) {
      if (scales[s].fixed === true) continue;
      let best = cost(members(), s);
      for (let stride = 32; stride >= 1; stride /= 2) {
        for (const direction of [stride, -stride]) {
          for (;;) {
            const before = indices[s];
            if (before + direction < 1) break;
            indices[s] = before + direction;
            const found = cost(members(), s);
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
