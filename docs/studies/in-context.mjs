// Do layers of linear attention learn to do regression in context, and how near do they come to ridge? node docs/studies/in-context.mjs
import { adam, cosineSchedule, logits, squaredError, train, warmUp } from '@hyperribbon/nn';
import { attentionRegressor } from '@hyperribbon/nn/models';
import { inContextTasks, meanSquare, ridgeAnswers } from './inContext.mjs';
import { openRecord, spread, writeTable } from './record.mjs';

const settings = {
  dimension: 5,
  length: 20,
  noise: 1,
  layers: [1, 2, 3, 4],
  epochs: 64,
  tasksPerEpoch: 8192,
  batchSize: 256,
  learningRate: 0.01,
  clipNorm: 1,
  warmUp: 50,
  testTasks: 20_000,
  start: 0.1,
  seeds: [0, 1, 2],
};

const record = openRecord('in-context', settings);
const test = inContextTasks(settings, { count: settings.testTasks, seed: 1000 });
const ridge = ridgeAnswers(settings, test);
const best = { excess: meanSquare(ridge, test.clean), risk: meanSquare(ridge, test.targets) };
const rows = [];
for (const layers of settings.layers) {
  const runs = [];
  for (const seed of settings.seeds)
    runs.push(await record.piece(`${layers} layers, seed ${seed}`, () => run(layers, seed)));
  const all = (key, divisor = 1) => runs.map((result) => result[key] / divisor);
  rows.push([
    layers,
    runs[0].weights,
    spread(all('excess')),
    spread(all('excess', best.excess)),
    spread(all('risk', best.risk)),
  ]);
}
rows.push(['ridge', '', best.excess.toFixed(3), '1', '1']);
writeTable('in-context.md', 'layers', [
  ['layers', 'weights', 'E(ŷ − w·x)²', 'of that of ridge', 'E(ŷ − y)² of that of ridge'],
  ...rows,
]);
process.stderr.write(`${record.seconds().toFixed(0)} s in all; table written to docs/studies/in-context.md\n`);

async function run(layers, seed) {
  const { dimension, length, start, epochs, tasksPerEpoch: count, batchSize, learningRate, clipNorm } = settings;
  const network = attentionRegressor('linear', { dimension, length, layers, start });
  const began = process.cpuUsage();
  // every epoch has tasks that nobody has seen: what is learnt is the rule
  const renewExamples = (epoch) => {
    const { clean: _clean, ...examples } = inContextTasks(settings, { count, seed, index: epoch });
    return examples;
  };
  const { params, reason, steps } = await train(network, renewExamples(0), {
    epochs,
    batchSize,
    loss: squaredError,
    optimizer: adam(),
    schedule: warmUp(cosineSchedule(learningRate, 0), { steps: settings.warmUp }),
    clipNorm,
    seed,
    renewExamples,
  });
  const { user, system } = process.cpuUsage(began);
  const answers = logits(network, params, test, { dtype: 'float32' });
  return {
    weights: network.size,
    reason,
    steps,
    excess: meanSquare(answers, test.clean),
    risk: meanSquare(answers, test.targets),
    processorSeconds: Number(((user + system) / 1e6).toFixed(1)),
  };
}
