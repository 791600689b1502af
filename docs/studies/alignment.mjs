// Do the stiff directions of the Fisher matrix at initialisation foretell where training goes? node docs/studies/alignment.mjs
import {
  displacementFractions,
  drawLabels,
  exampleJacobian,
  gramMatrix,
  hessian,
  layerCorrelations,
  primalDirections,
  subspaceOverlap,
} from '@hyperribbon/curvature';
import { mnist, poolImages, randomLabels, subset } from '@hyperribbon/data';
import { eigh, eigsh, eigvalsh } from '@hyperribbon/lanczos';
import { adam, cosineSchedule, evaluate, mlp, train } from '@hyperribbon/nn';
import { spectrumDecay } from '@hyperribbon/pac-bayes';
import { openRecord, spread, writeTable } from './record.mjs';

const settings = {
  images: 'MNIST, averaged 2 × 2 to 196 inputs',
  network: '196-32-C, relu',
  trainExamples: 4000,
  testExamples: 4000,
  fisherExamples: 1000,
  directions: 200,
  epochs: 20,
  batchSize: 50,
  learningRate: { from: 2e-3, to: 5e-4 },
  seeds: [0, 1, 2, 3, 4],
};
const counts = [5, 20, 100, 200];
const tasks = ['binary', 'digits', 'digits, random labels'];

/** directions at initialisation that are taken together, from and to */
const bands = [
  [1, 5],
  [6, 20],
  [21, 100],
  [101, 200],
];

const record = openRecord('alignment', settings);
const results = {};
for (const task of tasks) {
  results[task] = [];
  for (const seed of settings.seeds) {
    const main = await record.piece(`${task}, seed ${seed}`, () => measure(task, seed));
    const more = await record.piece(`${task}, seed ${seed}, logits and single directions`, () =>
      measureMore(task, seed),
    );
    results[task].push({ ...main, ...more });
  }
}
const pick = (task, value) => results[task].map(value);
const at = (i) => counts.indexOf(i);

writeTable('alignment.md', 'errors', [
  ['task', 'weights', 'train error', 'test error', 'λ₁₀₀/λ₁ at initialisation', 'at the end'],
  ...tasks.map((task) => [
    task,
    results[task][0].weights,
    spread(pick(task, (r) => r.trainError)),
    spread(pick(task, (r) => r.testError)),
    spread(
      pick(task, (r) => r.decayInit),
      4,
    ),
    spread(
      pick(task, (r) => r.decayEnd),
      4,
    ),
  ]),
]);
for (const [name, key] of [
  ['overlap', 'overlap'],
  ['hessian', 'fisherHessian'],
  ['displacement', 'displacement'],
]) {
  writeTable('alignment.md', name, [
    ['task', ...counts.map((i) => `i = ${i}`), 'random, i = 100'],
    ...tasks.map((task) => [
      task,
      ...counts.map((i) => spread(pick(task, (r) => r[key][at(i)]))),
      (100 / results[task][0].weights).toFixed(4),
    ]),
  ]);
}
writeTable('alignment.md', 'layers', [
  ['task', 'inputs', 'hidden activations, init', 'end', 'gradients at the hidden layer, init', 'end'],
  ...tasks.map((task) => [
    task,
    spread(pick(task, (r) => r.layers.inputs)),
    ...['activationsInit', 'activationsEnd', 'gradientsInit', 'gradientsEnd'].map((key) =>
      spread(pick(task, (r) => r.layers[key])),
    ),
  ]),
]);
writeTable('alignment.md', 'directions', [
  ['task', ...bands.map(([from, to]) => `i = ${from}–${to}`)],
  ...tasks.map((task) => [
    task,
    ...bands.map((_, band) =>
      spread(
        pick(task, (r) => r.perDirection[band] * r.weights),
        1,
      ),
    ),
  ]),
]);
writeTable('alignment.md', 'logits', [
  ['task', 'λ₁, init', 'end', 'λ₁₀₀/λ₁, init', 'end', 'slope, init', 'end'],
  ...tasks.map((task) => [
    task,
    ...['top', 'decay', 'slope'].flatMap((key, column) =>
      ['init', 'end'].map((when) =>
        spread(
          pick(task, (r) => r.logit[when][key]),
          [1, 5, 4][column],
        ),
      ),
    ),
  ]),
]);
process.stderr.write(`${record.seconds().toFixed(0)} s in all; tables written to docs/studies/alignment.md\n`);

