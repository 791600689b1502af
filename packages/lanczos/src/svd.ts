export { svd } from './svd/svd.js';
export type { Svd, SvdOptions } from './svd/svd.js';
export { svds } from './svd/svds.js';
export type { SingularReport, SvdsOptions } from './svd/svds.js';
export { jacobiRows } from './svd/jacobi.js';
export { fromDenseRectangular, fromMatvecs } from '@hyperribbon/linop';
export type { RectangularOperator } from '@hyperribbon/linop';
