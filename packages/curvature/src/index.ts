export type {
  CurvatureInfo,
  CurvatureKind,
  CurvatureOperator,
  ShardedCurvatureOperator,
} from './operators/curvatureOperator.js';
export type { CurvatureOptions, NoWorkers, WorkerOptions } from './curvatureOptions.js';
export { WorkerError, type WorkerFailure } from '@hyperribbon/contract/threads';

export { hessian } from './operators/hessian.js';
export { gaussNewton } from './operators/gaussNewton.js';
export { type FisherOptions, fisher } from './operators/fisher.js';
export { type BlockOperator, blockOperators } from './operators/blockOperators.js';
export { type LogitJacobianOptions, logitJacobian } from './operators/logitJacobian.js';

export { type ExampleJacobian, type ExampleJacobianOptions, exampleJacobian } from './layers/exampleJacobian.js';
export { type ExampleGradients, exampleGradientNorms, exampleGradients } from './layers/exampleGradients.js';
export { type InputJacobian, type InputJacobianOptions, inputJacobian } from './inputs/inputJacobian.js';
export { type GramOptions, gramMatrix } from './layers/gramMatrix.js';
export type { GramProgress } from './layers/gramInSteps.js';
export { type LogitGramOptions, logitGramInSteps } from './layers/logitGram.js';
export { type CurvatureCost, curvatureCost } from './operators/curvatureCost.js';

export { drawLabels } from './operators/drawLabels.js';
export { type KroneckerFactor, type KroneckerOptions, kroneckerFactors } from './layers/kroneckerFactors.js';

export { subspaceOverlap } from './alignment/subspaceOverlap.js';
export { type DisplacementFractions, displacementFractions } from './alignment/displacementFractions.js';
export { type GramEigenpairs, primalDirections } from './alignment/primalDirections.js';
export { type LayerCorrelation, type LayerCorrelationOptions, layerCorrelations } from './layers/layerCorrelations.js';
