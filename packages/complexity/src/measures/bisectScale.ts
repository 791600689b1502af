import { requireBetween, requireInteger, requirePositive } from '@hyperribbon/contract';

/** One scale that was tried. */
export interface TriedScale {
  readonly scale: number;
  /** accuracy at the weights less that at the perturbed ones: the mean over the draws, or the most that was found */
  readonly drop: number;
}

/** Why a search for the scale ended. */
export type ScaleReason =
  /** the drop is the wanted one, within the tolerance */
  | 'found'
  /** accuracy jumps past the wanted drop within an interval as small as the steps make it */
  | 'jumps'
  /** no scale up to the limit makes accuracy fall so far */
  | 'never-drops'
  /** the smallest scale that the steps reach is too large already */
  | 'drops-at-once'
  /** the network is right so rarely that it cannot fall so far */
  | 'cannot-drop';

/** How far a scale is looked for. */
export interface BisectionOptions {
  /** wanted fall of the accuracy, in (0, 1), default 0.1 */
  readonly drop?: number;
  /** of the fall, > 0, default 0.01 */
  readonly tolerance?: number;
  /** the largest scale, > 0, default 2 */
  readonly limit?: number;
  /** halvings, integer in [1, 60], default 15 */
  readonly steps?: number;
}

export interface Bisected {
  readonly scale: number;
  readonly reason: ScaleReason;
  readonly tried: readonly TriedScale[];
}

/**
 * The scale at which accuracy falls by `drop`, by bisection of [0, limit]: it is assumed to fall with the scale.
 *
 * @param base accuracy without perturbation
 * @param dropAt the fall at a scale, in halving number `step`
 * @returns where it never drops the limit, where it drops at once 0: what is known, not what was looked for
 */
export async function bisectScale(
  base: number,
  { drop, tolerance, limit, steps }: Required<BisectionOptions>,
  dropAt: (scale: number, step: number) => Promise<number>,
): Promise<Bisected> {
  if (base <= drop - tolerance) return { scale: NaN, reason: 'cannot-drop', tried: [] };
  const tried: TriedScale[] = [];
  let [lower, upper, scale] = [0, limit, NaN];
  for (let step = 0; step < steps; step++) {
    scale = (lower + upper) / 2;
    const found = await dropAt(scale, step);
    tried.push({ scale, drop: found });
    if (Math.abs(found - drop) < tolerance) return { scale, reason: 'found', tried };
    if (found > drop) upper = scale;
    else lower = scale;
  }
  if (upper === limit) return { scale: limit, reason: 'never-drops', tried };
  if (lower === 0) return { scale: 0, reason: 'drops-at-once', tried };
  return { scale, reason: 'jumps', tried };
}

/** @throws ArgumentError for what no bisection can go by */
export function requireBisection(caller: string, { drop, tolerance, limit, steps }: Required<BisectionOptions>): void {
  requireBetween(caller, 'drop', drop, 0, 1);
  requirePositive(caller, 'tolerance', tolerance);
  requirePositive(caller, 'limit', limit);
  requireInteger(caller, 'steps', steps, 1, 60);
}

/** A sentence where the search found no scale. */
export function noScaleBecause(
  { reason, tried }: Bisected,
  { drop, limit }: Pick<Required<BisectionOptions>, 'drop' | 'limit'>,
  base: number,
): string | undefined {
  const scales = tried.map(({ scale }) => scale);
  switch (reason) {
    case 'never-drops':
      return `accuracy does not fall by ${drop} at any scale that was tried, the largest ${Math.max(...scales)}, the limit ${limit}`;
    case 'drops-at-once':
      return `accuracy falls by more than ${drop} at ${Math.min(...scales)}, the smallest scale that was tried: more steps try smaller ones`;
    case 'cannot-drop':
      return `accuracy is ${base}, which cannot fall by ${drop}`;
    default:
      return undefined;
  }
}
