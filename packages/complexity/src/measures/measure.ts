import type { Standing } from '../bounds/bound.js';

/** One complexity measure of a network, in logarithms: products over layers overflow. */
export interface Measure {
  /** kebab-case as in the literature: `prod-of-spec-over-margin`, `path-norm`, `pacbayes-flatness` */
  readonly name: string;
  /** number in Jiang et al. 2020, where the authors' code gives one */
  readonly equation?: number;
  readonly source: string;
  readonly standing: Standing;
  /** ln μ; −∞ where μ is 0, NaN where there is none: `undefinedBecause` */
  readonly logValue: number;
  /** what papers report: √(μ/m), or ½(ln μ − ln m) of the measures that are kept as logarithms */
  readonly reported: number;
  readonly reportedIs: 'root' | 'log';
  /** of `reported`, where it rests on random draws */
  readonly standardError?: number;
  /** a sentence; present where the measure has no value */
  readonly undefinedBecause?: string;
  readonly caveats: readonly string[];
}
