import type { FloatArray } from '@hyperribbon/kernels';
import type { Network } from '@hyperribbon/nn';
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

/** Prior variances of one array of weights: λ_flat + λ_shaped · rows_i · columns_j. */
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
 * Mean and pattern must not depend on the examples of the bound.
 */
export interface PriorFamily {
  readonly network: Network;
  /** (size,), in the posterior's coordinates */
  readonly mean: FloatArray;
  readonly scales: readonly PriorScale[];
  /** one for each of the network's parameters, in order */
  readonly tensors: readonly PriorTensor[];
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
