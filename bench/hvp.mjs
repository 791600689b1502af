// Hessian-vector product of a 784-256-256-10 tanh network, softmax cross-entropy over 2,048 MNIST images, float32, one
// thread: our linearised operator, PyTorch with a cached gradient graph, jax-js's jit(jvp(grad)).
//
//   node bench/hvp.mjs [--rounds 12] [--seconds 0.5] [--nodes PATH,PATH] [--python /usr/bin/python3] [--jax-node PATH]
//
// Every contestant lives in its own process, pinned to one core where taskset exists; the processes are asked in turn, round
// after round. A contestant's number is the median over rounds of its median call; a ratio is the median over rounds of the
// ratios within a round. All start from the same weights, images and direction, and must agree on loss and ‖Hv‖.
// Peers are optional: (cd bench/peers && npm ci), python3 with torch.
import { parseArgs } from 'node:util';
import { stream } from '@hyperribbon/random';
import { here, nodeMajor, quiet, ratio, record, spread, startAll } from './contest.mjs';
import { trainedNetwork, writeProblem } from './problem.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '12' },
    seconds: { type: 'string', default: '0.5' },
    nodes: { type: 'string', default: process.execPath },
    'jax-node': { type: 'string', default: process.execPath },
    python: { type: 'string', default: '/usr/bin/python3' },
    examples: { type: 'string', default: '2048' },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const count = Number(values.examples);

const size = trainedNetwork().weights.length;
const direction = stream({ seed: 1, purpose: 'bench/hvp' }).normal(new Float32Array(size));
const { folder, widths, remove } = await writeProblem(count, { direction });

const ours = (node, flavour) => [node, `${here}contestants/hvpContestant.mjs`, 'ours', folder, flavour];
const candidates = [
  { name: 'pytorch', command: [values.python, `${here}contestants/hvp_torch.py`, folder] },
  ...values.nodes.split(',').flatMap((node) => {
    const label = `ours, node ${nodeMajor(node)}`;
    return [
      { name: label, command: ours(node, 'fast') },
      { name: `${label}, deterministic`, command: ours(node, 'deterministic') },
      { name: `${label}, experimental SIMD`, command: ours(node, 'experimental') },
    ];
  }),
  {
    name: 'jax-js',
    slow: true,
    command: [values['jax-node'], `${here}contestants/hvpContestant.mjs`, 'jax-js', folder],
  },
];

const running = await startAll(candidates);
const [{ hello: first, name: leader }] = running;
for (const { name, hello } of running) {
  for (const key of ['loss', 'norm']) {
    const apart = Math.abs(hello[key] / first[key] - 1);
    if (!(apart < 1e-4)) throw new Error(`${name} has ${key} ${hello[key]}, ${leader} ${first[key]}`);
  }
}

const times = new Map(running.map(({ name }) => [name, []]));
for (const { ask } of running) await ask(seconds);
for (let round = 0; round < rounds; round++) {
  for (const { name, ask, slow } of running) {
    if (slow && round % 4 !== 0) continue;
    const answer = await ask(seconds);
    if (answer.missing !== undefined) throw new Error(`${name}: ${answer.missing}`);
    times.get(name)[round] = answer;
  }
}
for (const { stop } of running) stop();
remove();

const ratios = (name, baseline) => ratio(times.get(name), times.get(baseline));
const rows = running.map(({ name, hello }) => ({
  name,
  version: hello.version,
  ...(hello.flops === undefined ? {} : { flops: hello.flops }),
  milliseconds: spread(
    times
      .get(name)
      .filter((value) => value > 0)
      .map((value) => 1000 * value),
  ),
  timesPytorch: ratios(name, 'pytorch'),
  timesJax: ratios(name, 'jax-js'),
  loss: hello.loss,
  norm: hello.norm,
}));
for (const { name, milliseconds: m, timesPytorch: p, timesJax: j, flops } of rows) {
  const show = (label, r) =>
    r === undefined
      ? ''
      : `  ${r.median.toPrecision(3)} × ${label} [${r.low.toPrecision(3)}, ${r.high.toPrecision(3)}]`;
  const rate = flops === undefined ? '' : `  ${(flops / m.median / 1e6).toFixed(1)} GFLOPS`;
  console.log(
    `${name.padEnd(34)} ${m.median.toFixed(2).padStart(9)} ms [${m.low.toFixed(2)}, ${m.high.toFixed(2)}]${rate}${show('pytorch', p)}${show('jax-js', j)}`,
  );
}

if (!quiet) console.log('\nthe machine had other work: compare ratios only, and draw no conclusions from milliseconds');
const problem = { widths, examples: count, loss: 'softmax cross-entropy', dtype: 'float32', threads: 1 };
record('hvp', { problem, seed: 1, rounds, secondsPerRound: seconds, rows });
