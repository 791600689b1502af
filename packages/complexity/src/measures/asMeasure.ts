import { exp, log } from '@hyperribbon/kernels';
import type { Measure } from './measure.js';
import { kindOf } from './measureTable.js';

/** What a measure came to: ln μ, or a sentence why there is none. */
export interface Outcome {
  readonly logValue: number;
  readonly undefinedBecause?: string | undefined;
  readonly caveats?: readonly string[] | undefined;
  /** of `reported` */
  readonly standardError?: number | undefined;
}

/** No value, for a reason. */
export function undefinedFor(because: string): Outcome {
  return { logValue: NaN, undefinedBecause: because };
}

/** √(μ/m), or ½(ln μ − ln m), from ln μ. */
export function reportedOf(logValue: number, reportedIs: Measure['reportedIs'], count: number): number {
  const half = 0.5 * (logValue - log(count));
  return reportedIs === 'log' ? half : exp(half);
}

/**
 * The measure of this name with what it came to. NaN without a reason gets one, so that none is without.
 *
 * @param count m, examples that the sources divide by
 */
export function asMeasure(name: string, outcome: Outcome, count: number): Measure {
  const { formula: _formula, ...kind } = kindOf(name);
  const { logValue, standardError, caveats = [] } = outcome;
  const undefinedBecause =
    outcome.undefinedBecause ?? (Number.isNaN(logValue) ? 'what it is made of is not a number' : undefined);
  return {
    ...kind,
    logValue: undefinedBecause === undefined ? logValue : NaN,
    reported: undefinedBecause === undefined ? reportedOf(logValue, kind.reportedIs, count) : NaN,
    ...(standardError !== undefined && undefinedBecause === undefined && { standardError }),
    ...(undefinedBecause !== undefined && { undefinedBecause }),
    caveats,
  };
}
