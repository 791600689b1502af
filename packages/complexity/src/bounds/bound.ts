/** Who proved the statement that is evaluated. */
export type Standing =
  /** as printed in the source */
  | 'paper'
  /** proved by us, from what the source proves */
  | 'derived'
  /** from secondary sources or from memory: a lead, not the source's statement */
  | 'reconstructed';

/** How much of the value is known. */
export type Constants =
  /** every constant is in the value */
  | 'explicit'
  /** universal constants nobody gave a value to, set to what `unknown` says */
  | 'unknown'
  /** only the rate: constants and logarithms are left out */
  | 'dropped';

/** One term of a bound. */
export interface BoundTerm {
  readonly name: string;
  /** natural logarithm; −∞ of zero */
  readonly log: number;
}

/**
 * A bound on the probability of error over new examples: with probability 1 − δ over the sample, error ≤ empirical + complexity + confidence.
 *
 * Products of norms overflow: sizes are kept as logarithms.
 */
export interface NormBound {
  /** kebab-case and unique, such as `pinto-2025-printed` */
  readonly name: string;
  /** for people: "Pinto, Rangamani, Poggio 2025, as printed" */
  readonly title: string;
  /** key of the source in docs/sources, with the theorem: "pinto2025, Theorem 7" */
  readonly source: string;
  readonly standing: Standing;
  readonly constants: Constants;
  /** values of the unknown constants that stand in the value */
  readonly unknown?: Readonly<Record<string, number>>;
  /** ln of the complexity of the class of networks (Rademacher or Gaussian, of one output or all: see `complexityOf`), before the loss; absent where the bound has none */
  readonly logComplexity?: number;
  readonly complexityOf?: string;
  /** margin γ at which it is evaluated; absent where the bound knows no margin */
  readonly margin?: number;
  /** of the sample at γ: mean of the ramp loss, or share of margins ≤ γ */
  readonly empirical: number;
  readonly empiricalIs: 'ramp' | 'margin-error' | 'error';
  /** what the generalisation gap is made of; their sum is `logGap` */
  readonly terms: readonly BoundTerm[];
  /** ln of what is added to `empirical` */
  readonly logGap: number;
  /** empirical + gap; Infinity where it overflows */
  readonly value: number;
  /** value ≥ 1, which every error satisfies */
  readonly vacuous: boolean;
  readonly delta: number;
  /** shares that δ was divided by, with reasons: "5 margins of the grid", "layers' norms on grids of factor 2" */
  readonly union: readonly { readonly of: string; readonly members: number }[];
  /** what the statement rests on, sentences */
  readonly assumptions: readonly string[];
  /** what it is not: sentences shown beside the number; not empty wherever it is no proven statement about this network */
  readonly caveats: readonly string[];
}
