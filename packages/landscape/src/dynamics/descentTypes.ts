import type { BatchSharpness, JacobianNorms } from '../sharpness/sharpnessTypes.js';

/** The curvature at which a rule of descent stops being stable on a quadratic. */
export interface StabilityThreshold {
  /** the number that the curvature is compared with */
  readonly value: number;
  /** as formulas write it: `2/η`, `(2 + 2β)/η`, `38/η` */
  readonly formula: string;
  /** whose largest eigenvalue it bounds; `norm`: max of dᵀ H d over the unit ball of the rule's norm */
  readonly of: 'hessian' | 'preconditioned-hessian' | 'norm';
  /** sentence for people, with form of the rule and where P is taken */
  readonly statement: string;
}

/** A rule that has no threshold, with the reason. */
export interface NoThreshold {
  readonly why: string;
}

/** The largest eigenvalues of one matrix, largest first, each with its residual norm. */
export interface TopPairs {
  readonly values: readonly number[];
  readonly residualNorms: readonly number[];
  readonly converged: boolean;
  /** products with the matrix that it took */
  readonly matvecs: number;
}

/** What is known of a run of descent at one step. */
export interface EdgeMoment {
  /** updates done */
  readonly step: number;
  /** mean over all examples at this step's weights */
  readonly loss: number;
  /** share of mistakes; absent for targets */
  readonly error?: number;
  readonly gradientNorm: number;
  /** of the next step, where it differs from that of the record */
  readonly learningRate?: number;
  /** what the compared curvature is held against at this moment, where it differs from that of the record */
  readonly threshold?: number;
  /** of the Hessian over all examples: λ₁ is the sharpness S */
  readonly hessian: TopPairs;
  /** of P⁻¹H, for rules with a preconditioner */
  readonly preconditioned?: TopPairs;
  /** lower bound of the largest dᵀ H d over the unit ball of the rule's norm */
  readonly dualSharpness?: number;
  /** largest dᵀ∇L over that ball: the threshold is 2/η times it */
  readonly dualNorm?: number;
  readonly batchSharpness?: BatchSharpness;
  /** share of the squared gradient that lies in the top eigenvectors, one per class */
  readonly topShare?: number;
  readonly jacobian?: JacobianNorms;
}

/** Gradient flow or central flow at one time. */
export interface FlowMoment {
  /** ∫ η: steps of a run times its learning rate */
  readonly time: number;
  /** time over the learning rate of the run that it is compared with */
  readonly step: number;
  readonly loss: number;
  /** largest eigenvalue of the Hessian, or of P⁻¹H for a flow with a preconditioner */
  readonly sharpness: number;
  /** an eigenvalue lies that near to it */
  readonly sharpnessResidual?: number;
  /** central flow: eigenvalues that stand at the threshold */
  readonly critical?: number;
  /** central flow: the loss averaged over the oscillation that it predicts */
  readonly meanLoss?: number;
  /** ‖w_run − w_flow‖ at the same time, where both are known */
  readonly distance?: number;
}

/** A run of descent watched at the edge of stability: plain data, what reports show. */
export interface EdgeRecord {
  /** for people: "gradient descent", "heavy ball, β = 0.9" */
  readonly rule: string;
  readonly learningRate: number;
  /** examples of a step; that of all for full batches */
  readonly batchSize: number;
  readonly examples: number;
  readonly threshold: StabilityThreshold | NoThreshold;
  readonly moments: readonly EdgeMoment[];
  readonly flow?: readonly FlowMoment[];
  readonly centralFlow?: readonly FlowMoment[];
  /** step at which the compared curvature first stood above the threshold; absent: never */
  readonly crossing?: number;
  /** why it ended early, such as a loss that is not finite; absent: it is whole */
  readonly ended?: string;
}
