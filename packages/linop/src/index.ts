export type { LinearOperator } from './linearOperator.js';
