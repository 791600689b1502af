// Do features collapse once all examples are learnt, do layers lose rank, and when does that lower the depth of a bound? node docs/studies/complexity/collapse.mjs
import {
  collapsedBound,
  effectiveDepth,
  golowich2018Bound,
  layerRanks,
  networkNorms,
  recordCollapse,
  sampleNorms,
} from '@hyperribbon/complexity';
import { mnist, subset } from '@hyperribbon/data';
import { constantSchedule, cosineSchedule, countMistakes, logits, mlp, momentum, sgd, train } from '@hyperribbon/nn';
import { stack } from '@hyperribbon/nn/models';
import { openRecord, spread, writeTable } from '../record.mjs';
import { pairOfDigits, trainedPair } from './collapse/pairOfDigits.mjs';

const settings = {
  data: 'MNIST: the first examples of train and test',
  seeds: [0, 1, 2],
  interpolation: {
    trainExamples: 1000,
    testExamples: 2000,
    epochs: 100,
    batchSize: 50,
    momentum: 0.9,
    weightDecay: 2e-3,
    learningRate: 0.1,
    schedule: 'half a cosine to 0',
    every: 2,
  },
  ranks: {
    layers: [784, 64, 64, 10],
    trainExamples: 1000,
    testExamples: 2000,
    batchSize: 16,
    learningRate: 0.1,
    weightDecay: 0.01,
    decayTimes: 9,
    epochs: 150,
    tolerance: 1e-3,
    variants: [
      {},
      { batchSize: 4 },
      { batchSize: 64 },
      { learningRate: 0.05 },
      { learningRate: 0.2 },
      { weightDecay: 0.005 },
      { weightDecay: 0.02 },
      { weightDecay: 0 },
    ],
  },
  binary: {
    digits: [3, 8],
    examplesPerDigit: 250,
    layers: 5,
    width: 32,
    epochs: 800,
    batchSize: 25,
    learningRate: 0.1,
    weightDecay: 0.01,
    decayOf: 'matrices',
    tolerance: 1e-3,
    margin: 1,
  },
};

const record = openRecord('collapse', settings);
const whole = await mnist();
const { seeds } = settings;

const linear = (out) => [{ kind: 'linear', out }, { kind: 'batchNorm' }, { kind: 'relu' }];
const convolution = (out, kernel, stride) => [
  { kind: 'conv2d', out, kernel, stride },
  { kind: 'batchNorm' },
  { kind: 'relu' },
];
const head = { kind: 'linear', out: 10 };
const input = [1, 28, 28];
const collapsing = {
  'convolutions with batch norms': stack({
    input,
    layers: [
      ...[convolution(8, 5, 2), convolution(16, 3, 2), convolution(32, 3, 1)].flat(),
      { kind: 'flatten' },
      ...[linear(64), linear(64)].flat(),
      head,
    ],
  }),
  'dense layers with batch norms': stack({
    input,
    layers: [{ kind: 'flatten' }, ...[linear(128), linear(128), linear(64), linear(64)].flat(), head],
  }),
  'dense layers without': mlp([784, 128, 128, 64, 64, 10], { activation: 'relu' }),
};

await interpolation();
await ranks();
await binary();
await theorem();
process.stderr.write(
  `${record.seconds().toFixed(0)} s in all; tables written to docs/studies/complexity/collapse.md\n`,
);

/** Mistakes of a trained network as a share. */
function errorOf(network, params, examples) {
  const z = logits(network, params, examples, { dtype: 'float32' });
  return countMistakes(z, examples.labels, network.classes) / examples.count;
}

