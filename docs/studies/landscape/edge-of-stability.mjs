// Where does the curvature of a small network settle under gradient descent and its relatives? nice -n 10 node docs/studies/landscape/edge-of-stability.mjs [keys] [--table]
import { enableExperimentalSimd } from '@hyperribbon/kernels';
import { edgeRatio, watchDescent } from '@hyperribbon/landscape/dynamics';
import { adam, mlp, momentum, muon, rmsProp, sam, signDescent, squaredError } from '@hyperribbon/nn';
import { openRecord, writeTable } from '../record.mjs';
import { fashionImages } from './fashionImages.mjs';

enableExperimentalSimd();

const settings = {
  data: 'Fashion-MNIST: the first 1,000 images, one mean and one standard deviation over all pixels',
  network: 'tanh 784-200-200-10, U(±1/√fan_in), seed 0, float32',
  loss: 'half the squared error to unit vectors, mean over examples',
};

const runs = {
  'gradient descent, η = 0.03': { learningRate: 0.03, steps: 2500, every: 25 },
  'heavy ball 0.9, η = 0.04': { optimizer: momentum(0.9), learningRate: 0.04, steps: 1200, every: 12 },
  'heavy ball 0.9, η = 0.04, longer': { optimizer: momentum(0.9), learningRate: 0.04, steps: 3000, every: 50 },
  'Nesterov 0.9, η = 0.015': {
    optimizer: momentum(0.9, { nesterov: true }),
    learningRate: 0.015,
    steps: 1200,
    every: 12,
  },
  'RMSProp 0.99, η = 0.0001': { optimizer: rmsProp(), learningRate: 1e-4, steps: 800, every: 16 },
  'Adam, η = 0.001': { optimizer: adam(), learningRate: 1e-3, steps: 800, every: 16 },
  'gradient descent, η = 0.025': { learningRate: 0.025, steps: 4000, every: 50 },
  'gradient descent, η = 0.02': { learningRate: 0.02, steps: 5000, every: 50 },
  'RMSProp 0.99, η = 0.00002': { optimizer: rmsProp(), learningRate: 2e-5, steps: 1500, every: 30 },
  'Adam, η = 0.0001': { optimizer: adam(), learningRate: 1e-4, steps: 1500, every: 30 },
  'SAM 0.05, η = 0.03': { ascent: sam(0.05), learningRate: 0.03, steps: 1000, every: 20 },
  'gradient descent, η = 0.1, from above the edge': { learningRate: 0.1, steps: 600, every: 6 },
  'heavy ball 0.9, η = 0.02': { optimizer: momentum(0.9), learningRate: 0.02, steps: 2500, every: 50 },
  'RMSProp 0.99, η = 0.0001, longer': { optimizer: rmsProp(), learningRate: 1e-4, steps: 1600, every: 32 },
  'sign descent, η = 0.00003': { optimizer: signDescent(), learningRate: 3e-5, steps: 600, every: 20 },
  'Muon without momentum, η = 0.0003': {
    optimizer: muon({ momentum: 0, nesterov: false }),
    learningRate: 3e-4,
    steps: 300,
    every: 20,
  },
};

const asked = process.argv.slice(2).filter((word) => word !== '--table');
/** the tables of what is recorded, and no run */
const table = process.argv.includes('--table');
const rows = [
  [
    'rule',
    'steps',
    'held against',
    'crosses at',
    'curvature over threshold, late mean',
    'least, most',
    'loss at the end',
  ],
];
const record = openRecord('landscape/edge-of-stability', settings);
const examples = await fashionImages(1000);
const network = mlp([784, 200, 200, 10], { activation: 'tanh' });
for (const [key, options] of Object.entries(runs)) {
  if (asked.length > 0 && !asked.some((part) => key.includes(part))) continue;
  const found = await record
    .piece(key, async () => {
      if (table) return Promise.reject(new Error(`${key}: not run`));
      let told = performance.now();
      const { record: run } = await watchDescent(network, examples, {
        ...options,
        loss: squaredError,
        onProgress({ detail: { step, loss, compared, threshold }, of, secondsLeft }) {
          if (performance.now() < told + 20_000) return;
          told = performance.now();
          console.error(
            `${key}: ${step} of ${of}, loss ${loss.toFixed(4)}, ${(compared / threshold).toFixed(3)} of the threshold, ${secondsLeft?.toFixed(0)} s left`,
          );
        },
      });
      return summary(run);
    })
    .catch((error) => void console.error(error.message));
  if (found === undefined) continue;
  console.log(key, found.late, found.crossing, found.ended ?? '');
  const { threshold, crossing, late, moments, ended } = found;
  rows.push([
    key,
    ended === undefined ? options.steps : `${moments.at(-1).step}: ${ended}`,
    `${threshold.formula}${{ hessian: '', 'preconditioned-hessian': ' on P⁻¹H', norm: ' in its norm' }[threshold.of]}`,
    crossing ?? 'never',
    late.mean.toFixed(3),
    `${late.least.toFixed(3)}, ${late.most.toFixed(3)}`,
    moments.at(-1).loss.toPrecision(2),
  ]);
}
if (asked.length === 0) writeTable('landscape/edge-of-stability.md', 'edges', rows);

/** What the page shows, and the curves with the digits that they have. */
function summary(run) {
  const { moments, ...head } = run;
  const short = (x) => (x === undefined ? undefined : Number(x.toPrecision(5)));
  return {
    ...head,
    late: edgeRatio(run),
    unconverged: moments.filter(({ hessian }) => !hessian.converged).length,
    moments: moments.map(({ step, loss, gradientNorm, hessian, preconditioned, dualSharpness, threshold }) => ({
      step,
      loss: short(loss),
      gradientNorm: short(gradientNorm),
      sharpness: short(hessian.values[0]),
      ...(preconditioned && { preconditioned: short(preconditioned.values[0]) }),
      ...(dualSharpness !== undefined && { dualSharpness: short(dualSharpness) }),
      ...(threshold !== undefined && { threshold: short(threshold) }),
    })),
  };
}
