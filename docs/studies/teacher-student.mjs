// Sloppy and non-sloppy inputs, one teacher, one student: who generalises? node docs/studies/teacher-student.mjs
import { drawLabels, gramMatrix } from '@hyperribbon/curvature';
import { inputCorrelation, sloppyGaussian } from '@hyperribbon/data';
import { eigvalsh } from '@hyperribbon/lanczos';
import { adam, constantSchedule, evaluate, mlp, train } from '@hyperribbon/nn';
import { spectrumDecay } from '@hyperribbon/pac-bayes';
import { openRecord, spread, writeTable } from './record.mjs';

const settings = {
  dimension: 200,
  trace: 100,
  teacher: '200-50-10, tanh, no biases',
  student: '200-200-10, sigmoid',
  trainExamples: 1000,
  testExamples: 2000,
  steps: 600,
  batchSize: 250,
  learningRate: 0.01,
  decays: [0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001],
  seeds: [0, 1, 2, 3, 4],
};

const record = openRecord('teacher-student', settings);
const rows = [];
for (const decay of settings.decays) {
  const runs = [];
  for (const seed of settings.seeds)
    runs.push(await record.piece(`c = ${decay}, seed ${seed}`, () => run(decay, seed)));
  const all = (key) => runs.map((result) => result[key]);
  rows.push([
    decay,
    spread(all('inputSlope')),
    spread(all('trainError')),
    spread(all('testError')),
    spread(all('majority')),
    spread(all('fisherSlopeInit')),
    spread(all('fisherSlopeEnd')),
  ]);
}
writeTable('teacher-student.md', 'sweep', [
  [
    'c',
    'slope of the inputs',
    'train error',
    'test error',
    'error of guessing',
    'slope of the Fisher matrix, init',
    'end',
  ],
  ...rows,
]);
process.stderr.write(`${record.seconds().toFixed(0)} s in all; table written to docs/studies/teacher-student.md\n`);

async function run(decay, seed) {
  const { dimension, trace, trainExamples, testExamples, steps, batchSize, learningRate } = settings;
  const examples = sloppyGaussian({ dimension, decay, trace, count: trainExamples, seed });
  const test = sloppyGaussian({ dimension, decay, trace, count: testExamples, seed, sample: 1 });
  const network = mlp([dimension, 200, 10], { activation: 'sigmoid' });
  const initial = network.init(seed, 'float64');
  const { params } = await train(network, examples, {
    epochs: (steps * batchSize) / trainExamples,
    batchSize,
    optimizer: adam(),
    schedule: constantSchedule(learningRate),
    initial,
    seed,
  });
  const counts = new Int32Array(10);
  for (const label of test.labels) counts[label]++;
  return {
    trainError: (await evaluate(network, params, examples)).error,
    testError: (await evaluate(network, params, test)).error,
    majority: 1 - Math.max(...counts) / testExamples,
    // leading indices where the population's spectrum is above e^-12; at most 60
    inputSlope: slope(inputCorrelation(examples), dimension, 0, Math.max(5, Math.min(60, 12 / decay)) - 1),
    fisherSlopeInit: fisherSlope(network, initial, examples, seed),
    fisherSlopeEnd: fisherSlope(network, params, examples, seed),
  };
}

/** ln λ of the Fisher matrix (labels drawn from the model, all training inputs) over indices 10..100, nats per index. */
function fisherSlope(network, params, examples, seed) {
  const labels = drawLabels(network, params, examples, seed);
  return slope(gramMatrix(network, params, { ...examples, labels }), examples.count, 10, 100);
}

function slope(matrix, size, from, to) {
  const values = eigvalsh(matrix, size);
  const known = values.filter((value) => value > 1e-13 * values[0]).length;
  return spectrumDecay(values, { from, to: Math.min(Math.round(to), known - 1) }).slope;
}
