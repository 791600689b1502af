import * as is from '@hyperribbon/contract/decode';

export const margins = is.checked(
  is.object({
    examples: is.count,
    /** f(x)_y − the largest other output, ascending; of many examples evenly spaced quantiles, the least and the largest among them */
    quantiles: is.arrayOf(is.finite),
    /** share of examples with a margin of at most 0: mistakes */
    mistakes: is.share,
    /** that the smallest proven bound is evaluated at */
    chosen: is.maybe(is.positive),
    /** R_A ‖X‖_F/m of the spectral complexity: margins over it can be compared between networks */
    normalizer: is.maybe(is.positive),
  }),
  ({ quantiles }, path) => {
    const at = quantiles.findIndex((value, i) => i > 0 && value < quantiles[i - 1]);
    if (at >= 0) throw new is.Mismatch(`${path}.quantiles[${at}]`, 'not below the one before', quantiles[at]);
  },
);
/** Margins of a network on the examples of the bounds. */
export type MarginsSection = is.DecodedBy<typeof margins>;
