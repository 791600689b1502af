import * as is from '@hyperribbon/contract/decode';

const run = is.object({
  /** "relu-adam" */
  configuration: is.text,
  family: is.oneOf('linear', 'nonlinear'),
  /** "mlp:relu:784,96,48,10" */
  architecture: is.text,
  /** what runs with the same colour have in common: "softmax regression", "ReLU, 96-48" */
  group: is.text,
  /** "Adam, rate 0.001 → 0.0001, batches of 100, start × 2" */
  training: is.text,
  seed: is.count,
  /** the loss became infinite: the run ends at its last finite checkpoint, and no map shows it */
  diverged: is.flag,
  checkpoints: is.count,
  final: is.object({ trainLoss: is.finite, trainError: is.share, testLoss: is.finite, testError: is.share }),
});
/** One training run of an ensemble. */
export type EnsembleRun = is.DecodedBy<typeof run>;

const threeNumbers = is.checked(is.arrayOf(is.finite), (list, path) => {
  if (list.length !== 3) throw new is.Mismatch(path, 'three numbers', list);
});

export const inpcaMap = is.object({
  /** all: made from every model; linear: made from the linear ones, all others embedded */
  madeFrom: is.oneOf('all', 'linear'),
  /** signed, by magnitude: positive ones belong to real coordinates, negative ones to imaginary coordinates */
  eigenvalues: is.arrayOf(is.finite),
  /** per run of the ensemble (checkpoints, 3) row-major: the first three coordinates */
  runs: is.arrayOf(
    is.object({
      run: is.count,
      coordinates: is.checked(is.arrayOf(is.finite), (list, path) => {
        if (list.length % 3 !== 0) throw new is.Mismatch(path, 'three numbers per checkpoint', list);
      }),
    }),
  ),
  /** where total ignorance (all classes alike) and the truth are embedded */
  ignorance: is.maybe(threeNumbers),
  truth: is.maybe(threeNumbers),
});
/** Coordinates of checkpoints: their intensive principal components. */
export type InpcaMap = is.DecodedBy<typeof inpcaMap>;

/** Stress of embedded points may be negative: worse than a map that puts all of them on one place. */
const stressValue = is.numberThat((x) => x <= 1 + 1e-9, 'at most 1');

const stressCurve = is.object({
  id: is.oneOf('all', 'nonlinear', 'linear', 'all-in-linear', 'nonlinear-in-linear'),
  label: is.text,
  /** explained stress of the first 1, 2, … dimensions */
  values: is.arrayOf(stressValue),
});
/** Explained stress against the number of dimensions. */
export type StressCurve = is.DecodedBy<typeof stressCurve>;

/** How far each checkpoint of a run has come on the geodesic from ignorance to truth, and after how many epochs. */
const progress = is.checked(
  is.object({ run: is.count, epochs: is.arrayOf(is.notNegative), values: is.arrayOf(is.share) }),
  ({ values, epochs }, path) => is.requireSameLength(values, `${path}.values`, epochs),
);

const statement = is.object({
  dimensions: is.count,
  /** stress of the nonlinear models explained by the first dimensions of the linear map, and by as many of their own map */
  perSeed: is.arrayOf(is.object({ seed: is.count, inLinear: stressValue, own: stressValue })),
  mean: stressValue,
  /** standard deviation over seeds (n − 1); 0 for one seed */
  deviation: is.notNegative,
  ownMean: stressValue,
  ratio: is.finite,
  ratioDeviation: is.notNegative,
});
/** How much of the nonlinear models linear ones tell, as numbers, each seed's nonlinear runs in the map of its linear runs. */
export type Statement = is.DecodedBy<typeof statement>;

const sampleMaps = is.object({
  samples: is.oneOf('train', 'test'),
  sampleCount: is.count,
  models: is.count,
  /** pairs of a model and a sample on which the two models have no class in common; they count a finite convention */
  disjoint: is.count,
  maps: is.arrayOf(inpcaMap),
  stress: is.arrayOf(stressCurve),
  progress: is.maybe(is.arrayOf(progress)),
  statement: is.maybe(statement),
});
/** InPCA maps of all checkpoints of the ensemble over one set of samples. */
export type SampleMaps = is.DecodedBy<typeof sampleMaps>;

export const ensemble = is.checked(
  is.object({
    trainExamples: is.count,
    epochs: is.count,
    seeds: is.arrayOf(is.count),
    /** samples on which probabilities are recorded */
    samples: is.object({ train: is.count, test: is.count }),
    /** inputs were multiplied by this before training */
    inputScale: is.positive,
    /** epochs done at each checkpoint of a complete run */
    checkpointEpochs: is.arrayOf(is.notNegative),
    runs: is.arrayOf(run),
    /** one for each set of samples: training first */
    maps: is.maybe(is.arrayOf(sampleMaps)),
  }),
  ({ runs, maps = [] }, path) => {
    const check = (run: number, at: string): void => {
      if (run >= runs.length) throw new is.Mismatch(`${path}.${at}.run`, 'the index of a run of the ensemble', run);
    };
    maps.forEach(({ maps, progress = [] }, i) => {
      maps.forEach(({ runs }, j) => runs.forEach(({ run }, k) => check(run, `maps[${i}].maps[${j}].runs[${k}]`)));
      progress.forEach(({ run }, k) => check(run, `maps[${i}].progress[${k}]`));
    });
  },
);
/** Many networks trained on the same data, and maps of all their checkpoints. */
export type EnsembleSection = is.DecodedBy<typeof ensemble>;
