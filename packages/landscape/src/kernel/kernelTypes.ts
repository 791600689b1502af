import type { Estimate } from '../sharpness/sharpnessTypes.js';

/** An empirical neural tangent kernel of some examples. */
export interface TangentKernel {
  /** (rows, rows) row-major, symmetric to the bit; row i·outputs + c is logit c of example i */
  readonly matrix: Float64Array;
  readonly rows: number;
  readonly examples: number;
  /** 'logits': a row for every logit of every example; 'trace': Σ over logits / classes; a number: that logit alone */
  readonly of: 'logits' | 'trace' | number;
  /** rows of an example */
  readonly outputs: number;
  /** of the products; sums over parameters are float64 */
  readonly dtype: 'float32' | 'float64';
}

/** How a neural tangent kernel changed between two moments, over the same examples and logits. What has no value is null, and `missing` says why. */
export interface KernelChange {
  /** Pearson's correlation of all entries */
  readonly correlation: number | null;
  /** Σ K₀K₁ / √(Σ K₀² Σ K₁²), not centred */
  readonly cosine: number | null;
  /** ‖K₁ − K₀‖_F / ‖K₀‖_F: the relative change of the paper's text */
  readonly relativeChange: number | null;
  /** ‖ |K₁ − K₀| / (|K₀| + 1e-4) ‖_F, entry by entry: what the published program calls so */
  readonly elementwiseChange: number | null;
  /** ‖K₁‖_F / ‖K₀‖_F */
  readonly growth: number | null;
  /** centred alignment of each kernel with that of the labels */
  readonly alignmentBefore: number | null;
  readonly alignmentAfter: number | null;
  /** ‖w₁ − w₀‖ / ‖w₀‖ */
  readonly parameterChange: number | null;
  /** a sentence for each number that has no value */
  readonly missing: readonly string[];
}

/** One width of one family, over seeds. */
export interface KernelWidthRow {
  readonly width: number;
  /** numbers of weights */
  readonly parameters: number;
  /** that have a correlation */
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
  /** a sentence for each run that has no correlation */
  readonly missing: readonly string[];
}
