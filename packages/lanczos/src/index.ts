export { eigsh, estimateEigsh } from './eigsh/eigsh.js';
export { CheckpointError } from './eigsh/checkpoint.js';
export type { EigshOptions, EigshProgress } from './eigsh/eigsh.js';
export type { Completeness, EigenReport } from './eigsh/eigenReport.js';
export { reasonText } from './eigsh/reasons.js';
export type { Reason } from './eigsh/reasons.js';
export type { Which } from './eigsh/which.js';
export { AbortError } from './eigsh/abortError.js';

export { KrylovFactorization } from './factorization/krylovFactorization.js';
export type { FactorizationOptions } from './factorization/krylovFactorization.js';
export { ritzPairs } from './factorization/ritz.js';
export type { Ritz } from './factorization/ritz.js';

export { eigh, eigvalsh } from './dense/eigh.js';
export { tridiagonalEigen } from './dense/tridiagonalEigen.js';
export type { Eigen, EigenOptions } from './dense/tridiagonalEigen.js';

export { spectralDensity } from './density/spectralDensity.js';
export type { DensityReport, ProbeDistribution, SpectralDensityOptions } from './density/spectralDensity.js';
export type { DensityCurve, DensityOptions } from './density/densityCurve.js';
export type { CumulativeCurve } from './density/cumulative.js';
export type { Estimate } from './density/estimate.js';
export type { Quadrature } from './density/gaussQuadrature.js';
export { gaussQuadrature } from './density/gaussQuadrature.js';
export type { Probe } from './density/lanczosProbe.js';
export { DomainError } from './density/domainError.js';

export { trace } from './trace/trace.js';
export type { TraceOptions } from './trace/trace.js';
export { effectiveDimension, eigenvalueCount, logdet } from './trace/spectralSums.js';
export { estimateDiagonal } from './trace/diagonalEstimate.js';
export type { DiagonalEstimate } from './trace/diagonalEstimate.js';
export { matrixFunction } from './trace/matrixFunction.js';
