import {
  analysisSchema,
  analysisVersion,
  type Analysis,
  type AnalysisStatus,
  type CurvatureSpectrum,
  type InputSpectrum,
  type Note,
  type SpectralDensity,
} from './analysis.js';
import { dataShape, kernelsShape, optionsShape, timeShape } from './sections/setting/runSetting.js';
import {
  Mismatch,
  arrayOf,
  count,
  finite,
  finiteOrMissing,
  finiteOrNull,
  flag,
  maybe,
  notNegative,
  object,
  oneOf,
  positive,
  recordOf,
  share,
  text,
  type Decoder,
  decode,
} from '@hyperribbon/contract/decode';

const fit = object({ from: count, to: count, slope: finite, intercept: finite, rSquared: finite });

const setting = object({
  ...dataShape,
  architecture: text,
  parameters: count,
  loss: maybe(text),
  seed: count,
  dtype: oneOf('float32', 'float64'),
  deterministic: maybe(flag),
  kernels: maybe(kernelsShape),
  runtime: maybe(text),
  versions: maybe(recordOf(text)),
  ...timeShape,
  options: maybe(optionsShape),
});

const epoch = object({
  epoch: notNegative,
  trainLoss: maybe(finiteOrMissing),
  trainError: maybe(share),
  testLoss: maybe(finiteOrMissing),
  testError: maybe(share),
  learningRate: maybe(finiteOrMissing),
});

const trainingRun = object({
  name: text,
  continues: maybe(text),
  history: arrayOf(epoch),
  final: object({ trainLoss: finiteOrNull, trainError: share, testLoss: finiteOrNull, testError: share }),
  norms: maybe(object({ initial: notNegative, final: notNegative, displacement: notNegative })),
});

export const inputSpectrum: Decoder<InputSpectrum> = object({
  description: text,
  examples: count,
  eigenvalues: arrayOf(finite),
  noiseFloor: notNegative,
  trace: maybe(finite),
  fit: maybe(fit),
});

const densityShape = object({
  x: arrayOf(finite),
  density: arrayOf(finite),
  lower: maybe(arrayOf(finite)),
  upper: maybe(arrayOf(finite)),
  level: maybe(share),
  steps: count,
  probes: count,
  products: count,
  trace: maybe(object({ value: finite, standardError: notNegative })),
});

const density: Decoder<SpectralDensity> = (value, path) => {
  const found = densityShape(value, path);
  sameLength(found.density, found.x, `${path}.density`);
  if (found.lower) sameLength(found.lower, found.x, `${path}.lower`);
  if (found.upper) sameLength(found.upper, found.x, `${path}.upper`);
  return found;
};

const curvatureShape = object({
  id: text,
  label: text,
  at: text,
  examples: count,
  dimension: count,
  eigenvalues: arrayOf(finite),
  residualNorms: arrayOf(notNegative),
  noiseFloor: notNegative,
  converged: flag,
  reason: text,
  products: count,
  orthogonality: maybe(notNegative),
  seconds: maybe(notNegative),
  fit: maybe(fit),
  density: maybe(density),
});

const curvature: Decoder<CurvatureSpectrum> = (value, path) => {
  const found = curvatureShape(value, path);
  sameLength(found.residualNorms, found.eigenvalues, `${path}.residualNorms`);
  return found;
};

function sameLength(list: readonly number[], other: readonly number[], path: string): void {
  if (list.length !== other.length) throw new Mismatch(path, `an array of ${other.length}`, list);
}

const effectiveDimension = object({
  spectrum: text,
  hard: count,
  soft: notNegative,
  threshold: notNegative,
  thresholdFrom: text,
  parameters: count,
  lowerBound: flag,
});

const monteCarlo = object({
  mean: share,
  draws: count,
  method: oneOf('kl-inverse', 'chernoff', 'binomial'),
  delta: share,
  upper: share,
});

const klParts = {
  kl: notNegative,
  klCovariance: notNegative,
  klDisplacement: notNegative,
  penalty: finite,
  complexity: notNegative,
};

const candidate = object({
  j: count,
  precision: positive,
  ...klParts,
  gap: notNegative,
  expectedExcess: maybe(finite),
  effectiveDimension: object({ hard: count, soft: notNegative, threshold: notNegative, lowerBound: maybe(flag) }),
  monteCarlo: maybe(monteCarlo),
  plugIn: maybe(notNegative),
  corrected: maybe(notNegative),
  mcAllester: maybe(notNegative),
  confidence: maybe(share),
});

const best = object({
  j: count,
  precision: positive,
  value: notNegative,
  vacuous: flag,
  certified: flag,
  confidence: share,
  mcAllester: notNegative,
  plugIn: notNegative,
  ...klParts,
  monteCarlo,
});

const bound = object({
  theorem: text,
  source: text,
  n: count,
  dimension: count,
  delta: share,
  deltaMonteCarlo: share,
  convention: text,
  penaltyForm: maybe(text),
  grid: object({ b: positive, c: positive, first: count, last: count }),
  selection: text,
  candidates: arrayOf(candidate),
  best: maybe(best),
  deltas: arrayOf(object({ purpose: text, delta: share })),
  assumptions: arrayOf(text),
  caveats: arrayOf(text),
  posteriorTest: maybe(object({ mean: share, draws: count })),
});

export const statusShape: Decoder<AnalysisStatus> = object({
  complete: flag,
  missing: arrayOf(text),
  reason: maybe(text),
});

export const noteList: Decoder<readonly Note[]> = arrayOf(
  object({ title: text, text, kind: maybe(oneOf('explanation', 'reconstruction', 'warning')) }),
);

const analysis: Decoder<Analysis> = object({
  schema: oneOf(analysisSchema),
  version: oneOf(analysisVersion),
  title: maybe(text),
  created: maybe(text),
  status: statusShape,
  setting: maybe(setting),
  training: maybe(arrayOf(trainingRun)),
  inputSpectrum: maybe(inputSpectrum),
  curvature: maybe(arrayOf(curvature)),
  effectiveDimension: maybe(arrayOf(effectiveDimension)),
  bound: maybe(bound),
  notes: maybe(noteList),
});

/**
 * Reads a report.json, believing nothing: schema and version, every property's type and range, lengths that belong together.
 * Unknown properties are dropped, so that a newer writer of the same version does no harm.
 * @param json text of the file, or the value JSON.parse gave
 * @returns a fresh record that `renderReport` can draw
 * @throws RecordFormatError whose `path` says where the file is wrong
 * @example parseAnalysis('{"schema":"hyperribbon/analysis","version":1,"status":{"complete":true,"missing":[]}}')
 */
export function parseAnalysis(json: unknown): Analysis {
  return decode('parseAnalysis', analysis, json);
}
