export { eigshTime } from './eigsh/eigshTime.js';
export type { EigshTime, EigshTimeOptions } from './eigsh/eigshTime.js';
export { diagonal, fromDense, fromMatvec } from '@hyperribbon/linop';
export type { LinearOperator, Matvec } from '@hyperribbon/linop';
