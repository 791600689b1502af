export { rank } from './rank/rank.js';
export { nullSpace } from './rank/nullSpace.js';
export type { RankOptions } from './rank/rankOptions.js';
export type { Counted, NullSpaceReport, RankReason, RankReport } from './rank/rankReport.js';
export { fromDense, fromDenseRectangular, fromMatvec, fromMatvecs } from '@hyperribbon/linop';
export type { LinearOperator, RectangularOperator } from '@hyperribbon/linop';
