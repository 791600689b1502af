/** Operations on arrays that few networks need: positions, order, comparisons, whole numbers, sums by letters, loops. */
export { equal, greaterEqual, isNaN, less, lessEqual, logicalNot, notEqual } from './ops/comparisons.js';
export { flip, strided, tile, tril, triu } from './ops/arrays/arranging.js';
export { clip, fmod, remainder, trunc } from './ops/arrays/piecewise.js';
export { type NormOptions, norm, product, variance, type VarianceOptions } from './ops/arrays/statistics.js';
export { acos, acosh, asin, atanh, cosh, sinh, tan } from './ops/arrays/trigonometry.js';
export { type CumulativeOptions, cumulativeSum } from './ops/cumulative.js';
export { dropout } from './ops/dropout.js';
export { einsum } from './ops/einsum.js';
export { ceil, floor, round } from './ops/rounding.js';
export { argmax, argmin, argsort, sort, type SortOptions, topK } from './ops/sorting.js';
export { oneHot, scatterAdd, take, takeAlong } from './ops/take.js';
export { scan } from './transforms/scan.js';
