// Hessian-vector product of a ResNet-8 (channels 16, 32, 64; batch norm in evaluation mode), softmax cross-entropy over random
// images of 1 × 28 × 28, float32, one thread: our linearised operator against PyTorch with a cached gradient graph.
//
//   node bench/resnet.mjs [--rounds 8] [--seconds 1] [--node PATH] [--python /usr/bin/python3] [--examples 128] [--results FOLDER]
//
// As hvp.mjs: contestants in processes of their own, asked in turn; a ratio is the median over rounds of the ratios within a round; all
// must agree on loss and ‖Hv‖. Times are processor times (user and system). PyTorch keeps memory that it was given once.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { resnet } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { here, nodeBinary, quiet, ratio, record, showSpread, spread, startAll } from './contest.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '1' },
    node: { type: 'string', default: nodeBinary(24) },
    python: { type: 'string', default: '/usr/bin/python3' },
    examples: { type: 'string', default: '128' },
    results: { type: 'string', default: join(here, 'results') },
  },
});
const count = Number(values.examples);
const network = resnet(8, { image: [1, 28, 28] });
const draws = (index) => stream({ seed: 1, purpose: 'bench/resnet', index });
const folder = mkdtempSync(join(tmpdir(), 'hyperribbon-bench-'));
const arrays = {
  weights: network.init(1),
  direction: draws(0).normal(new Float32Array(network.size)),
  inputs: draws(1).normal(new Float32Array(count * network.inputs)),
  labels: Int32Array.from({ length: count }, (_, i) => (7 * i) % network.classes),
};
for (const [name, data] of Object.entries(arrays)) writeFileSync(join(folder, name), new Uint8Array(data.buffer));
const parameters = network.parameters.map(({ name, shape }) => ({ name, shape }));
writeFileSync(join(folder, 'problem.json'), JSON.stringify({ count, parameters }));

const ours = (flavour) => [values.node, `${here}contestants/resnetContestant.mjs`, folder, flavour];
const running = await startAll([
  { name: 'pytorch', command: [values.python, `${here}contestants/resnet_torch.py`, folder] },
  { name: 'ours', command: ours('fast') },
  { name: 'ours, experimental SIMD', command: ours('experimental') },
  { name: 'ours, deterministic', command: ours('deterministic') },
]);
const [{ hello: first, name: leader }] = running;
for (const { name, hello } of running) {
  for (const key of ['loss', 'norm']) {
    const apart = Math.abs(hello[key] / first[key] - 1);
    if (!(apart < 1e-4)) throw new Error(`${name} has ${key} ${hello[key]}, ${leader} ${first[key]}`);
  }
}
const times = new Map(running.map(({ name }) => [name, []]));
for (let round = 0; round < Number(values.rounds); round++) {
  for (const { name, ask } of running) times.get(name)[round] = await ask(values.seconds);
}
for (const { stop } of running) stop();
rmSync(folder, { recursive: true });

const rows = running.map(({ name, hello }) => ({
  name,
  ...hello,
  milliseconds: spread(times.get(name).map((value) => 1000 * value)),
  timesPytorch: ratio(times.get(name), times.get('pytorch')),
}));
for (const { name, milliseconds, timesPytorch } of rows) {
  const times = timesPytorch === undefined ? '' : `  ${showSpread(timesPytorch)} × pytorch`;
  console.log(`${name.padEnd(28)} ${showSpread(milliseconds)} ms${times}`);
}
if (!quiet) console.log('\nthe machine had other work: compare ratios only, and draw no conclusions from milliseconds');
const problem = { network: network.name, weights: network.size, examples: count, dtype: 'float32', threads: 1 };
record('resnet', { problem, seed: 1, rounds: Number(values.rounds), rows }, { results: values.results });
