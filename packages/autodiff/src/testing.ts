/** For tests of functions and of rules: central differences against both modes, and a slow interpreter as the oracle. */
export { evaluate } from './evaluate/evaluate.js';
export type { ArrayValue } from './evaluate/evaluateFunction.js';
export { evaluateFunction } from './evaluate/evaluateFunction.js';
export type { CheckGradsOptions, GradientCheck, GradientReport } from './checkGrads.js';
export { checkGrads } from './checkGrads.js';
