// The networks of the study: on each of two data sets a full factorial of width, depth, learning rate and batch size, and around its widest, deepest
// cell one change at a time: of the rank on both, of all else on MNIST. Four seeds of each: pairs that differ in one thing alone then have sixteen
// combinations of seeds.

/** How networks are trained. */
export const training = {
  trainExamples: 4000,
  testExamples: 10_000,
  momentum: 0.9,
  /** training ends after the epoch at whose end the cross-entropy of the training set, in evaluation mode, is at most this */
  crossEntropy: 0.01,
  epochs: 100,
};

/** How they are measured. */
export const measuring = { searchExamples: 500, searches: 'under noise' };

const base = {
  width: 256,
  depth: 4,
  learningRate: 0.01,
  batchSize: 32,
  rank: 'full',
  weightDecay: 0,
  dropout: 0,
  batchNorm: 'no',
  labelNoise: 0,
};

export const axes = ['data', ...Object.keys(base)];

const factorial = [64, 256].flatMap((width) =>
  [2, 4].flatMap((depth) =>
    [0.01, 0.03].flatMap((learningRate) =>
      [32, 128].map((batchSize) => ({ ...base, width, depth, learningRate, batchSize })),
    ),
  ),
);

const ranks = [{ rank: '8' }, { rank: '32' }];
const others = [
  { weightDecay: 1e-4 },
  { weightDecay: 1e-3 },
  { dropout: 0.2 },
  { batchNorm: 'yes' },
  { labelNoise: 0.1 },
  { labelNoise: 0.3 },
];

/** Every network of the study: what was chosen, and the seed. */
export const networks = [...ofData('mnist', [...ranks, ...others]), ...ofData('fashion-mnist', ranks)];

function ofData(data, changes) {
  const settings = [...factorial, ...changes.map((change) => ({ ...base, ...change }))];
  return settings.flatMap((setting) => [1, 2, 3, 4].map((seed) => ({ data, ...setting, seed })));
}

/**
 * Modules of a network: `depth` matrices without biases, rectifiers between them, each but the last a product of two where the rank is limited.
 */
export function modulesOf({ width, depth, rank, dropout, batchNorm }) {
  const linear = (out) =>
    rank === 'full' || out === 10
      ? [{ kind: 'linear', out, bias: false }]
      : [
          { kind: 'linear', out: Number(rank), bias: false },
          { kind: 'linear', out, bias: false },
        ];
  const hidden = [
    ...linear(width),
    ...(batchNorm === 'yes' ? [{ kind: 'batchNorm' }] : []),
    { kind: 'relu' },
    ...(dropout > 0 ? [{ kind: 'dropout', rate: dropout }] : []),
  ];
  return {
    input: [784],
    layers: [...Array.from({ length: depth - 1 }, () => hidden).flat(), ...linear(10)],
  };
}
