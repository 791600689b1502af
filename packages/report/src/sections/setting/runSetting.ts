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
  type Decoder,
  type Optional,
} from '@hyperribbon/contract/decode';

/** What a run saw. */
export interface DataSetting {
  readonly dataset: string;
  /** "binary: digits 0-4 against 5-9", "10 classes". */
  readonly task: string;
  readonly trainCount: number;
  readonly testCount: number;
  readonly features: number;
  readonly classes: number;
}

export const dataShape: { readonly [K in keyof DataSetting]: Decoder<DataSetting[K]> } = {
  dataset: text,
  task: text,
  trainCount: count,
  testCount: count,
  features: count,
  classes: count,
};

/** How long a run took. */
export interface RunTimes {
  /** Wall-clock time of the whole run; steps overlap, so their times may add up to more. */
  readonly seconds?: number;
  readonly timings?: readonly StepTime[];
}

export interface StepTime {
  readonly step: string;
  readonly seconds: number;
}

export const timeShape: { readonly seconds: Optional<number>; readonly timings: Optional<readonly StepTime[]> } = {
  seconds: maybe(notNegative),
  timings: maybe(arrayOf(object({ step: text, seconds: notNegative }))),
};

/** Which kernels ran: { flavour: "fast", engine: "wasm" }. */
export interface RunKernels {
  readonly flavour: string;
  readonly engine: string;
}

export const kernelsShape: Decoder<RunKernels> = object({ flavour: text, engine: text });

/** Anything else worth keeping: command line, optimiser, schedule. */
export type RunOptions = Readonly<Record<string, string | number | boolean>>;

export const optionsShape: Decoder<RunOptions> = recordOf(either(text, either(finite, flag)));
