export { AbortError, orAborted, throwIfAborted } from './abortError.js';
export { ArgumentError, ArgumentTypeError, isArgumentError, sentenceOf } from './argumentError.js';
export type { AnyExamples, ExampleInputs, Examples, TargetExamples } from './examples.js';
export { type FloatArray, floatArray, isFloatArray, typedArrayName } from './floatArray.js';
export { MemoryLimitError } from './memoryLimitError.js';
export { interval, pacer, yieldToEventLoop } from './pacer.js';
export { type OnProgress, type Progress, secondsLeft } from './progress.js';
export { watch, type WatchOptions } from './watch.js';
export {
  describe,
  refuse,
  refuseType,
  requireBetween,
  requireCounts,
  requireEach,
  requireFinite,
  requireFiniteEntries,
  requireFloatArray,
  requireInteger,
  requireLength,
  requireNonNegative,
  requireNoOthers,
  requireOneOf,
  requireOnly,
  requireOptions,
  requirePositive,
  requireSeed,
  requireWithin,
} from './require.js';
