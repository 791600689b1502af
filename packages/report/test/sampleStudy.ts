import type { EnsembleRun, RibbonStudy } from '@hyperribbon/report';

/** A TEST FIXTURE: shapes and magnitudes as of a small study, made up by formula. Nothing in it was measured. */
export function sampleStudy(): RibbonStudy {
  const runs = [run('softmax-sgd', 'linear', 'softmax regression'), run('relu-adam', 'nonlinear', 'ReLU, 96-48')];
  const epochs = [0, 0.25, 1, 5, 10];
  const coordinates = (sign: number): number[] =>
    epochs.flatMap((epoch) => [0.1 * epoch - 0.4, sign * 0.01 * epoch * (10 - epoch) + 0, 0.002 * epoch]);
  const map = (madeFrom: 'all' | 'linear') => ({
    madeFrom,
    eigenvalues: [11.7, -0.41, 0.28],
    runs: [
      { run: 0, coordinates: coordinates(1) },
      { run: 1, coordinates: coordinates(-1) },
    ],
    ignorance: [-0.42, 0, 0],
    truth: [0.6, 0.15, 0.1],
  });
  const decays = [0.01, 0.1, 1];
  const scaleRatios = [0.1, 3, 100, 1000];
  const geometric = (length: number, first: number, ratio: number): number[] =>
    Array.from({ length }, (_, i) => first * ratio ** i);
  return {
    schema: 'hyperribbon/ribbon',
    version: 1,
    title: 'Test fixture: a small study',
    created: '2026-01-15T10:00:00Z',
    status: { complete: true, missing: [] },
    setting: {
      dataset: 'MNIST',
      task: 'ten digits',
      trainCount: 55000,
      testCount: 10000,
      features: 784,
      classes: 10,
      seed: 0,
      deterministic: false,
      kernels: { flavour: 'fast', engine: 'wasm' },
      runtime: 'node 22.12.0, linux x64, 2 workers',
      versions: { hyperribbon: '0.1.0' },
      seconds: 12.5,
      timings: [{ step: 'training the ensemble', seconds: 9.1 }],
      options: { command: 'hyperribbon ribbon' },
    },
    inputSpectrum: {
      description: 'uncentred correlation',
      examples: 5000,
      eigenvalues: geometric(40, 39, 0.8),
      noiseFloor: 1e-10,
      trace: 101,
      fit: { from: 5, to: 30, slope: -0.22, intercept: 3.6, rSquared: 0.99 },
    },
    phase: {
      steps: 100,
      relativeStep: 0.9,
      decays,
      scaleRatios,
      explained3: decays.flatMap((_, i) => scaleRatios.map((_, j) => (1 + i + j) / 8)),
      boundaries: [
        {
          label: '90 % in three directions',
          kind: 'exact',
          points: decays.map((decay) => ({ decay, scaleRatio: 3 / decay })),
        },
        { label: 'no plateau', kind: 'scaling', points: decays.map((decay) => ({ decay, scaleRatio: 1 / decay })) },
      ],
      point: {
        decay: 0.05,
        scaleRatio: 4.5,
        window: { from: 100, to: 400 },
        rSquared: 0.994,
        explained3: 0.796,
        explained3OfFit: 0.9,
        participationRatio: 1.9,
        targetDirections: 3.1,
        learnedDirections: 60,
      },
      reached: { decay: 0.2, scaleRatio: 4.5, window: { from: 0, to: 59 }, rSquared: 0.9, explained3OfFit: 0.92 },
    },
    widths: {
      examples: 5000,
      steps: 100,
      relativeStep: 0.9,
      runs: 80,
      initialScale: 0.02,
      target: '+1 for classes 0 to 4, −1 for classes 5 to 9',
      seed: 0,
      predicted: geometric(12, 0.2, 0.7),
      initialisation: geometric(12, 0.02, 0.97),
      fromTarget: geometric(12, 0.19, 0.4),
      measured: geometric(12, 0.21, 0.69),
      standardErrors: geometric(12, 0.01, 0.8),
      largestError: 0.08,
      largestErrorInStandardErrors: 2.1,
      explained3: { predicted: 0.8, measured: 0.79 },
    },
    ensemble: {
      trainExamples: 5000,
      epochs: 10,
      seeds: [0, 1],
      samples: { train: 500, test: 500 },
      inputScale: 1,
      checkpointEpochs: epochs,
      runs,
    },
    maps: (['train', 'test'] as const).map((samples) => ({
      samples,
      sampleCount: 500,
      models: 10,
      disjoint: 0,
      maps: [map('all'), map('linear')],
      stress: [
        { id: 'all', label: 'all models, own map', values: [0.7, 0.8, 0.85] },
        { id: 'nonlinear', label: 'nonlinear, own map', values: [0.71, 0.82, 0.86] },
        { id: 'nonlinear-in-linear', label: 'nonlinear, in the linear map', values: [0.6, 0.7, 0.75] },
      ],
      progress: [
        { run: 0, epochs, values: [0, 0.1, 0.3, 0.5, 0.6] },
        { run: 1, epochs, values: [0, 0.05, 0.2, 0.6, 0.8] },
      ],
      statement: {
        dimensions: 3,
        perSeed: [
          { seed: 0, inLinear: 0.74, own: 0.86 },
          { seed: 1, inLinear: 0.76, own: 0.86 },
        ],
        mean: 0.75,
        deviation: 0.014,
        ownMean: 0.86,
        ratio: 0.872,
        ratioDeviation: 0.016,
      },
    })),
    notes: [{ title: 'Linear regression', text: 'A reconstruction.', kind: 'reconstruction' }],
  };
}

function run(configuration: string, family: 'linear' | 'nonlinear', group: string): EnsembleRun {
  return {
    configuration,
    family,
    group,
    architecture: 'mlp:relu:784,10',
    training: 'Adam 0.001 → 0.0001, batches of 100',
    seed: 0,
    reason: 'finished',
    checkpoints: 5,
    final: { trainLoss: 0.1, trainError: 0.02, testLoss: 0.3, testError: 0.08 },
  };
}
