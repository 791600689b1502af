import { inputSpectrum, noteList, statusShape } from '../parseAnalysis.js';
import { dataShape, kernelsShape, optionsShape, timeShape } from '../sections/setting/runSetting.js';
import {
  Mismatch,
  arrayOf,
  count,
  finite,
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
import { ribbonSchema, ribbonVersion, type InpcaMap, type RibbonStudy, type WidthsSection } from './ribbonStudy.js';

const setting = object({
  ...dataShape,
  seed: count,
  deterministic: flag,
  kernels: kernelsShape,
  runtime: text,
  versions: recordOf(text),
  ...timeShape,
  options: optionsShape,
});

const phaseShape = object({
  steps: count,
  relativeStep: positive,
  decays: arrayOf(positive),
  scaleRatios: arrayOf(positive),
  explained3: arrayOf(share),
  boundaries: arrayOf(
    object({
      label: text,
      kind: oneOf('exact', 'scaling'),
      points: arrayOf(object({ decay: positive, scaleRatio: positive })),
    }),
  ),
  point: maybe(
    object({
      decay: positive,
      scaleRatio: positive,
      window: object({ from: count, to: count }),
      rSquared: finite,
      explained3: share,
      explained3OfFit: maybe(share),
      participationRatio: notNegative,
      targetDirections: maybe(finite),
      learnedDirections: maybe(count),
    }),
  ),
  reached: maybe(
    object({
      decay: positive,
      scaleRatio: positive,
      window: object({ from: count, to: count }),
      rSquared: finite,
      explained3OfFit: share,
    }),
  ),
});

const phase: Decoder<ReturnType<typeof phaseShape>> = (value, path) => {
  const found = phaseShape(value, path);
  const cells = found.decays.length * found.scaleRatios.length;
  if (found.explained3.length !== cells) throw new Mismatch(`${path}.explained3`, `${cells} numbers`, found.explained3);
  return found;
};

const widthsShape = object({
  examples: count,
  steps: count,
  relativeStep: positive,
  runs: count,
  initialScale: notNegative,
  target: text,
  seed: count,
  predicted: arrayOf(notNegative),
  initialisation: arrayOf(notNegative),
  fromTarget: arrayOf(notNegative),
  measured: arrayOf(notNegative),
  standardErrors: arrayOf(notNegative),
  largestError: notNegative,
  largestErrorInStandardErrors: notNegative,
  explained3: object({ predicted: share, measured: share }),
});

const widths: Decoder<WidthsSection> = (value, path) => {
  const found = widthsShape(value, path);
  for (const key of ['initialisation', 'fromTarget', 'measured', 'standardErrors'] as const)
    if (found[key].length !== found.predicted.length)
      throw new Mismatch(`${path}.${key}`, `${found.predicted.length} numbers, as many as predicted`, found[key]);
  return found;
};

const ensemble = object({
  trainExamples: count,
  epochs: count,
  seeds: arrayOf(count),
  samples: object({ train: count, test: count }),
  inputScale: positive,
  checkpointEpochs: arrayOf(notNegative),
  runs: arrayOf(
    object({
      configuration: text,
      family: oneOf('linear', 'nonlinear'),
      architecture: text,
      group: text,
      training: text,
      seed: count,
      reason: oneOf('finished', 'non-finite-loss'),
      checkpoints: count,
      final: object({ trainLoss: finite, trainError: share, testLoss: finite, testError: share }),
    }),
  ),
});

const mapShape = object({
  madeFrom: oneOf('all', 'linear'),
  eigenvalues: arrayOf(finite),
  runs: arrayOf(object({ run: count, coordinates: arrayOf(finite) })),
  ignorance: maybe(arrayOf(finite)),
  truth: maybe(arrayOf(finite)),
});

const map: Decoder<InpcaMap> = (value, path) => {
  const found = mapShape(value, path);
  found.runs.forEach(({ coordinates }, i) => {
    if (coordinates.length % 3 !== 0)
      throw new Mismatch(`${path}.runs[${i}].coordinates`, 'three numbers per checkpoint', coordinates);
  });
  for (const key of ['ignorance', 'truth'] as const)
    if (found[key] !== undefined && found[key].length !== 3)
      throw new Mismatch(`${path}.${key}`, 'three numbers', found[key]);
  return found;
};

/** Stress of embedded points may be negative: worse than a map that puts all of them on one place. */
const stressValue: Decoder<number> = (value, path) => {
  const found = finite(value, path);
  if (found > 1 + 1e-9) throw new Mismatch(path, 'at most 1', value);
  return found;
};

const progressShape = object({ run: count, epochs: arrayOf(notNegative), values: arrayOf(share) });

const progress: Decoder<ReturnType<typeof progressShape>> = (value, path) => {
  const found = progressShape(value, path);
  if (found.values.length !== found.epochs.length)
    throw new Mismatch(`${path}.values`, `${found.epochs.length} numbers, as many as epochs`, found.values);
  return found;
};

const maps = arrayOf(
  object({
    samples: oneOf('train', 'test'),
    sampleCount: count,
    models: count,
    disjoint: count,
    maps: arrayOf(map),
    stress: arrayOf(
      object({
        id: oneOf('all', 'nonlinear', 'linear', 'all-in-linear', 'nonlinear-in-linear'),
        label: text,
        values: arrayOf(stressValue),
      }),
    ),
    progress: maybe(arrayOf(progress)),
    statement: maybe(
      object({
        dimensions: count,
        perSeed: arrayOf(object({ seed: count, inLinear: stressValue, own: stressValue })),
        mean: stressValue,
        deviation: notNegative,
        ownMean: stressValue,
        ratio: finite,
        ratioDeviation: notNegative,
      }),
    ),
  }),
);

const study: Decoder<RibbonStudy> = object({
  schema: oneOf(ribbonSchema),
  version: oneOf(ribbonVersion),
  title: maybe(text),
  created: maybe(text),
  status: statusShape,
  setting: maybe(setting),
  inputSpectrum: maybe(inputSpectrum),
  phase: maybe(phase),
  widths: maybe(widths),
  ensemble: maybe(ensemble),
  maps: maybe(maps),
  notes: maybe(noteList),
});

/**
 * Reads a ribbon.json, believing nothing: schema and version, every property's type and range, lengths that belong together.
 * Unknown properties are dropped.
 * @param json text of the file, or the value JSON.parse gave
 * @returns a fresh record that `renderRibbon` can draw
 * @throws RecordFormatError whose `path` says where the file is wrong
 * @example parseRibbon('{"schema":"hyperribbon/ribbon","version":1,"status":{"complete":true,"missing":[]}}')
 */
export function parseRibbon(json: unknown): RibbonStudy {
  return decode('parseRibbon', checkedStudy, json);
}

const checkedStudy: Decoder<RibbonStudy> = (value, path) => {
  const found = study(value, path);
  const known = found.ensemble?.runs.length ?? 0;
  const check = (run: number, path: string): void => {
    if (run >= known) throw new Mismatch(path, 'the index of a run of the ensemble', run);
  };
  found.maps?.forEach(({ maps, progress = [] }, i) => {
    maps.forEach(({ runs }, j) => runs.forEach(({ run }, k) => check(run, `maps[${i}].maps[${j}].runs[${k}].run`)));
    progress.forEach(({ run }, k) => check(run, `maps[${i}].progress[${k}].run`));
  });
  return found;
};
