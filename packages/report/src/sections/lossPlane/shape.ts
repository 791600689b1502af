import * as is from '@hyperribbon/contract/decode';

const axis = is.object({
  kind: is.oneOf('filter-normalised', 'hessian', 'trajectory', 'given'),
  /** of random axes */
  seed: is.maybe(is.count),
  /** of axes of the Hessian */
  eigenvalue: is.maybe(is.finite),
  residualNorm: is.maybe(is.notNegative),
  /** of axes of a trajectory: share of its squared distance from the centre */
  share: is.maybe(is.share),
  /** length of the direction */
  norm: is.notNegative,
});
/** Where one axis of a plane comes from. */
export type PlaneAxisRow = is.DecodedBy<typeof axis>;

const point = is.object({
  step: is.count,
  x: is.finite,
  y: is.finite,
  /** from the plane */
  distance: is.notNegative,
  /** at the weights themselves */
  loss: is.maybe(is.finiteOrNull),
});
/** One weight vector of a run, seen in the plane. */
export type PlanePointRow = is.DecodedBy<typeof point>;

export const lossPlane = is.checked(
  is.object({
    axes: is.pairOf(axis),
    /** of the two directions */
    cosine: is.finite,
    /** coordinates, ascending */
    xs: is.arrayOf(is.finite),
    ys: is.arrayOf(is.finite),
    /** ys.length rows of xs.length; null where the loss overflows */
    loss: is.arrayOf(is.finiteOrNull),
    /** loss at the centre */
    centre: is.finiteOrNull,
    examples: is.count,
    batchNorm: is.oneOf('none', 'fixed', 'recomputed'),
    trajectory: is.maybe(is.arrayOf(point)),
  }),
  ({ xs, ys, loss }, path) => {
    for (const [name, list] of Object.entries({ xs, ys })) {
      const at = list.findIndex((value, i) => i > 0 && !(value > list[i - 1]));
      if (at >= 0) throw new is.Mismatch(`${path}.${name}[${at}]`, 'above the one before', list[at]);
    }
    if (loss.length !== xs.length * ys.length)
      throw new is.Mismatch(`${path}.loss`, `${xs.length * ys.length} numbers`, loss);
  },
);
/** The loss over a plane of weights. */
export type LossPlaneSection = is.DecodedBy<typeof lossPlane>;
