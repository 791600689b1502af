/** Where one axis of a plane comes from: enough to make it again. */
export interface PlaneAxis {
  readonly kind: 'filter-normalised' | 'hessian' | 'trajectory' | 'given';
  /** of random axes */
  readonly seed?: number;
  /** of axes of the Hessian, with the norm of its residual */
  readonly eigenvalue?: number;
  readonly residualNorm?: number;
  /** of axes of a trajectory: share of its squared distance from the centre that lies along the axis */
  readonly share?: number;
  /** (size,) direction of length `norm` */
  readonly norm: number;
}

/** One weight vector of a run, seen in the plane. */
export interface PlanePoint {
  readonly step: number;
  readonly x: number;
  readonly y: number;
  /** distance from the plane */
  readonly distance: number;
  /** at the weights themselves, not at their foot in the plane */
  readonly loss?: number;
}

/** The loss over a plane of weights: L(w + x·d₁ + y·d₂). Plain data, what reports show. */
export interface LossPlane {
  readonly axes: readonly [PlaneAxis, PlaneAxis];
  /** of the two directions */
  readonly cosine: number;
  /** coordinates, ascending */
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  /** ys.length rows of xs.length; Infinity where the loss overflows */
  readonly loss: Float64Array;
  /** mean loss at the centre */
  readonly centre: number;
  readonly examples: number;
  /** what batch norm did: its buffers stayed, or were measured again at every point */
  readonly batchNorm: 'none' | 'fixed' | 'recomputed';
  readonly trajectory?: readonly PlanePoint[];
}