/** The examples, the network, and its weights at initialisation and at the end. */
async function trained(task, seed) {
  const { train: all } = await mnist({ task: task === 'binary' ? 'binary' : 'digits', limit: 8000 });
  const pooled = poolImages(all);
  const clean = {
    train: subset(pooled, 0, settings.trainExamples),
    test: subset(pooled, settings.trainExamples, 8000),
  };
  const labelled = task.endsWith('random labels') ? randomLabels(clean.train, seed) : clean.train;
  const network = mlp([196, 32, pooled.classes], { activation: 'relu' });
  const initial = network.init(seed, 'float64');
  const { epochs, batchSize, learningRate } = settings;
  const { params } = await train(network, labelled, {
    epochs,
    batchSize,
    seed,
    initial,
    dtype: 'float64',
    optimizer: adam(),
    schedule: cosineSchedule(learningRate.from, learningRate.to),
  });
  return { clean, labelled, network, initial, params, few: subset(labelled, 0, settings.fisherExamples) };
}

async function measure(task, seed) {
  const { clean, labelled, network, initial, params, few } = await trained(task, seed);
  const start = fisherTop(network, initial, { ...few, labels: drawLabels(network, initial, few, seed) });
  const end = fisherTop(network, params, { ...few, labels: drawLabels(network, params, few, seed) });
  const empirical = fisherTop(network, params, few);
  const top = await eigsh(hessian(network, params, few, { dtype: 'float64' }), {
    k: settings.directions,
    which: 'LA',
    tol: 1e-6,
    seed,
  });
  const overlap = subspaceOverlap(start.directions, end.directions, network.size);
  const fisherHessian = subspaceOverlap(empirical.directions, top.vectors, network.size);
  const { cumulative } = displacementFractions(
    start.directions,
    params.map((w, i) => w - initial[i]),
  );
  const atCounts = (curve) => counts.map((i) => curve[Math.min(i, curve.length) - 1]);
  const [before, after] = [initial, params].map((w) => layerCorrelations(network, w, few));
  return {
    weights: network.size,
    trainError: (await evaluate(network, params, labelled)).error,
    testError: (await evaluate(network, params, clean.test)).error,
    decayInit: start.values[100] / start.values[0],
    decayEnd: end.values[100] / end.values[0],
    overlap: atCounts(overlap),
    fisherHessian: atCounts(fisherHessian),
    displacement: atCounts(cumulative),
    layers: {
      inputs: slope(before[0].activations, 196, 10, 100),
      activationsInit: slope(before[1].activations, 32, 1, 20),
      activationsEnd: slope(after[1].activations, 32, 1, 20),
      gradientsInit: slope(before[0].gradients, 32, 1, 20),
      gradientsEnd: slope(after[0].gradients, 32, 1, 20),
    },
  };
}

/** Spectrum of the Jacobian of one logit, and how much of the displacement single directions carry. */
async function measureMore(task, seed) {
  const { network, initial, params, few } = await trained(task, seed);
  const start = fisherTop(network, initial, { ...few, labels: drawLabels(network, initial, few, seed) });
  const { perDirection } = displacementFractions(
    start.directions,
    params.map((w, i) => w - initial[i]),
  );
  const mean = (from, to) => perDirection.slice(from - 1, to).reduce((sum, x) => sum + x, 0) / (to - from + 1);
  return {
    perDirection: bands.map(([from, to]) => mean(from, to)),
    logit: { init: logitSpectrum(network, initial, few), end: logitSpectrum(network, params, few) },
  };
}

/** (1/N) Σ g gᵀ with g the gradient of the logit of class 0, through its Gram matrix. */
function logitSpectrum(network, params, examples) {
  const values = eigvalsh(gramMatrix(network, params, examples, { of: 0 }), examples.count);
  return {
    top: values[0],
    decay: values[100] / values[0],
    slope: spectrumDecay(values, { from: 10, to: 100 }).slope,
  };
}

function fisherTop(network, params, examples) {
  const { values, vectors } = eigh(gramMatrix(network, params, examples), examples.count, { vectors: true });
  const known = values.findIndex((value) => value < 1e-12 * values[0]);
  const k = Math.min(settings.directions, known < 0 ? values.length : known);
  const jacobian = exampleJacobian(network, params, examples, { dtype: 'float64' });
  return { values, directions: primalDirections(jacobian, { values, vectors }, k) };
}

/** Nats per index over indices from..to, as far as they are above 1e-10 λ₁ (dead units have none). */
function slope(matrix, size, from, to) {
  const values = eigvalsh(matrix, size);
  const known = values.filter((value) => value > 1e-10 * values[0]).length;
  return spectrumDecay(values, { from, to: Math.min(to, known - 1) }).slope;
}
