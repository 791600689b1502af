import * as is from '@hyperribbon/contract/decode';

/** A place in the phase diagram: decay c of the input spectrum and ratio ρ of target scale to initial scale. */
const place = { decay: is.positive, scaleRatio: is.positive };
const phasePoint = is.object(place);
/** A place in the phase diagram. */
export type PhasePoint = is.DecodedBy<typeof phasePoint>;

/** Over which indices a decay was fitted, and how well. */
const fitted = { window: is.object({ from: is.count, to: is.count }), rSquared: is.finite };

const phase = is.checked(
  is.object({
    /** recorded gradient steps T, and η·λ₁ */
    steps: is.count,
    relativeStep: is.positive,
    /** axes of the grid, ascending, and the share of variance in three directions, row-major (decays, scaleRatios) */
    decays: is.arrayOf(is.positive),
    scaleRatios: is.arrayOf(is.positive),
    explained3: is.arrayOf(is.share),
    boundaries: is.arrayOf(
      is.object({
        label: is.text,
        /** exact: found on computed covariances; scaling: an asymptotic formula, good to its order of magnitude */
        kind: is.oneOf('exact', 'scaling'),
        points: is.arrayOf(phasePoint),
      }),
    ),
    /** where the data set lies: decay fitted over a window of its spectrum, scale ratio of its regression targets */
    point: is.maybe(
      is.object({
        ...place,
        ...fitted,
        /** share of variance in three directions from the data's own eigenvalues and targets */
        explained3: is.share,
        /** the same from the exponential spectrum of its fitted decay: the diagram's value at the point */
        explained3OfFit: is.maybe(is.share),
        participationRatio: is.notNegative,
        /** directions of the target above the plateau of the initialization, by the formula for k_c */
        targetDirections: is.maybe(is.finite),
        /** directions with 2 η λ T > 1 */
        learnedDirections: is.maybe(is.count),
      }),
    ),
    /** the same ratio at the decay fitted over the directions that training reaches, 2 η λ T > 1 */
    reached: is.maybe(is.object({ ...place, ...fitted, explained3OfFit: is.share })),
  }),
  ({ decays, scaleRatios, explained3 }, path) => {
    const cells = decays.length * scaleRatios.length;
    if (explained3.length !== cells) throw new is.Mismatch(`${path}.explained3`, `${cells} numbers`, explained3);
  },
);
/** Share of variance in three directions over decay and scale ratio. */
export type PhaseDiagram = is.DecodedBy<typeof phase>;

const widths = is.checked(
  is.object({
    examples: is.count,
    steps: is.count,
    relativeStep: is.positive,
    runs: is.count,
    /** standard deviation of the initial weights */
    initialScale: is.notNegative,
    /** "+1 for classes 0 to 4, −1 for 5 to 9" */
    target: is.text,
    seed: is.count,
    /** widths, largest first, of the closed form and of its two parts alone */
    predicted: is.arrayOf(is.notNegative),
    initialization: is.arrayOf(is.notNegative),
    fromTarget: is.arrayOf(is.notNegative),
    /** widths of the simulated runs along the predicted principal axes, with standard errors over runs */
    measured: is.arrayOf(is.notNegative),
    standardErrors: is.arrayOf(is.notNegative),
    /** max |measured − predicted|/predicted over the first ten */
    largestError: is.notNegative,
    /** the same difference in standard errors, the largest of the first ten */
    largestErrorInStandardErrors: is.notNegative,
    explained3: is.object({ predicted: is.share, measured: is.share }),
  }),
  ({ predicted, initialization, fromTarget, measured, standardErrors }, path) => {
    for (const [name, list] of Object.entries({ initialization, fromTarget, measured, standardErrors }))
      is.requireSameLength(list, `${path}.${name}`, predicted);
  },
);
/** Widths of the manifold of trajectories, predicted and simulated. */
export type TrajectoryWidths = is.DecodedBy<typeof widths>;

/**
 * A RECONSTRUCTION following arXiv 2505.08915: explained variance of pooled trajectories of linear regression, and widths √eigenvalue
 * of the pooled covariance of predictions, predicted and simulated.
 */
export const linearRegression = is.object({ widths: is.maybe(widths), phase: is.maybe(phase) });
/** What linear regression predicts of trajectories, and what simulated runs have. */
export type LinearRegressionSection = is.DecodedBy<typeof linearRegression>;