async function interpolation() {
  const own = settings.interpolation;
  const data = subset(whole.train, 0, own.trainExamples);
  const held = subset(whole.test, 0, own.testExamples);
  const rows = [];
  const layers = [];
  for (const [title, network] of Object.entries(collapsing)) {
    const runs = [];
    for (const seed of seeds)
      runs.push(await record.piece(`interpolation: ${title}, seed ${seed}`, () => run(network, seed)));
    const first = runs.map(({ moments }) => moments.find(({ error }) => error === 0));
    const last = runs.map(({ moments }) => moments.at(-1));
    const both = (of, digits) => `${spread(first.map(of), digits)} → ${spread(last.map(of), digits)}`;
    rows.push([
      title,
      spread(
        first.map(({ epochs }) => epochs),
        0,
      ),
      both(({ perClass }) => perClass),
      both(({ quotient }) => quotient),
      both(({ equinorm }) => equinorm),
      both(({ equiangular }) => equiangular),
      both(({ duality }) => duality),
      both(({ disagreement }) => disagreement, 4),
      spread(
        runs.map(({ testError }) => testError),
        4,
      ),
    ]);
    layers.push([
      title,
      runs.map(({ depth }) => depth)[0],
      runs.map(({ separable }) => separable ?? 'none').join(', '),
      runs[0].layers.map(({ nearestCentreError }) => nearestCentreError.toFixed(3)).join(' · '),
      runs[0].layers.map(({ quotient }) => quotient.toPrecision(2)).join(' · '),
      runs[0].layers.map(({ featureRank }) => featureRank ?? '–').join(' · '),
    ]);
  }
  writeTable('complexity/collapse.md', 'interpolation', [
    ['network', 'epochs to no error', 'NC1/C', 'Tr Σ_W/Tr Σ_B', 'NC2 norms', 'NC2 angles', 'NC3', 'NC4', 'test error'],
    ...rows,
  ]);
  writeTable('complexity/collapse.md', 'layers', [
    [
      'network',
      'L',
      'separable from',
      'nearest-mean error by depth',
      'Tr Σ_W/Tr Σ_B by depth',
      'numerical rank of features by depth',
    ],
    ...layers,
  ]);

  async function run(network, seed) {
    const collapse = recordCollapse(data, { every: own.every, dtype: 'float32' });
    const {
      params,
      network: trained,
      reason,
    } = await train(network, data, {
      epochs: own.epochs,
      batchSize: own.batchSize,
      optimizer: momentum(own.momentum, { weightDecay: own.weightDecay }),
      schedule: cosineSchedule(own.learningRate, 0),
      hooks: [collapse],
      seed,
    });
    const depths = effectiveDepth(trained, params, data, { dtype: 'float32' });
    return {
      reason,
      testError: errorOf(trained, params, held),
      moments: collapse.moments.map(({ epochs, collapse: found }) => ({
        epochs,
        error: found.error,
        perClass: found.variability.perClass,
        quotient: found.variability.quotient,
        cdnv: found.variability.cdnv,
        equinorm: found.means.equinorm,
        equiangular: found.means.equiangular,
        duality: found.duality.distance,
        disagreement: found.disagreement,
      })),
      depth: depths.depth,
      separable: depths.separable,
      layers: depths.representations.map(({ depth, into, collapse: found, featureRanks }) => ({
        depth,
        into,
        nearestCentreError: found.nearestCentreError,
        quotient: found.variability.quotient,
        featureRank: featureRanks?.numerical,
      })),
    };
  }
}

async function ranks() {
  const own = settings.ranks;
  const data = subset(whole.train, 0, own.trainExamples);
  const held = subset(whole.test, 0, own.testExamples);
  const network = mlp(own.layers, { activation: 'relu' });
  for (const [table, lasting] of [
    ['ranks', 'as long as weights decay'],
    ['epochs', `${own.epochs} epochs`],
  ]) {
    const rows = [];
    for (const variant of own.variants) {
      if (lasting !== 'as long as weights decay' && variant.weightDecay !== undefined) continue;
      const asked = { ...own, ...variant };
      const { batchSize, learningRate, weightDecay } = asked;
      const decaySteps = own.decayTimes / (learningRate * (weightDecay || own.weightDecay));
      const epochs = table === 'ranks' ? Math.round((decaySteps * batchSize) / data.count) : own.epochs;
      const runs = [];
      for (const seed of seeds) {
        const key = `ranks: B ${batchSize}, lr ${learningRate}, decay ${weightDecay}, ${epochs} epochs, seed ${seed}`;
        runs.push(await record.piece(key, () => run({ batchSize, learningRate, weightDecay, epochs, seed })));
      }
      const of = (layer, notion, digits) =>
        spread(
          runs.map(({ layers }) => layers[layer][notion]),
          digits,
        );
      rows.push([
        batchSize,
        learningRate,
        weightDecay,
        runs[0].steps,
        of(0, 'numerical', 1),
        of(1, 'numerical', 1),
        of(1, 'effective', 1),
        of(1, 'stable', 2),
        spread(
          runs.map(({ trainError }) => trainError),
          3,
        ),
        spread(
          runs.map(({ testError }) => testError),
          3,
        ),
      ]);
    }
    writeTable('complexity/collapse.md', table, [
      [
        'batch',
        'learning rate',
        'weight decay',
        'steps',
        'rank W₁',
        'rank W₂',
        'effective rank W₂',
        'stable rank W₂',
        'train error',
        'test error',
      ],
      ...rows,
    ]);
  }

  async function run({ batchSize, learningRate, weightDecay, epochs, seed }) {
    const { params, steps, reason } = await train(network, data, {
      epochs,
      batchSize,
      optimizer: sgd({ weightDecay }),
      schedule: constantSchedule(learningRate),
      seed,
    });
    return {
      steps,
      reason,
      trainError: errorOf(network, params, data),
      testError: errorOf(network, params, held),
      layers: layerRanks(network, params, own.tolerance).map(({ ranks: { numerical, effective, stable } }) => ({
        numerical,
        effective,
        stable,
      })),
    };
  }
}

