import type { FloatArray } from '@hyperribbon/kernels';
import type { DescendedBound } from './descendBound.js';
import type { DescentOptions } from './resolveDescent.js';
import type { GaussianPosterior, KroneckerBasis } from '../gaussian/gaussianPosterior.js';
import type { PriorFamily } from '../gaussian/priorFamily.js';
import type { MeanCoordinates } from '../noise/noisyLogits.js';
import type { NoiseKind } from '../noise/noisyForward.js';

export interface OptimizeBoundOptions extends DescentOptions {
  /** coordinates in which prior and posterior are diagonal; default: the weights themselves */
  readonly basis?: KroneckerBasis;
  /**
   * Where the optimiser takes its steps in the means, with a basis: in the `weights`, as in [yang2022], or in the `basis`, where Adam gives every
   * direction the same step. The same posteriors can be reached either way; bounds were lower with `weights`, the default
   * (docs/studies/bound-ordering.md).
   */
  readonly meansIn?: MeanCoordinates;
  /**
   * Method 3 [yang2022]: called before every epoch with the means in the weights' coordinates, gives the basis of the posterior for that
   * epoch; deviations keep their places. It may use the examples, for the prior must be isotropic and its KL does not see the
   * basis. `prior.mean` and `initialMean` are then in the weights' coordinates, and so are the steps; `basis` is not given.
   */
  readonly renewBasis?: (mean: FloatArray, epoch: number) => KroneckerBasis | Promise<KroneckerBasis>;
  readonly noise?: NoiseKind;
}

export interface OptimizedBound<Posterior = GaussianPosterior> extends DescendedBound {
  readonly posterior: Posterior;
  /** the prior in the posterior's coordinates, for `certifyPosterior`: that of the options, or with `renewBasis` the same turned */
  readonly prior: PriorFamily;
}
