export { lobpcg } from './solve/lobpcg.js';
export type { LobpcgDetail, LobpcgOptions } from './solve/lobpcgOptions.js';
export { type LobpcgReason, lobpcgReasons, type LobpcgReport } from './solve/lobpcgReport.js';
export { diagonal, fromDense, fromMatvec } from '@hyperribbon/linop';
export type { LinearOperator } from '@hyperribbon/linop';
