// Does the curvature along the gradients of batches settle at 2/η under stochastic descent? nice -n 10 node docs/studies/landscape/edge-of-batches.mjs [keys] [--table]
import { enableExperimentalSimd } from '@hyperribbon/kernels';
import { watchDescent } from '@hyperribbon/landscape/dynamics';
import { mlp, squaredError } from '@hyperribbon/nn';
import { openRecord, writeTable } from '../record.mjs';
import { fashionImages } from './fashionImages.mjs';

enableExperimentalSimd();

const settings = {
  data: 'Fashion-MNIST: the first 1,000 images, one mean and one standard deviation over all pixels',
  network: 'tanh 784-200-200-10, U(±1/√fan_in), seed 0, float32',
  loss: 'half the squared error to unit vectors, mean over examples',
  batchSharpness:
    'mean of ratios over all disjoint batches of a fresh permutation, the size of the batches that are descended',
  late: 'the last 12 of 24 measurements',
};

// epochs, by batch size and learning rate
const runs = [
  { batchSize: 128, learningRate: 0.05, epochs: 360 },
  { batchSize: 64, learningRate: 0.1, epochs: 240 },
  { batchSize: 64, learningRate: 0.05, epochs: 240 },
  { batchSize: 64, learningRate: 0.05, epochs: 720 },
  { batchSize: 32, learningRate: 0.1, epochs: 240 },
  { batchSize: 32, learningRate: 0.1, epochs: 480 },
  { batchSize: 32, learningRate: 0.05, epochs: 240 },
  { batchSize: 32, learningRate: 0.05, epochs: 600 },
  { batchSize: 32, learningRate: 0.05, epochs: 1200 },
  { batchSize: 16, learningRate: 0.05, epochs: 120 },
  { batchSize: 8, learningRate: 0.05, epochs: 60 },
  { batchSize: 8, learningRate: 0.01, epochs: 60 },
];

const asked = process.argv.slice(2).filter((word) => word !== '--table');
/** the tables of what is recorded, and no run */
const table = process.argv.includes('--table');
const rows = [
  ['batch', 'η', 'steps', 'η·BS, mean of ratios', 'η·(ratio of means)', 'η·S', 'drift', 'settled', 'loss at the end'],
];
const record = openRecord('landscape/edge-of-batches', settings);
const examples = await fashionImages(1000);
const network = mlp([784, 200, 200, 10], { activation: 'tanh' });
for (const { batchSize, learningRate, epochs } of runs) {
  const key = `b = ${batchSize}, η = ${learningRate}, ${epochs} epochs`;
  if (asked.length > 0 && !asked.some((part) => key.includes(part))) continue;
  const steps = epochs * Math.ceil(1000 / batchSize);
  const found = await record
    .piece(key, async () => {
      if (table) return Promise.reject(new Error(`${key}: not run`));
      let told = performance.now();
      const { record: run } = await watchDescent(network, examples, {
        learningRate,
        steps,
        batchSize,
        every: steps / 24,
        batchSharpness: { every: steps / 24 },
        topShare: { every: steps / 4 },
        loss: squaredError,
        onProgress({ detail: { step, loss, sharpness }, of, secondsLeft }) {
          if (performance.now() < told + 20_000) return;
          told = performance.now();
          console.error(
            `${key}: ${step} of ${of}, loss ${loss.toFixed(4)}, ηS ${(learningRate * sharpness).toFixed(3)}, ${secondsLeft?.toFixed(0)} s left`,
          );
        },
      });
      return summary(run, learningRate);
    })
    .catch((error) => void console.error(error.message));
  if (found === undefined) continue;
  console.log(key, found.late, found.settled, found.ended ?? '');
  const { late, drift, settled, moments } = found;
  const shown = ({ mean, error }) => `${mean.toFixed(3)} ± ${(2 * error).toFixed(3)}`;
  rows.push([
    batchSize,
    learningRate,
    steps,
    shown(late.batchSharpness),
    shown(late.ratioOfMeans),
    shown(late.sharpness),
    drift.toFixed(3),
    settled ? 'yes' : 'no',
    moments.at(-1).loss.toPrecision(2),
  ]);
}
if (asked.length === 0) writeTable('landscape/edge-of-stability.md', 'batches', rows);

/** η·BS over the late measurements with the error of their mean, η·S beside it, and whether it still rises or falls. */
function summary({ moments, ended }, learningRate) {
  const short = (x) => (x === undefined ? undefined : Number(x.toPrecision(5)));
  const late = moments.slice(-12);
  const values = late.map(({ batchSharpness }) => learningRate * batchSharpness.meanOfRatios.mean);
  const [first, second] = [values.slice(0, 6), values.slice(6)].map(estimate);
  const drift = second.mean - first.mean;
  const doubt = 2 * Math.hypot(first.error, second.error);
  return {
    ended,
    late: {
      batchSharpness: rounded(estimate(values)),
      ratioOfMeans: rounded(estimate(late.map(({ batchSharpness }) => learningRate * batchSharpness.ratioOfMeans))),
      sharpness: rounded(estimate(late.map(({ hessian }) => learningRate * hessian.values[0]))),
    },
    drift: short(drift),
    settled: Math.abs(drift) <= doubt,
    moments: moments.map(({ step, loss, hessian, batchSharpness, topShare }) => ({
      step,
      loss: short(loss),
      sharpness: short(hessian.values[0]),
      batchSharpness: short(batchSharpness?.meanOfRatios.mean),
      standardError: short(batchSharpness?.meanOfRatios.standardError),
      ratioOfMeans: short(batchSharpness?.ratioOfMeans),
      topShare: short(topShare),
    })),
  };
}

function estimate(values) {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length), times: values.length };
}

function rounded({ mean, error, times }) {
  return { mean: Number(mean.toFixed(3)), error: Number(error.toFixed(3)), times };
}
