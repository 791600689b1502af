import type { Estimate } from '../sharpness/sharpnessTypes.js';

/** How a neural tangent kernel changed between two moments, over the same examples and logits. */
export interface KernelChange {
  /** Pearson's correlation of all entries */
  readonly correlation: number;
  /** Σ K₀K₁ / √(Σ K₀² Σ K₁²), not centred */
  readonly cosine: number;
  /** ‖K₁ − K₀‖_F / ‖K₀‖_F */
  readonly relativeChange: number;
  /** ‖K₁‖_F / ‖K₀‖_F */
  readonly growth: number;
  /** centred alignment of each kernel with that of the labels */
  readonly alignmentBefore: number;
  readonly alignmentAfter: number;
  /** ‖w₁ − w₀‖ / ‖w₀‖ */
  readonly parameterChange: number;
}

/** One width of one family, over seeds. */
export interface KernelWidthRow {
  readonly width: number;
  /** numbers of weights */
  readonly parameters: number;
  readonly seeds: number;
  readonly correlation: Estimate;
  readonly relativeChange: Estimate;
  readonly trainingLoss: Estimate;
}

/** The change of the kernel against width: plain data, what reports show. */
export interface KernelAgainstWidth {
  /** for people: "MLP, two layers", "ResNet without batch norm" */
  readonly family: string;
  readonly examples: number;
  readonly classes: number;
  readonly rows: readonly KernelWidthRow[];
}