async function binary() {
  const { networks, data, held } = pairOfDigits(whole, settings.binary);
  const rows = [];
  for (const [title, network] of Object.entries(networks)) {
    const runs = [];
    for (const seed of seeds) runs.push(await record.piece(`binary: ${title}, seed ${seed}`, () => run(network, seed)));
    rows.push([
      title,
      runs.map(({ numerical }) => numerical.join(' ')).join('; '),
      spread(
        runs.map(({ seconds }) => Math.max(...seconds.slice(1, -1))),
        4,
      ),
      runs.map(({ rankOne }) => rankOne ?? 'none').join(', '),
      spread(
        runs.map(({ quotient }) => quotient),
        3,
      ),
      spread(
        runs.map(({ trainError }) => trainError),
        3,
      ),
      spread(
        runs.map(({ testError }) => testError),
        3,
      ),
    ]);
  }
  writeTable('complexity/collapse.md', 'binary', [
    [
      'network',
      'ranks of W₁ … W₅ by seed',
      'largest σ₂/σ₁ of W₂ … W₄',
      'first of rank 1',
      'Tr Σ_W/Tr Σ_B',
      'train error',
      'test error',
    ],
    ...rows,
  ]);

  async function run(network, seed) {
    const { params, reason } = await trainedPair(network, data, settings.binary, seed);
    const depths = effectiveDepth(network, params, data, { tolerance: settings.binary.tolerance });
    return {
      reason,
      numerical: depths.weights.map(({ ranks: { numerical } }) => numerical),
      seconds: depths.weights.map(({ singularValues }) => singularValues[1] / singularValues[0]),
      rankOne: depths.rankOne,
      quotient: depths.representations.at(-2).collapse.variability.quotient,
      trainError: errorOf(network, params, data),
      testError: errorOf(network, params, held),
    };
  }
}

/** What a bound makes of a layer of rank one: its complexity with all layers, and with those up to it. */
async function theorem() {
  const { networks, data } = pairOfDigits(whole, settings.binary);
  const { margin, tolerance } = settings.binary;
  const network = networks['tanh, no biases'];
  const rows = [];
  for (const seed of seeds) {
    const found = await record.piece(`theorem on rank one, seed ${seed}`, () => run(seed));
    rows.push([
      seed,
      `${found.effectiveDepth} of ${found.depth}`,
      found.frobenius.map((value) => value.toFixed(2)).join(' · '),
      found.spectral.map((value) => value.toFixed(2)).join(' · '),
      found.whole.toPrecision(3),
      found.cut.toPrecision(3),
      found.empirical.toPrecision(2),
    ]);
  }
  writeTable('complexity/collapse.md', 'theorem', [
    [
      'seed',
      'layers counted',
      '‖W‖ Frobenius',
      '‖W‖₂',
      'R̂ of all layers',
      'R̂ by the theorem, c = 1',
      `ramp loss at ${margin}, after the cut`,
    ],
    ...rows,
  ]);

  async function run(seed) {
    const { params } = await trainedPair(network, data, settings.binary, seed);
    const norms = await networkNorms(network, params);
    const sample = await sampleNorms(network, params, data);
    const cut = collapsedBound(norms, sample, { margin, rankTolerance: tolerance });
    const whole = golowich2018Bound(norms, sample, { margin });
    return {
      depth: norms.layers.length,
      effectiveDepth: cut.effectiveDepth,
      frobenius: norms.layers.map(({ map }) => map.frobenius),
      spectral: norms.layers.map(({ map }) => map.spectral),
      whole: Math.exp(whole.logComplexity),
      cut: Math.exp(cut.logComplexity),
      empirical: cut.empirical,
      caveats: cut.caveats,
    };
  }
}
