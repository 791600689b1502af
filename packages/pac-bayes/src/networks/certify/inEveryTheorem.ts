import type { BoundArguments, BoundRecord } from '../../theorems/boundRecord.js';
import { catoniBound } from '../../theorems/catoni.js';
import { klBound, mcAllesterBound } from '../../theorems/klBound.js';
import { continuousPrice } from '../../theorems/penalties.js';
import { quadraticBound, thiemannBound } from '../../theorems/thiemann.js';

/** A bound, and what it would be with the mean of the draws as if it were exact. */
export interface TheoremBound extends BoundRecord {
  /** not a certificate */
  readonly plugIn: number;
}

/** Constants for Catoni's bound, written down here before any data: 1/4 to 32, each √2 times the one before. */
const catoniConstants: readonly number[] = Array.from(
  { length: 15 },
  (_, i) => (1 << (i >> 1)) * (i % 2 === 0 ? 0.25 : 0.25 * Math.SQRT2),
);

/**
 * The same ingredients in every other theorem. Each bound holds by itself, not all of them at once.
 *
 * @param limited ingredients with the Monte-Carlo limit
 * @param mean of the draws
 */
export function inEveryTheorem(
  certificate: 'maurer' | 'langford-seeger',
  limited: BoundArguments,
  mean: number,
): readonly TheoremBound[] {
  const forms: readonly ((args: BoundArguments) => BoundRecord)[] = [
    (args) => klBound({ ...args, theorem: 'kl-exact' }),
    (args) => klBound({ ...args, theorem: certificate === 'maurer' ? 'langford-seeger' : 'maurer' }),
    (args) => mcAllesterBound({ ...args, theorem: certificate }),
    (args) => catoniBound({ ...args, constant: catoniConstants }),
    quadraticBound,
    thiemannBound,
  ];
  return forms.map((bound) => ({ ...bound(limited), plugIn: bound({ ...limited, empirical: mean }).value }));
}

/**
 * What the released scripts of [yang2022] would print for these ingredients: the mean of the draws as if it were exact, scales that are
 * not rounded to their grids, a penalty with δ where 1/δ belongs. For comparison; `certified` is false and `caveats` say why.
 *
 * @param indices of the scales on their grids; absent without any: then there is nothing that the scripts would have charged
 */
export function asReleased(limited: BoundArguments, mean: number, indices: readonly number[]): BoundRecord | undefined {
  const chosen = indices.filter((j) => j > 0);
  if (chosen.length === 0) return undefined;
  // j = b ln(c/λ): with b = 1 the indices are the logarithms
  const union = continuousPrice(chosen, { b: 1, delta: limited.delta, form: 'released-scripts' });
  const bound = klBound({ ...limited, empirical: mean, union, theorem: 'langford-seeger' });
  return { ...bound, theorem: 'as the released scripts count' };
}
