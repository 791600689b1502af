export type { MatrixNorms } from './norms/matrixNorms.js';
