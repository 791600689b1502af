/** Programs made from programs: derivatives, transposes and batches of functions that were traced, and their text. */
export { jvpProgram, type WithRespectTo } from './transforms/jvp.js';
export { type Linearized, type Residual, linearizeProgram } from './transforms/linearize.js';
export { transposeProgram } from './transforms/transposeProgram.js';
export { vjpProgram } from './transforms/vjp.js';
export { vmapProgram } from './transforms/vmap.js';
export { print } from './print.js';
