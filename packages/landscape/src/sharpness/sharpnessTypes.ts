/** Mean of a random quantity with the standard error of that mean. */
export interface Estimate {
  readonly mean: number;
  /** NaN where one draw gives none */
  readonly standardError: number;
}

/** Curvature along the gradients of batches at one moment. */
export interface BatchSharpness {
  readonly batchSize: number;
  /** disjoint batches of one permutation that were measured */
  readonly batches: number;
  /** mean over batches of g_Bᵀ H_B g_B / ‖g_B‖² */
  readonly meanOfRatios: Estimate;
  /** mean of g_Bᵀ H_B g_B over the mean of ‖g_B‖²: larger, and what some programs print */
  readonly ratioOfMeans: number;
}

/** Norms ‖J f(x_i)‖ of input-output Jacobians over examples. */
export interface JacobianNorms {
  /** spectral norms */
  readonly max: number;
  readonly mean: number;
  /** linear interpolation between order statistics (type 7) */
  readonly quantiles: readonly { readonly level: number; readonly value: number }[];
  readonly examples: number;
  /** exact: every Jacobian was formed; lanczos: norms are lower bounds */
  readonly method: 'exact' | 'lanczos';
  /** largest relative distance of a norm to a singular value, 0 where norms are exact */
  readonly residual: number;
}

/** Every statement whose exact form in its source could not be read. It is proved as it stands here; the source's own may differ, in constants above all. */
export interface Reconstruction {
  readonly standing: 'reconstructed';
  /** key of docs/bibliography.md */
  readonly source: 'macdonald2023';
  /** what the statement rests on and the numbers do not check */
  readonly assumptions: readonly string[];
}

/** How near a sample comes to every point of a support, with high probability. */
export interface CoveringRadius extends Reconstruction {
  /** δ(N, ε) = L √d / m: every point is within it of an example, but with probability `delta` */
  readonly radius: number;
  /** m, cells along one side of the cube */
  readonly cells: number;
  readonly delta: number;
}

/** The Lipschitz constant of a network between two numbers of the sample. */
export interface LipschitzBounds extends Reconstruction {
  /** max_i ‖J f(x_i)‖ */
  readonly lower: number;
  /** max_i (‖J f(x_i)‖ + V_i): with V_i over some points of a ball it is an estimate from below of the bound */
  readonly upper: number;
  /** largest ‖J f‖ over the points: between the two, where each point is in a ball */
  readonly atPoints: number;
  /** (count,) V_i, the largest ‖J f(x) − J f(x_i)‖ over points x within the radius of x_i; 0 where there is none */
  readonly variation: Float64Array;
  readonly radius: number;
  readonly points: number;
  /** points that are in no ball: the balls cover them not, and `upper` says nothing of them */
  readonly uncovered: number;
}

/** What fitting the targets demands of the slopes of a network. */
export interface SlopeBound extends Reconstruction {
  /** max over pairs of (‖y_i − y_j‖ − e_i − e_j) / ‖x_i − x_j‖; −Infinity where there is no pair of different inputs */
  readonly value: number;
  /** the pair that it is taken at; absent where there is none */
  readonly pair?: readonly [number, number];
  /** value ≤ 0: nothing is demanded */
  readonly vacuous: boolean;
  /** the same from the loss alone, e_i + e_j ≤ 2 √(N l) */
  readonly fromLoss: number;
  /** l = (1/N) Σ ½ e_i² */
  readonly loss: number;
  /** `fromLoss` is above 0 once the loss is below this: max ‖y_i − y_j‖² / (4 N) over pairs of different inputs */
  readonly positiveBelow: number;
  /** pairs of equal inputs, which were left out */
  readonly repeated: number;
}

/** A bound on the expected cost from the sample's. */
export interface RiskBound extends Reconstruction {
  /** max_i c_i + L δ max_i (M_i + M*_i) */
  readonly value: number;
  /** max_i (c_i + L δ (M_i + M*_i)), never above it */
  readonly byExample: number;
  readonly radius: number;
}
