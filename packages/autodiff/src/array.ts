/** Operations on arrays that few networks need: positions, order, comparisons, whole numbers, sums by letters, loops. */
export { equal, greaterEqual, isNaN, less, lessEqual, logicalNot, notEqual } from './ops/comparisons.js';
export { cumulativeSum } from './ops/cumulative.js';
export { dropout } from './ops/dropout.js';
export { einsum } from './ops/einsum.js';
export { ceil, floor, round } from './ops/rounding.js';
export { argmax, argmin, argsort, sort, type SortOptions, topK } from './ops/sorting.js';
export { oneHot, take, takeAlong } from './ops/take.js';
export { scan } from './transforms/scan.js';
