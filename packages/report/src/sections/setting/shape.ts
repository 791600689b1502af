import {
  arrayOf,
  count,
  either,
  finite,
  flag,
  maybe,
  notNegative,
  object,
  recordOf,
  text,
  type DecodedBy,
} from '@hyperribbon/contract/decode';

/** What a study saw, and what it ran on. */
export const setting = object({
  dataset: text,
  /** "binary: digits 0-4 against 5-9", "10 classes" */
  task: text,
  trainCount: count,
  testCount: count,
  features: count,
  classes: count,
  /** "784-600-600-2, tanh"; left out where a study is of many networks */
  architecture: maybe(text),
  parameters: maybe(count),
  loss: maybe(text),
  seed: count,
  /** "float32", "float32 in training, float64 in maps" */
  numbers: maybe(text),
  deterministic: maybe(flag),
  /** { flavour: "fast", engine: "wasm" } */
  kernels: maybe(object({ flavour: text, engine: text })),
  /** "node 22.12.0, linux x64, 2 workers" */
  runtime: maybe(text),
  versions: maybe(recordOf(text)),
  /** wall-clock time of the whole run; steps overlap, so their times may add up to more */
  seconds: maybe(notNegative),
  timings: maybe(arrayOf(object({ step: text, seconds: notNegative }))),
  /** anything else worth keeping: command line, optimizer, schedule */
  options: maybe(recordOf(either(text, either(finite, flag)))),
});
/** What a study saw, and what it ran on. */
export type Setting = DecodedBy<typeof setting>;
