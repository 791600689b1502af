import * as is from '@hyperribbon/contract/decode';

/** What a study saw, and what it ran on. */
export const setting = is.object({
  dataset: is.text,
  /** "binary: digits 0-4 against 5-9", "10 classes" */
  task: is.text,
  /** of data; left out where a study is of none */
  trainCount: is.maybe(is.count),
  testCount: is.maybe(is.count),
  features: is.maybe(is.count),
  classes: is.maybe(is.count),
  /** "784-600-600-2, tanh"; left out where a study is of many networks */
  architecture: is.maybe(is.text),
  parameters: is.maybe(is.count),
  loss: is.maybe(is.text),
  /** left out where nothing is drawn */
  seed: is.maybe(is.count),
  /** "float32", "float32 in training, float64 in maps" */
  numbers: is.maybe(is.text),
  deterministic: is.maybe(is.flag),
  /** { flavour: "fast", engine: "wasm" } */
  kernels: is.maybe(is.object({ flavour: is.text, engine: is.text })),
  /** "node 22.12.0, linux x64, 2 workers" */
  runtime: is.maybe(is.text),
  versions: is.maybe(is.recordOf(is.text)),
  /** wall-clock time of the whole run; steps overlap, so their times may add up to more */
  seconds: is.maybe(is.notNegative),
  timings: is.maybe(is.arrayOf(is.object({ step: is.text, seconds: is.notNegative }))),
  /** anything else worth keeping: command line, optimizer, schedule */
  options: is.maybe(is.recordOf(is.either(is.text, is.either(is.finite, is.flag)))),
});
/** What a study saw, and what it ran on. */
export type Setting = is.DecodedBy<typeof setting>;
