import { refuse, requireNoOthers, requireOneOf } from '@hyperribbon/contract';
import type { Measure } from './measure.js';

/** The measures of one trained network, and what it is a repetition of. */
export interface AuditedRun {
  /** runs of the same configuration should have the same measures */
  readonly configuration: string;
  /** what was changed a little: 'seed', 'last epochs', 'batch order'; absent in the run that others are compared with */
  readonly change?: string;
  readonly measures: readonly Pick<Measure, 'name' | 'logValue' | 'reported' | 'undefinedBecause'>[];
}

export interface FragilityOptions {
  /** numbers that are compared: ln μ (default), or what papers report */
  readonly of?: 'logValue' | 'reported';
}

/** How much a measure moves under changes that should not matter, beside how much it moves between configurations. */
export interface Fragility {
  readonly name: string;
  /** runs that have a finite value, and the others */
  readonly runs: number;
  readonly undefinedRuns: number;
  /** configurations with at least one value */
  readonly configurations: number;
  /** standard deviation within configurations, pooled */
  readonly within: number;
  /** standard deviation between configurations, that within taken off; 0 where the means differ by no more than repetitions do */
  readonly between: number;
  /** within/between: 0 is a steady measure, at 1 repetitions differ as much as configurations, ∞ where configurations cannot be told apart */
  readonly ratio: number;
  /** share of pairs of runs of two configurations whose order is not that of the configurations' means; pairs that tie count half */
  readonly flips: number;
  /** `within` for one kind of change at a time: of the runs that have it, and of those without a change */
  readonly byChange: Readonly<Record<string, number>>;
  /** a sentence where there are too few runs to say anything: then the numbers are NaN */
  readonly undefinedBecause?: string;
}

/**
 * How fragile measures are: repeats of a configuration under small changes of training (another seed, a few epochs more, another order of batches) against the
 * spread between configurations. One row for each name that a run has.
 *
 * Spreads are those of one-way analysis of variance with groups of unequal size. A measure that is ±∞ or undefined in a run is counted and left out there.
 *
 * @param runs at least one, each with its measures
 * @throws ArgumentError without runs, and for a run that lists a name twice
 * Source: the question of [zhang2025fragile]; the numbers are the usual ones of the analysis of variance. Cost: runs² per measure
 * @example
 * const run = (configuration, logValue, change) => ({ configuration, change, measures: [{ name: 'params', logValue, reported: 0 }] });
 * const [{ ratio }] = fragilityAudit([run('a', 1), run('a', 1.1, 'seed'), run('b', 5), run('b', 5.1, 'seed')]);
 * // 0.025: repeats differ by a fortieth of what configurations do
 */
export function fragilityAudit(
  runs: readonly AuditedRun[],
  { of = 'logValue', ...others }: FragilityOptions = {},
): Fragility[] {
  requireNoOthers('fragilityAudit', others, 'FragilityOptions');
  requireOneOf('fragilityAudit', 'of', of, ['logValue', 'reported']);
  if (runs.length === 0) refuse('fragilityAudit', 'runs must hold at least one run');
  for (const { configuration, measures } of runs) {
    const names = measures.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) < i);
    if (twice !== undefined) refuse('fragilityAudit', `a run of ${configuration} has the measure ${twice} twice`);
  }
  const names = [...new Set(runs.flatMap(({ measures }) => measures.map(({ name }) => name)))];
  return names.map((name) => {
    const values = runs.flatMap(({ configuration, change, measures }): Value[] => {
      const measure = measures.find((one) => one.name === name);
      return measure === undefined || measure.undefinedBecause !== undefined || !Number.isFinite(measure[of])
        ? []
        : [{ configuration, change, value: measure[of] }];
    });
    return { name, ...fragilityOf(values), undefinedRuns: runs.length - values.length };
  });
}

interface Value {
  readonly configuration: string;
  readonly change: string | undefined;
  readonly value: number;
}

function fragilityOf(values: readonly Value[]): Omit<Fragility, 'name' | 'undefinedRuns'> {
  const groups = groupsOf(values);
  const [runs, configurations] = [values.length, groups.length];
  const changes = [...new Set(values.flatMap(({ change }) => change ?? []))];
  const byChange = Object.fromEntries(
    changes.map((change) => [
      change,
      Math.sqrt(pooled(groupsOf(values.filter((one) => one.change === undefined || one.change === change)))),
    ]),
  );
  const variance = pooled(groups);
  const few =
    configurations < 2
      ? `there are values of ${configurations} configurations, and no spread between fewer than 2`
      : Number.isNaN(variance)
        ? 'no configuration has two values: there is nothing repeated'
        : undefined;
  if (few !== undefined)
    return {
      runs,
      configurations,
      within: Math.sqrt(variance),
      between: NaN,
      ratio: NaN,
      flips: NaN,
      byChange,
      undefinedBecause: few,
    };
  const mean = meanOf(values.map(({ value }) => value));
  const between = groups.reduce((sum, group) => sum + group.length * square(meanOf(group) - mean), 0);
  const size = (runs - groups.reduce((sum, group) => sum + square(group.length), 0) / runs) / (configurations - 1);
  const spread = Math.sqrt(Math.max(0, (between / (configurations - 1) - variance) / size));
  const within = Math.sqrt(variance);
  // two spreads of zero: a constant, which tells no configurations apart
  const ratio = spread === 0 ? Infinity : within / spread;
  return { runs, configurations, within, between: spread, ratio, flips: flipsOf(groups), byChange };
}

function groupsOf(values: readonly Value[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const { configuration, value } of values) {
    const group = groups.get(configuration);
    if (group === undefined) groups.set(configuration, [value]);
    else group.push(value);
  }
  return [...groups.values()];
}

function square(x: number): number {
  return x * x;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

/** Variance within groups, pooled; NaN where no group has two values. */
function pooled(groups: readonly (readonly number[])[]): number {
  let [squares, free] = [0, 0];
  for (const group of groups) {
    const mean = meanOf(group);
    for (const x of group) squares += (x - mean) * (x - mean);
    free += group.length - 1;
  }
  return free === 0 ? NaN : squares / free;
}

function flipsOf(groups: readonly (readonly number[])[]): number {
  let [flipped, pairs] = [0, 0];
  for (let a = 0; a < groups.length; a++)
    for (let b = 0; b < a; b++) {
      const order = Math.sign(meanOf(groups[a]) - meanOf(groups[b]));
      for (const x of groups[a])
        for (const y of groups[b]) {
          const own = Math.sign(x - y);
          flipped += own === 0 || order === 0 ? 0.5 : own === order ? 0 : 1;
          pairs++;
        }
    }
  return flipped / pairs;
}
