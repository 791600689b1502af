// The neural tangent kernel of all ten logits of 256 examples: an MLP of a million weights, whose Jacobian would take 10 GB, and a ResNet-8.
//
//   node bench/landscape/kernel.mjs [--smoke] [--results DIR] [--rounds 3]
//
// Seconds are processor times of one thread. Beside each stands the machine's limit, bare float32 products measured in the same round: for the MLP layer by layer,
// gradients times gradients and inputs times inputs, both triangles; for the ResNet one triangle of its Jacobian times its transpose, a strip of columns after the other.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createWorkspace, enableExperimentalSimd } from '@hyperribbon/kernels';
import { neuralTangentKernel } from '@hyperribbon/landscape/kernel';
import { parseArchitecture } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { here, quiet, ratio, record, showSpread, spread } from '../contest.mjs';

const { values: options } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    results: { type: 'string', default: join(here, 'results') },
    rounds: { type: 'string', default: '3' },
  },
});
enableExperimentalSimd();

const count = options.smoke ? 12 : 256;
const cases = [
  { text: options.smoke ? 'mlp:relu:784,20,10' : 'mlp:relu:784,752,520,10', gate: 10 },
  { text: 'resnet:8:10:1,28,28', gate: 90 },
];
const rows = [];
for (const { text, gate } of cases) {
  const network = parseArchitecture(text);
  const params = network.init(0);
  const inputs = stream({ seed: 1, purpose: 'bench/kernel' }).uniform(new Float32Array(count * 784));
  const labels = Int32Array.from({ length: count }, (_, i) => i % 10);
  const examples = { inputs, labels, count, features: 784, classes: 10 };
  const [seconds, limit] = [[], []];
  for (let round = 0; round < Number(options.rounds); round++) {
    seconds.push(await cpuSeconds(() => neuralTangentKernel(network, params, examples)));
    limit.push(await cpuSeconds(() => (text.startsWith('mlp') ? bareProducts(text) : bareJacobian(network.size))));
  }
  const row = {
    network: text,
    weights: network.size,
    examples: count,
    logits: 10,
    seconds: spread(seconds),
    gate,
    overBareProducts: ratio(seconds, limit),
    gigabytes: process.resourceUsage().maxRSS / 2 ** 20,
  };
  rows.push(row);
  console.log(
    `${text}, ${network.size} weights: ${showSpread(row.seconds)} s, ${gate} wanted, ${showSpread(row.overBareProducts)} of bare products; at most ${row.gigabytes.toFixed(2)} GiB so far, 4 wanted`,
  );
}
if (!quiet) console.log('\nthe machine had other work: draw no conclusions from times');
record('tangentKernel', { rows }, options);

/** For each layer (n·k, outputs) times its transpose and (n, inputs) times its transpose. */
function bareProducts(text) {
  const widths = text.split(':')[2].split(',').map(Number);
  const n = count;
  const most = Math.max(...widths);
  const space = createWorkspace({ bytes: 4 * (10 * n * most + 100 * n * n) + 256 });
  const [x, out] = [10 * n * most, 100 * n * n].map((length) => space.allocate(4 * length));
  space.float32View(x, 10 * n * most).fill(1);
  for (let layer = 1; layer < widths.length; layer++) {
    const [inputs, outputs] = [widths[layer - 1], widths[layer]];
    space.float32.gemm(0, 1, 10 * n, 10 * n, outputs, 1, x, outputs, x, outputs, 0, out, 10 * n, 0, 0);
    space.float32.gemm(0, 1, n, n, inputs, 1, x, inputs, x, inputs, 0, out, n, 0, 0);
  }
}

/** (10 n, weights) times its transpose: blocks of a tenth of the rows, those of one triangle, added up over strips of columns. */
function bareJacobian(weights) {
  const [block, strip] = [count, Math.min(4096, weights)];
  const space = createWorkspace({ bytes: 4 * (10 * block * strip + block * block) + 256 });
  const [x, out] = [10 * block * strip, block * block].map((length) => space.allocate(4 * length));
  space.float32View(x, 10 * block * strip).fill(1);
  for (let first = 0; first < weights; first += strip) {
    const width = Math.min(strip, weights - first);
    for (let i = 0; i < 10; i++)
      for (let j = 0; j <= i; j++) {
        const [a, b] = [i, j].map((at) => x + 4 * at * block * strip);
        space.float32.gemm(0, 1, block, block, width, 1, a, strip, b, strip, 1, out, block, 0, 0);
      }
  }
}

async function cpuSeconds(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
