export { eigshGeneralised } from './generalised/eigshGeneralised.js';
export type { EigshGeneralisedOptions } from './generalised/generalisedOptions.js';
export type { GeneralisedReason, GeneralisedReport } from './generalised/generalisedReport.js';
export type { Metric, MetricDiagonal, MetricMatrix, MetricProducts } from './generalised/metric.js';
export { diagonal, fromDense, fromMatvec } from '@hyperribbon/linop';
export type { LinearOperator, Matvec } from '@hyperribbon/linop';
