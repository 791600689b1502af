import { refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { unflatten, type Network } from '@hyperribbon/nn';
import type { PriorRecord } from '../../certificate/certificate.js';
import type { ScaleGrid } from '../../theorems/penalties.js';

/** One free variance of a prior, a member of a grid λ_j = c e^{−j/b}, j = 1, 2, … once the bound is computed. */
export interface PriorScale {
  readonly name: string;
  readonly grid: ScaleGrid;
  /** variance where the optimisation starts */
  readonly start: number;
  /** the variance stays `start`, chosen before the data were seen: then nothing is paid for it */
  readonly fixed?: boolean;
}

/** Prior variances of some coordinates, such as one array of weights: λ_flat + λ_shaped · rows_i · columns_j. */
export interface PriorTensor {
  /** index into `scales` of the variance that all entries share */
  readonly flat: number;
  /** a known positive pattern with a variance of its own */
  readonly shaped?: { readonly scale: number; readonly rows?: Float64Array; readonly columns: Float64Array };
}

/**
 * A family of Gaussian priors: a fixed mean and variances that are known up to a few scales. The scales may be chosen after
 * seeing the data, since the bound pays for a union over their grids.
 *
 * Mean and pattern must not depend on the examples of the bound, and neither may directions: N(mean, λ I), which knows none, goes with any.
 */
export interface PriorFamily {
  readonly network: Network;
  /** (size,), in the posterior's coordinates */
  readonly mean: FloatArray;
  /** which variances share a scale, so that a certificate can say how the deviations follow from the scales */
  readonly shape?: NonNullable<PriorRecord['shape']>;
  readonly scales: readonly PriorScale[];
  /** one for each of the network's parameters, in order; with `directions` two, along those and in all others */
  readonly tensors: readonly PriorTensor[];
  /** the coordinates are k directions and all others, as of subspace posteriors */
  readonly directions?: true;
  /** one for each of the network's parameters, where an isotropic prior was turned into a basis: see `turnPrior` */
  readonly turned?: readonly TurnedTensor[];
}

/** How far the coordinates of one array of weights are from those of an exactly orthonormal basis. */
export interface TurnedTensor {
  /** η ≥ |TᵀT − I|, T the map from coordinates to weights */
  readonly defect: number;
  /** at least |T c − w|, w the prior's mean in the weights and c its coordinates */
  readonly shift: number;
}

/** N(mean, λ I): it is the same in every basis. */
export function isSpherical({ tensors }: PriorFamily): boolean {
  return tensors.every(({ flat, shaped }) => flat === tensors[0].flat && shaped === undefined);
}

/**
 * Deviations of the member of the family with these variances.
 *
 * @param k for a subspace posterior of k directions
 * @returns (size,), or (k + 1,): along the directions, and in all others
 */
export function priorStd(prior: PriorFamily, variances: readonly number[], k?: number): Float64Array {
  const { network } = prior;
  if (k !== undefined) return directionVariances(directionTensors('priorStd', prior, k), variances).map(Math.sqrt);
  const out = new Float64Array(network.size);
  const views = unflatten(network, out);
  parameterTensors('priorStd', prior).forEach((tensor, i) =>
    fillPriorVariance(tensor, variances, views[network.parameters[i].name]),
  );
  return out.map(Math.sqrt);
}

/** Variances of the coordinates of one tensor. */
export function fillPriorVariance(
  { flat, shaped }: PriorTensor,
  variances: ArrayLike<number>,
  out: Float64Array,
): Float64Array {
  if (shaped === undefined) return out.fill(variances[flat]);
  const columns = shaped.columns.length;
  for (let i = 0; i < out.length / columns; i++) {
    const factor = variances[shaped.scale] * (shaped.rows?.[i] ?? 1);
    for (let j = 0; j < columns; j++) out[i * columns + j] = variances[flat] + factor * shaped.columns[j];
  }
  return out;
}

/** One for each parameter of the network. @throws RangeError for a prior along directions */
export function parameterTensors(caller: string, { tensors, directions }: PriorFamily): readonly PriorTensor[] {
  if (directions) refuse(caller, 'a prior along directions goes with subspace posteriors only');
  return tensors;
}

/** A prior as k directions and all others see it. */
export interface DirectionTensors {
  readonly along: PriorTensor;
  /** (k,) ≥ 0, of `along.shaped` */
  readonly pattern?: Float64Array | undefined;
  readonly k: number;
  readonly others: PriorTensor;
}

/** @throws RangeError for a prior that is neither spherical nor along k directions */
export function directionTensors(caller: string, prior: PriorFamily, k: number): DirectionTensors {
  const { scales, tensors } = prior;
  const [along, others] = prior.directions ? tensors : [tensors[0], tensors[0]];
  if (!prior.directions && !isSpherical(prior)) {
    refuse(caller, 'the prior of a subspace posterior must be N(mean, λ I), or along its directions');
  }
  for (const index of [along.flat, others.flat, along.shaped?.scale ?? along.flat]) {
    if (scales[index] === undefined) refuse(caller, `prior has ${scales.length} scales, got one numbered ${index}`);
  }
  const pattern = along.shaped?.columns;
  if (pattern !== undefined && (pattern.length !== k || !pattern.every((v) => v >= 0 && v < Infinity))) {
    refuse(caller, `the prior's pattern must be ${k} numbers ≥ 0, got length ${pattern.length}`);
  }
  return { along, pattern, k, others };
}

/** Variances (k + 1,) of the member of the family with these scales, the last one in all other directions. */
export function directionVariances(
  { along, others, k }: DirectionTensors,
  scales: ArrayLike<number>,
  out: Float64Array = new Float64Array(k + 1),
): Float64Array {
  fillPriorVariance(along, scales, out.subarray(0, k));
  out[k] = scales[others.flat];
  return out;
}
