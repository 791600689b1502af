export { estimateTrace } from './trace/estimateTrace.js';
export type { TraceOptions } from './trace/estimateTrace.js';
export { estimateEffectiveDimension, eigenvalueCount, logdet } from './trace/spectralSums.js';
export { estimateDiagonal } from './trace/estimateDiagonal.js';
export type { DiagonalOptions } from './trace/estimateDiagonal.js';
export { schattenNorm } from './trace/schattenNorm.js';
export { matrixFunction } from './trace/matrixFunction.js';
export type { MatrixFunctionOptions } from './trace/matrixFunction.js';
