import {
  Mismatch,
  arrayOf,
  checked,
  count,
  finite,
  maybe,
  notNegative,
  object,
  oneOf,
  positive,
  requireSameLength,
  share,
  text,
  type DecodedBy,
} from '@hyperribbon/contract/decode';

/** A place in the phase diagram: decay c of the input spectrum and ratio ρ of target scale to initial scale. */
const place = { decay: positive, scaleRatio: positive };
const phasePoint = object(place);
/** A place in the phase diagram. */
export type PhasePoint = DecodedBy<typeof phasePoint>;

/** Over which indices a decay was fitted, and how well. */
const fitted = { window: object({ from: count, to: count }), rSquared: finite };

const phase = checked(
  object({
    /** recorded gradient steps T, and η·λ₁ */
    steps: count,
    relativeStep: positive,
    /** axes of the grid, ascending, and the share of variance in three directions, row-major (decays, scaleRatios) */
    decays: arrayOf(positive),
    scaleRatios: arrayOf(positive),
    explained3: arrayOf(share),
    boundaries: arrayOf(
      object({
        label: text,
        /** exact: found on computed covariances; scaling: an asymptotic formula, good to its order of magnitude */
        kind: oneOf('exact', 'scaling'),
        points: arrayOf(phasePoint),
      }),
    ),
    /** where the data set lies: decay fitted over a window of its spectrum, scale ratio of its regression targets */
    point: maybe(
      object({
        ...place,
        ...fitted,
        /** share of variance in three directions from the data's own eigenvalues and targets */
        explained3: share,
        /** the same from the exponential spectrum of its fitted decay: the diagram's value at the point */
        explained3OfFit: maybe(share),
        participationRatio: notNegative,
        /** directions of the target above the plateau of the initialization, by the formula for k_c */
        targetDirections: maybe(finite),
        /** directions with 2 η λ T > 1 */
        learnedDirections: maybe(count),
      }),
    ),
    /** the same ratio at the decay fitted over the directions that training reaches, 2 η λ T > 1 */
    reached: maybe(object({ ...place, ...fitted, explained3OfFit: share })),
  }),
  ({ decays, scaleRatios, explained3 }, path) => {
    const cells = decays.length * scaleRatios.length;
    if (explained3.length !== cells) throw new Mismatch(`${path}.explained3`, `${cells} numbers`, explained3);
  },
);
/** Share of variance in three directions over decay and scale ratio. */
export type PhaseDiagram = DecodedBy<typeof phase>;

const widths = checked(
  object({
    examples: count,
    steps: count,
    relativeStep: positive,
    runs: count,
    /** standard deviation of the initial weights */
    initialScale: notNegative,
    /** "+1 for classes 0 to 4, −1 for 5 to 9" */
    target: text,
    seed: count,
    /** widths, largest first, of the closed form and of its two parts alone */
    predicted: arrayOf(notNegative),
    initialization: arrayOf(notNegative),
    fromTarget: arrayOf(notNegative),
    /** widths of the simulated runs along the predicted principal axes, with standard errors over runs */
    measured: arrayOf(notNegative),
    standardErrors: arrayOf(notNegative),
    /** max |measured − predicted|/predicted over the first ten */
    largestError: notNegative,
    /** the same difference in standard errors, the largest of the first ten */
    largestErrorInStandardErrors: notNegative,
    explained3: object({ predicted: share, measured: share }),
  }),
  ({ predicted, initialization, fromTarget, measured, standardErrors }, path) => {
    for (const [name, list] of Object.entries({ initialization, fromTarget, measured, standardErrors }))
      requireSameLength(list, `${path}.${name}`, predicted);
  },
);
/** Widths of the manifold of trajectories, predicted and simulated. */
export type TrajectoryWidths = DecodedBy<typeof widths>;

/**
 * A RECONSTRUCTION following arXiv 2505.08915: explained variance of pooled trajectories of linear regression, and widths √eigenvalue
 * of the pooled covariance of predictions, predicted and simulated.
 */
export const linearRegression = object({ widths: maybe(widths), phase: maybe(phase) });
/** What linear regression predicts of trajectories, and what simulated runs have. */
export type LinearRegressionSection = DecodedBy<typeof linearRegression>;
