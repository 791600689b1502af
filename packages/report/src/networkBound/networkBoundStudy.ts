/**
 * The plain-JSON record of one bound on a network: what `hyperribbon bound` writes to bound.json and what its page draws.
 *
 * Numbers are finite, logarithms natural, errors fractions in [0, 1]. What was not reached is left out.
 */
export interface NetworkBoundStudy {
  readonly schema: typeof networkBoundSchema;
  readonly version: typeof networkBoundVersion;
  readonly title: string;
  /** ISO 8601 date, handed in by the caller */
  readonly created?: string;
  readonly complete: boolean;
  /** why it is partial: "interrupted" */
  readonly reason?: string;
  /** names and values, in the order shown */
  readonly setting: readonly (readonly [name: string, value: string])[];
  readonly history: readonly BoundHistoryPoint[];
  readonly result?: NetworkBoundResult;
  readonly assumptions: readonly string[];
  readonly caveats: readonly string[];
}

/** `schema` of every such record; `version` grows when a field changes its meaning. */
export const networkBoundSchema = 'hyperribbon/network-bound';
export const networkBoundVersion = 1;

/** After an epoch of the optimisation; measured on the way, certifies nothing. */
export interface BoundHistoryPoint {
  readonly epoch: number;
  /** error of the random classifier */
  readonly error: number;
  /** nats */
  readonly kl: number;
  /** the bound without grid and Monte-Carlo term */
  readonly estimate: number;
}

export interface NetworkBoundResult {
  readonly value: number;
  readonly vacuous: boolean;
  readonly certified: boolean;
  readonly confidence: number;
  readonly n: number;
  readonly weights: number;
  readonly klDisplacement: number;
  readonly klCovariance: number;
  /** nats added to KL: ln(constant/δ) and the price of every grid */
  readonly penalty: number;
  /** of which the price of the grids */
  readonly price: number;
  readonly monteCarlo: {
    readonly mean: number;
    readonly draws: number;
    readonly delta: number;
    readonly upper: number;
  };
  /** with the mean of the draws as if it were exact: no certificate */
  readonly plugIn: number;
  readonly deltas: readonly { readonly purpose: string; readonly delta: number }[];
  /** B = √(rate/2), rate = (KL + penalty)/n */
  readonly gap?: number;
  /** the same ingredients in other theorems */
  readonly others: readonly TheoremRow[];
  /** the same ingredients as released scripts count them: no certificate */
  readonly released?: TheoremRow;
  readonly theorem: string;
  readonly source: string;
  readonly scales: readonly { readonly name: string; readonly index: number; readonly variance: number }[];
  readonly parts: readonly {
    readonly name: string;
    readonly dimension: number;
    readonly covariance: number;
    readonly displacement: number;
  }[];
  /** error of the random classifier on test examples; it plays no part in the bound */
  readonly test?: { readonly mean: number; readonly draws: number };
  /** a number to compare with, and where it is from */
  readonly published?: { readonly value: number; readonly source: string };
}

export interface TheoremRow {
  readonly theorem: string;
  readonly source: string;
  readonly value: number;
  readonly vacuous: boolean;
  readonly penalty: number;
  /** B = √(rate/2), rate = (KL + penalty)/n: what McAllester's bound adds to the error */
  readonly gap?: number;
  /** with the mean of the draws as if it were exact: no certificate */
  readonly plugIn?: number;
}
