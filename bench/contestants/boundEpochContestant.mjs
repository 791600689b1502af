// Our side of boundEpoch.mjs: says {"version", "kl"}, then answers "epoch" with {"seconds", "risk"} of one epoch, and "passes" with
// seconds per certification pass and per plain forward pass.
import { createInterface } from 'node:readline';
import { enableExperimentalSimd } from '@hyperribbon/kernels';

const simd = enableExperimentalSimd();
const { constantSchedule, createEvaluator } = await import('@hyperribbon/nn');
const { diagonalGaussianKl } = await import('@hyperribbon/pac-bayes');
const { readProblem } = await import('../problem.mjs');
const { isotropicPrior, optimizeBound, posteriorErrors } = await import('@hyperribbon/pac-bayes/networks');
const { network, weights, examples, batch, rate, std, variance } = readProblem(process.argv[2], 'relu');
const prior = isotropicPrior(network, weights, { start: variance });
const initialStd = new Float32Array(network.size).fill(std);
const priorStd = new Float64Array(network.size).fill(Math.sqrt(variance));
const { kl } = diagonalGaussianKl({ posteriorMean: weights, posteriorStd: initialStd, priorMean: weights, priorStd });
const posterior = { network, mean: weights, std: initialStd };
const evaluator = createEvaluator(network, examples, { deterministic: false });
const version = `hyperribbon${simd.revectorized ? ' revectorized' : ''}, node ${process.version}`;
console.log(JSON.stringify({ version, kl }));
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'epoch') {
    const run = await optimizeBound(examples, {
      prior,
      initialStd,
      objective: 'bbb',
      klWeight: 1,
      epochs: 1,
      batchSize: batch,
      schedule: constantSchedule(rate),
      learningRateFactors: { logStd: 1, scales: 1 },
    });
    console.log(JSON.stringify({ seconds: run.seconds, risk: run.history[0].risk }));
  } else {
    const { seconds } = await posteriorErrors(posterior, examples, { deterministic: false });
    const began = performance.now();
    await evaluator.evaluate(weights);
    console.log(JSON.stringify({ pass: seconds, plain: (performance.now() - began) / 1000 }));
  }
}
