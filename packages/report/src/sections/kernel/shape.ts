import * as is from '@hyperribbon/contract/decode';
import { estimate } from '../edge/shape.js';

const correlation = is.numberThat((x) => x >= -1 - 1e-9 && x <= 1 + 1e-9, 'in [−1, 1]');

const change = is.object({
  /** of all entries of the two kernels; null where one is constant */
  correlation: is.finiteOrNull,
  cosine: is.finiteOrNull,
  /** ‖K₁ − K₀‖_F / ‖K₀‖_F */
  relativeChange: is.finiteOrNull,
  /** the same entry by entry, ‖ |K₁ − K₀| / (|K₀| + 1e-4) ‖_F */
  elementwiseChange: is.maybe(is.finiteOrNull),
  /** ‖K₁‖_F / ‖K₀‖_F */
  growth: is.finiteOrNull,
  /** centred alignment with the labels */
  alignmentBefore: is.finiteOrNull,
  alignmentAfter: is.finiteOrNull,
  /** ‖w₁ − w₀‖ / ‖w₀‖ */
  parameterChange: is.finiteOrNull,
  /** a sentence for each number that has no value */
  missing: is.maybe(is.arrayOf(is.text)),
});
/** How a kernel changed between two moments. */
export type KernelChangeRow = is.DecodedBy<typeof change>;

const width = is.object({
  width: is.count,
  parameters: is.count,
  seeds: is.count,
  correlation: estimate,
  relativeChange: estimate,
  trainingLoss: estimate,
});

const family = is.object({
  family: is.text,
  examples: is.count,
  classes: is.count,
  /** ascending widths */
  rows: is.arrayOf(is.checked(width, ({ correlation: { mean } }, path) => correlation(mean, `${path}.correlation`))),
  /** a sentence for each network that has no correlation */
  missing: is.maybe(is.arrayOf(is.text)),
});
/** The change of the kernel of one family of networks against its width. */
export type KernelFamilyRow = is.DecodedBy<typeof family>;

export const kernel = is.object({
  examples: is.count,
  /** outputs of the network: the kernel has examples · outputs rows */
  outputs: is.count,
  /** from the start of the training to its end */
  change: is.maybe(change),
  /** of weights that were given: centred alignment with the labels, null where there is none */
  alignment: is.maybe(is.finiteOrNull),
  /** of weights that were given: trace, and share of the largest eigenvalue in it */
  trace: is.maybe(is.finite),
  topShare: is.maybe(is.share),
  families: is.maybe(is.arrayOf(family)),
});
/** Empirical neural tangent kernels. */
export type KernelSection = is.DecodedBy<typeof kernel>;
