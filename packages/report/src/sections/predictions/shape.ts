import * as is from '@hyperribbon/contract/decode';
import { inpcaMap } from '../ensemble/shape.js';

/** InPCA of predictions that somebody brought: a map of models, its widths, and how much of their divergences it holds. */
export const predictions = is.checked(
  is.object({
    models: is.count,
    samples: is.count,
    classes: is.count,
    /** pairs of a model and a sample on which the two models have no class in common; they count a finite convention */
    disjoint: is.count,
    map: inpcaMap,
    /** root mean square of each coordinate, √(|λ|/models): in the order of the map's eigenvalues */
    widths: is.arrayOf(is.notNegative),
    /** explained stress of the first 1, 2, … dimensions */
    stress: is.arrayOf(is.share),
    /** the straight line through ln width: each is this times the one before, over how many of the first */
    decline: is.maybe(is.object({ ratio: is.positive, rSquared: is.finite, fitted: is.count })),
    /** (Σ|λ|)²/Σλ² of the dimensions that are shown: how many of them count */
    participationRatio: is.maybe(is.positive),
    /** where the last checkpoint of each run stands on the geodesic from ignorance to the truth, if labels were given */
    progress: is.maybe(is.arrayOf(is.object({ run: is.count, first: is.share, last: is.share }))),
  }),
  ({ map, widths }, path) => is.requireSameLength(widths, `${path}.widths`, map.eigenvalues),
);
/** A map of predictions from a file. */
export type PredictionsSection = is.DecodedBy<typeof predictions>;
