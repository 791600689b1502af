import {
  type OnProgress,
  refuse,
  requireFiniteEntries,
  requireInteger,
  requireNoOthers,
  requireOneOf,
  requirePositive,
  requireSeed,
  throwIfAborted,
} from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { type AnyExamples, type LossData, type Network, requireWeights } from '@hyperribbon/nn';
import { networkSpectrum } from '../spectra/networkSpectrum.js';
import { filterNormalised, type OtherArrays } from './filterNormalised.js';
import { footpoints, type PlaneTrajectory } from './footpoints.js';
import type { PlaneAxis, PlanePoint } from './planeTypes.js';
import { dot, norm, towardsLargest, trajectoryAxes } from './trajectoryAxes.js';

/** Which directions span a plane. */
export type AxesChoice =
  /** two random directions with the norms of the filters they change */
  | 'filter'
  /** eigenvectors of the two largest eigenvalues of the Hessian */
  | 'hessian'
  /** eigenvectors of its largest and of its smallest eigenvalue */
  | 'hessian-ends'
  /** the principal directions of a run */
  | 'trajectory'
  /** two directions (size,) */
  | readonly [FloatArray, FloatArray];

export interface PlaneOptions {
  /** default 'filter' */
  readonly axes?: AxesChoice;
  /** of the random directions, and of the search for eigenvectors; default 0 */
  readonly seed?: number;
  /** what random directions do to biases and norms, default 'fixed' */
  readonly others?: OtherArrays;
  /** points along each axis, integer ≥ 2; odd numbers have the centre among them. Default 51 */
  readonly size?: number;
  /**
   * coordinates go from −extent to extent along each axis, in units of the directions. Default: 1 of random directions; of eigenvectors the length at which λx²/2 is
   * the larger of 1 and the loss; and as far as a trajectory goes
   */
  readonly extent?: number;
  /** of one example, default softmax cross-entropy */
  readonly loss?: LossData;
  /** a run that is drawn in the plane, and spans it with axes 'trajectory' */
  readonly trajectory?: PlaneTrajectory;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress<string>;
}

/** A plane through weights: all that is needed to measure it, row by row, here or elsewhere. */
export interface PlanePlan {
  readonly axes: readonly [PlaneAxis, PlaneAxis];
  /** (size,) each, of length `norm` */
  readonly directions: readonly [Float64Array, Float64Array];
  /** of the angle between them */
  readonly cosine: number;
  /** coordinates, ascending */
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly trajectory?: readonly PlanePoint[];
}

/**
 * Chooses the directions, the grid and where a trajectory stands in it.
 *
 * @param params (size,) weights at the centre
 * @param examples that the Hessian is taken over
 * @throws ArgumentError for directions that are zero or parallel, a trajectory that spans no plane, options out of range
 * Cost: none to speak of for random directions; some 10 to 40 Hessian-vector products for eigenvectors
 */
export async function planPlane(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  { axes = 'filter', seed = 0, others = 'fixed', size = 51, extent, trajectory, ...rest }: PlaneOptions = {},
): Promise<PlanePlan> {
  const { loss = { kind: 'softmax-cross-entropy' }, signal, onProgress, ...unknown } = rest;
  requireNoOthers('planPlane', unknown, 'PlaneOptions');
  requireWeights('planPlane', 'params', network, params, 'float64');
  requireSeed('planPlane', seed);
  requireOneOf('planPlane', 'others', others, ['fixed', 'normalised']);
  requireInteger('planPlane', 'size', size, 2);
  if (extent !== undefined) requirePositive('planPlane', 'extent', extent);
  if (trajectory !== undefined) requireTrajectory(network, trajectory);
  const watched = { ...(signal && { signal }), ...(onProgress && { onProgress }) };
  const chosen = await chooseAxes(network, params, examples, { axes, seed, others, trajectory, loss, ...watched });
  const { directions } = chosen;
  const norms = directions.map(norm);
  norms.forEach((length, i) => {
    if (length === 0) refuse('planPlane', `axis ${i + 1} has length 0: all that it would change is zero`);
  });
  const units = directions.map((direction, i) => direction.map((x) => x / norms[i]));
  const cosine = dot(units[0], units[1]);
  if (!(Math.abs(cosine) < 1 - 1e-9)) refuse('planPlane', `axes must not be parallel, got cosine ${cosine}`);
  const points = trajectory && footpoints(trajectory, params, directions);
  const coordinates = (axis: 0 | 1): readonly number[] => {
    const seen = (points ?? []).map(({ x, y }) => Math.abs([x, y][axis]));
    return grid(size, extent ?? Math.max(chosen.extents[axis], 1.1 * Math.max(0, ...seen)));
  };
  return {
    axes: [
      { ...chosen.axes[0], norm: norms[0] },
      { ...chosen.axes[1], norm: norms[1] },
    ],
    directions,
    cosine,
    xs: coordinates(0),
    ys: coordinates(1),
    ...(points && { trajectory: points }),
  };
}

