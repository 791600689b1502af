// A plane of 51 × 51 losses of tanh 784-200-200-10 over 2,000 images on two threads, and what one thread takes beside a forward pass for every point.
//
//   node bench/landscape/plane.mjs [--smoke] [--results DIR] [--rounds 3]
//
// Rows are dealt to threads as `hyperribbon landscape --plane` deals them. The ratio of points is that of processor times in the same round, so that other
// work of the machine does not matter to it.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { planPlane, planeRows } from '@hyperribbon/landscape/plane';
import { createEvaluator } from '@hyperribbon/nn';
import { parseArchitecture } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { here, quiet, ratio, record, showSpread, spread } from '../contest.mjs';

const text = 'mlp:tanh:784,200,200,10';

function problem(count) {
  const network = parseArchitecture(text);
  const inputs = stream({ seed: 1, purpose: 'bench/plane' }).uniform(new Float32Array(count * 784));
  const labels = Int32Array.from({ length: count }, (_, i) => i % 10);
  return { network, params: network.init(0), examples: { inputs, labels, count, features: 784, classes: 10 } };
}

if (isMainThread) {
  const { values: options } = parseArgs({
    options: {
      smoke: { type: 'boolean', default: false },
      results: { type: 'string', default: join(here, 'results') },
      rounds: { type: 'string', default: '3' },
    },
  });
  const [size, count] = options.smoke ? [4, 50] : [51, 2000];
  const { network, params, examples } = problem(count);
  const plan = await planPlane(network, params, examples, { size });

  const seconds = [];
  const [made, alone] = [[], []];
  for (let round = 0; round < Number(options.rounds); round++) {
    const started = performance.now();
    const half = size >> 1;
    await Promise.all([inWorker({ count, size, from: 0, to: half }), inWorker({ count, size, from: half, to: size })]);
    seconds.push((performance.now() - started) / 1000);

    made.push((await cpuSeconds(() => planeRows(network, params, examples, plan, { to: 2 }))) / (2 * size));
    const evaluator = createEvaluator(network, examples);
    const at = new Float32Array(network.size);
    alone.push(
      (await cpuSeconds(async () => {
        for (const y of plan.ys.slice(0, 2))
          for (const x of plan.xs) {
            for (let i = 0; i < at.length; i++)
              at[i] = params[i] + x * plan.directions[0][i] + y * plan.directions[1][i];
            await evaluator.evaluate(at);
          }
      })) /
        (2 * size),
    );
  }
  const against = ratio(alone, made);
  const row = {
    network: text,
    examples: count,
    size,
    threads: 2,
    seconds: spread(seconds),
    gate: 60,
    forwardPassPerPoint: against,
  };
  console.log(`${size} × ${size} points on two threads: ${showSpread(row.seconds)} s, 60 wanted`);
  console.log(`a forward pass for each point takes ${showSpread(against)} times as long`);
  if (!quiet) console.log('\nthe machine had other work: draw no conclusions from times');
  record('lossPlane', { rows: [row] }, options);
} else {
  const { count, size, from, to } = workerData;
  const { network, params, examples } = problem(count);
  const plan = await planPlane(network, params, examples, { size });
  parentPort.postMessage(await planeRows(network, params, examples, plan, { from, to }));
}

function inWorker(workerData) {
  return new Promise((resolve, reject) => {
    new Worker(new URL(import.meta.url), { workerData }).once('message', resolve).once('error', reject);
  });
}

async function cpuSeconds(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
