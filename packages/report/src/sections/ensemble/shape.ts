import {
  Mismatch,
  arrayOf,
  checked,
  count,
  finite,
  flag,
  maybe,
  notNegative,
  numberThat,
  object,
  oneOf,
  positive,
  requireSameLength,
  share,
  text,
  type DecodedBy,
} from '@hyperribbon/contract/decode';

const run = object({
  /** "relu-adam" */
  configuration: text,
  family: oneOf('linear', 'nonlinear'),
  /** "mlp:relu:784,96,48,10" */
  architecture: text,
  /** what runs with the same colour have in common: "softmax regression", "ReLU, 96-48" */
  group: text,
  /** "Adam, rate 0.001 → 0.0001, batches of 100, start × 2" */
  training: text,
  seed: count,
  /** the loss became infinite: the run ends at its last finite checkpoint, and no map shows it */
  diverged: flag,
  checkpoints: count,
  final: object({ trainLoss: finite, trainError: share, testLoss: finite, testError: share }),
});
/** One training run of an ensemble. */
export type EnsembleRun = DecodedBy<typeof run>;

const threeNumbers = checked(arrayOf(finite), (list, path) => {
  if (list.length !== 3) throw new Mismatch(path, 'three numbers', list);
});

const inpcaMap = object({
  /** all: made from every model; linear: made from the linear ones, all others embedded */
  madeFrom: oneOf('all', 'linear'),
  /** signed, by magnitude: positive ones belong to real coordinates, negative ones to imaginary coordinates */
  eigenvalues: arrayOf(finite),
  /** per run of the ensemble (checkpoints, 3) row-major: the first three coordinates */
  runs: arrayOf(
    object({
      run: count,
      coordinates: checked(arrayOf(finite), (list, path) => {
        if (list.length % 3 !== 0) throw new Mismatch(path, 'three numbers per checkpoint', list);
      }),
    }),
  ),
  /** where total ignorance (all classes alike) and the truth are embedded */
  ignorance: maybe(threeNumbers),
  truth: maybe(threeNumbers),
});
/** Coordinates of checkpoints: their intensive principal components. */
export type InpcaMap = DecodedBy<typeof inpcaMap>;

/** Stress of embedded points may be negative: worse than a map that puts all of them on one place. */
const stressValue = numberThat((x) => x <= 1 + 1e-9, 'at most 1');

const stressCurve = object({
  id: oneOf('all', 'nonlinear', 'linear', 'all-in-linear', 'nonlinear-in-linear'),
  label: text,
  /** explained stress of the first 1, 2, … dimensions */
  values: arrayOf(stressValue),
});
/** Explained stress against the number of dimensions. */
export type StressCurve = DecodedBy<typeof stressCurve>;

/** How far each checkpoint of a run has come on the geodesic from ignorance to truth, and after how many epochs. */
const progress = checked(
  object({ run: count, epochs: arrayOf(notNegative), values: arrayOf(share) }),
  ({ values, epochs }, path) => requireSameLength(values, `${path}.values`, epochs),
);

/** "Linear models explain the nonlinear ones" as numbers, each seed's nonlinear runs in the map of its linear runs. */
const statement = object({
  dimensions: count,
  /** stress of the nonlinear models explained by the first dimensions of the linear map, and by as many of their own map */
  perSeed: arrayOf(object({ seed: count, inLinear: stressValue, own: stressValue })),
  mean: stressValue,
  /** standard deviation over seeds (n − 1); 0 for one seed */
  deviation: notNegative,
  ownMean: stressValue,
  ratio: finite,
  ratioDeviation: notNegative,
});
/** How much linear models explain of nonlinear ones. */
export type Statement = DecodedBy<typeof statement>;

/** InPCA maps of all checkpoints of the ensemble over one set of samples. */
const sampleMaps = object({
  samples: oneOf('train', 'test'),
  sampleCount: count,
  models: count,
  /** pairs of a model and a sample on which the two models have no class in common; they count a finite convention */
  disjoint: count,
  maps: arrayOf(inpcaMap),
  stress: arrayOf(stressCurve),
  progress: maybe(arrayOf(progress)),
  statement: maybe(statement),
});
/** Maps of all checkpoints of an ensemble over one set of samples. */
export type SampleMaps = DecodedBy<typeof sampleMaps>;

/** Many networks trained on the same data, and maps of all their checkpoints. */
export const ensemble = checked(
  object({
    trainExamples: count,
    epochs: count,
    seeds: arrayOf(count),
    /** samples on which probabilities are recorded */
    samples: object({ train: count, test: count }),
    /** inputs were multiplied by this before training */
    inputScale: positive,
    /** epochs done at each checkpoint of a complete run */
    checkpointEpochs: arrayOf(notNegative),
    runs: arrayOf(run),
    /** one for each set of samples: training first */
    maps: maybe(arrayOf(sampleMaps)),
  }),
  ({ runs, maps = [] }, path) => {
    const check = (run: number, at: string): void => {
      if (run >= runs.length) throw new Mismatch(`${path}.${at}.run`, 'the index of a run of the ensemble', run);
    };
    maps.forEach(({ maps, progress = [] }, i) => {
      maps.forEach(({ runs }, j) => runs.forEach(({ run }, k) => check(run, `maps[${i}].maps[${j}].runs[${k}]`)));
      progress.forEach(({ run }, k) => check(run, `maps[${i}].progress[${k}]`));
    });
  },
);
/** Many networks trained on the same data, and maps of all their checkpoints. */
export type EnsembleSection = DecodedBy<typeof ensemble>;