/** Symmetric to the bit, with 0 in the middle of an odd number. */
function grid(size: number, extent: number): readonly number[] {
  return Array.from({ length: size }, (_, i) => (extent * (2 * i - (size - 1))) / (size - 1));
}

function requireTrajectory(network: Network, { steps, records }: PlaneTrajectory): void {
  if (steps.length !== records.length)
    refuse('planPlane', `trajectory must have a step for each record, got ${steps.length} and ${records.length}`);
  for (const [t, record] of records.entries())
    requireFiniteEntries('planPlane', `trajectory.records[${t}]`, record, network.size);
}

interface Chosen {
  readonly axes: readonly [Omit<PlaneAxis, 'norm'>, Omit<PlaneAxis, 'norm'>];
  readonly directions: readonly [Float64Array, Float64Array];
  readonly extents: readonly [number, number];
}

type Choice = Required<Pick<PlaneOptions, 'axes' | 'seed' | 'others' | 'loss'>> &
  Pick<PlaneOptions, 'signal' | 'onProgress'> & { readonly trajectory: PlaneTrajectory | undefined };

async function chooseAxes(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  choice: Choice,
): Promise<Chosen> {
  const { axes, seed, others, trajectory } = choice;
  if (typeof axes !== 'string') return givenAxes(network, axes);
  requireOneOf('planPlane', 'axes', axes, ['filter', 'hessian', 'hessian-ends', 'trajectory']);
  if (axes === 'filter') {
    const direction = (axis: number): Float64Array => filterNormalised(network, params, { seed, axis, others });
    const kind = { kind: 'filter-normalised', seed } as const;
    return { axes: [kind, kind], directions: [direction(0), direction(1)], extents: [1, 1] };
  }
  if (axes === 'trajectory') {
    if (trajectory === undefined)
      refuse('planPlane', "axes 'trajectory' need a trajectory: give its steps and records");
    const { directions, shares } = trajectoryAxes('planPlane', trajectory.records, params);
    const axis = (share: number) => ({ kind: 'trajectory', share }) as const;
    return { axes: [axis(shares[0]), axis(shares[1])], directions, extents: [0, 0] };
  }
  return hessianAxes(network, params, examples, choice);
}

function givenAxes(network: Network, axes: readonly [FloatArray, FloatArray]): Chosen {
  if (axes.length !== 2) refuse('planPlane', `axes must be two directions, got ${axes.length as number}`);
  axes.forEach((axis, i) => requireFiniteEntries('planPlane', `axes[${i}]`, axis, network.size));
  const given = { kind: 'given' } as const;
  return {
    axes: [given, given],
    directions: [Float64Array.from(axes[0]), Float64Array.from(axes[1])],
    extents: [1, 1],
  };
}

async function hessianAxes(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  { axes, seed, loss, signal, onProgress }: Choice,
): Promise<Chosen> {
  if (network.size < 2) refuse('planPlane', `a plane needs two weights, ${network.name} has ${network.size}`);
  const which = axes === 'hessian' ? 'LA' : 'BE';
  const dtype = params.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32';
  const found = await networkSpectrum(network, params, examples, {
    count: 2,
    which,
    vectors: true,
    tol: 1e-4,
    seed,
    loss,
    dtype,
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
  throwIfAborted('planPlane', signal);
  const { values, residualNorms, vectors, loss: centre } = found;
  if (values.length < 2) refuse('planPlane', `the search for eigenvectors of the Hessian ended early: ${found.reason}`);
  const { size } = network;
  const of = (i: number) => ({
    axis: { kind: 'hessian', seed, eigenvalue: values[i], residualNorm: residualNorms[i] } as const,
    direction: towardsLargest(Float64Array.from(vectors!.subarray(i * size, (i + 1) * size))),
    extent: values[i] === 0 ? 1 : Math.sqrt((2 * Math.max(1, centre)) / Math.abs(values[i])),
  });
  const [first, second] = [of(0), of(1)];
  return {
    axes: [first.axis, second.axis],
    directions: [first.direction, second.direction],
    extents: [first.extent, second.extent],
  };
}
