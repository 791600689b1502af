import { requireInteger, requireNoOthers, requireOneOf } from '@hyperribbon/contract';
import { log } from '@hyperribbon/kernels';
import { codesOf, type MeasuredRuns, requireNames, requireRuns, type RowWeights } from './runs.js';

export interface InformationOptions {
  /** names of the settings that are conditioned on; default all. Leave seeds out */
  readonly axes?: readonly string[];
  /** the largest number of settings that are conditioned on at a time, default 2 */
  readonly largest?: number;
  /**
   * 'both': a condition is the values of both networks of a pair. 'shared': only pairs count whose networks agree in the settings, and the condition is the
   * values they share. Default 'both'
   */
  readonly condition?: 'both' | 'shared';
}

export interface ConditionedInformation {
  readonly given: readonly string[];
  /** I(V_μ; V_g | U) / H(V_g | U), in [0, 1] */
  readonly value: number;
}

export interface ConditionalInformation {
  /** the least over all conditions; NaN where no condition leaves anything unknown */
  readonly value: number;
  readonly given: readonly string[];
  /** every condition, in the order of their sizes */
  readonly conditions: readonly ConditionedInformation[];
  /** conditions under which the order of the gaps is known already, H(V_g | U) = 0: they say nothing and are left out */
  readonly skipped: number;
}

/**
 * How much the order of two networks by a measure tells of the order of their gaps once some of their settings are known: mutual information of the two
 * signs over ordered pairs, given the settings, over the entropy of the gaps' sign; the least over all small sets of settings.
 *
 * A chance agreement has a value above 0 too: few pairs per condition make it larger. Compare with the value of a shuffled measure.
 *
 * @param runs networks, their measure and gaps
 * @throws ArgumentError as {@link MeasuredRuns} demands, for an axis that no setting has
 * Cost: n² pairs for each of the conditions
 * @example
 * const settings = [1, 2, 3, 4, 5, 6].map((width) => ({ width }));
 * conditionalInformation({ settings, measure: [1, 2, 3, 4, 5, 6], gaps: [1, 2, 3, 4, 5, 6] }).value; // 1
 * Source: [jiang2020]; the reading of conditions is ambiguous there and in [jiang2021], so both are here.
 */
export function conditionalInformation(
  runs: MeasuredRuns,
  { axes, largest = 2, condition = 'both', ...others }: InformationOptions = {},
): ConditionalInformation {
  const caller = 'conditionalInformation';
  requireNoOthers(caller, others, 'InformationOptions');
  const names = requireRuns(caller, runs);
  requireNames(caller, 'axes', axes ?? [], names);
  requireInteger(caller, 'largest', largest, 0);
  requireOneOf(caller, 'condition', condition, ['both', 'shared']);
  return informationGiven(conditionsOf(runs.settings, axes ?? names, { largest, condition }), runs, undefined);
}

/** A set of settings, and for every ordered pair the number of its condition; −1 where the pair does not count. */
interface Condition {
  readonly given: readonly string[];
  readonly codes: Int32Array;
  readonly many: number;
  readonly shared: boolean;
}

export function conditionsOf(
  settings: MeasuredRuns['settings'],
  axes: readonly string[],
  { largest, condition }: Required<Pick<InformationOptions, 'largest' | 'condition'>>,
): readonly Condition[] {
  return subsets(axes, largest).map((given) => {
    const codes = codesOf(settings, given);
    return {
      given,
      codes,
      many: codes.reduce((most, code) => Math.max(most, code + 1), 0),
      shared: condition === 'shared',
    };
  });
}

export function informationGiven(
  conditions: readonly Condition[],
  { measure, gaps }: Pick<MeasuredRuns, 'measure' | 'gaps'>,
  weights: RowWeights | undefined,
): ConditionalInformation {
  const found: ConditionedInformation[] = [];
  for (const condition of conditions) {
    const value = shareTold(countPairs(condition, measure, gaps, weights));
    if (value !== undefined) found.push({ given: condition.given, value });
  }
  const least = found.reduce<ConditionedInformation | undefined>(
    (low, one) => (low === undefined || one.value < low.value ? one : low),
    undefined,
  );
  return {
    value: least?.value ?? NaN,
    given: least?.given ?? [],
    conditions: found,
    skipped: conditions.length - found.length,
  };
}

/** (conditions, 2, 2) ordered pairs by whether the measure and the gap of the first are larger. */
function countPairs(
  { codes, many, shared }: Condition,
  measure: ArrayLike<number>,
  gaps: ArrayLike<number>,
  weights: RowWeights | undefined,
): Float64Array {
  const counts = new Float64Array(4 * (shared ? many : many * many));
  const n = codes.length;
  for (let p = 0; p < n; p++) {
    const own = weights?.[p] ?? 1;
    if (own === 0) continue;
    for (let q = 0; q < n; q++) {
      if (q === p || (shared && codes[q] !== codes[p])) continue;
      const cell = shared ? codes[p] : codes[p] * many + codes[q];
      const which = (measure[p] > measure[q] ? 2 : 0) + (gaps[p] > gaps[q] ? 1 : 0);
      counts[4 * cell + which] += own * (weights?.[q] ?? 1);
    }
  }
  return counts;
}

/** I/H of a table of conditions; undefined where H is 0. */
function shareTold(counts: Float64Array): number | undefined {
  let [information, entropy] = [0, 0];
  for (let cell = 0; cell < counts.length; cell += 4) {
    const rows = [counts[cell] + counts[cell + 1], counts[cell + 2] + counts[cell + 3]];
    const columns = [counts[cell] + counts[cell + 2], counts[cell + 1] + counts[cell + 3]];
    const total = rows[0] + rows[1];
    for (let which = 0; which < 4; which++) {
      const count = counts[cell + which];
      if (count > 0) information += count * log((count * total) / (rows[which >> 1] * columns[which & 1]));
    }
    for (const count of columns) if (count > 0) entropy -= count * log(count / total);
  }
  // rounding may leave a little below 0
  return entropy > 0 ? Math.max(0, information / entropy) : undefined;
}

/** Sets of at most so many names, small ones first, in the order of the names. */
function subsets(names: readonly string[], largest: number): readonly (readonly string[])[] {
  let last: (readonly number[])[] = [[]];
  const all: (readonly string[])[] = [[]];
  for (let size = 1; size <= Math.min(largest, names.length); size++) {
    last = last.flatMap((set) => names.flatMap((_, i) => (i > (set.at(-1) ?? -1) ? [[...set, i]] : [])));
    all.push(...last.map((set) => set.map((i) => names[i])));
  }
  return all;
}
