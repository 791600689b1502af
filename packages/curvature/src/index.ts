export type { CurvatureInfo, CurvatureKind, CurvatureOperator, ShardedCurvatureOperator } from './curvatureOperator.js';
export type { CurvatureOptions, NoWorkers, WorkerOptions } from './curvatureOptions.js';
export { WorkerError, type WorkerFailure } from './workerError.js';

export { hessian } from './hessian.js';
export { gaussNewton } from './gaussNewton.js';
export { type FisherOptions, fisher } from './fisher.js';
export { type LogitJacobianOptions, logitJacobian } from './logitJacobian.js';

export { type ExampleJacobian, type ExampleJacobianOptions, exampleJacobian } from './exampleJacobian.js';
export { type GramOptions, gramMatrix } from './gramMatrix.js';
export { type CurvatureEstimate, estimate } from './estimate.js';

export { drawLabels } from './drawLabels.js';
export { type KroneckerFactor, type KroneckerOptions, kroneckerFactors } from './kroneckerFactors.js';

export { subspaceOverlap } from './alignment/subspaceOverlap.js';
export { type DisplacementFractions, displacementFractions } from './alignment/displacementFractions.js';
export { type GramEigenpairs, primalDirections } from './alignment/primalDirections.js';
export {
  type LayerCorrelation,
  type LayerCorrelationOptions,
  layerCorrelations,
} from './alignment/layerCorrelations.js';
