// Hessian-vector product of a 784-256-256-10 tanh network, softmax cross-entropy over 1,024 MNIST images, float32, one
// thread: our linearised operator, PyTorch with a cached gradient graph, jax-js's jit(jvp(grad)).
//
//   node bench/hvp.mjs [--rounds 12] [--seconds 0.5] [--nodes PATH,PATH] [--python /usr/bin/python3] [--jax-node PATH]
//
// Every contestant lives in its own process, pinned to one core where taskset exists; the processes are asked in turn, round
// after round. A contestant's number is the median over rounds of its median call; a ratio is the median over rounds of the
// ratios within a round. All start from the same weights, images and direction, and must agree on loss and ‖Hv‖.
// Peers are optional: (cd bench/peers && npm ci), python3 with torch.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mnist, parseNpz } from '@hyperribbon/data';
import { flatten, networkFromArrays } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '12' },
    seconds: { type: 'string', default: '0.5' },
    nodes: { type: 'string', default: process.execPath },
    'jax-node': { type: 'string', default: process.execPath },
    python: { type: 'string', default: '/usr/bin/python3' },
    examples: { type: 'string', default: '1024' },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const count = Number(values.examples);
const here = fileURLToPath(new URL('.', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'hyperribbon-hvp-'));
const golden = new URL('../packages/curvature/test/golden/mlp784-256-256-10-tanh.npz', import.meta.url);
const arrays = parseNpz(readFileSync(golden));
const { network } = networkFromArrays('mlp:tanh', arrays);
const weights = flatten(network, Object.fromEntries([...arrays].map(([name, { data }]) => [name, data])));
const { train } = await mnist({ limit: count });
const direction = stream({ seed: 1, purpose: 'bench/hvp' }).normal(new Float32Array(network.size));
const files = { inputs: train.inputs, labels: train.labels, weights, direction };
for (const [name, data] of Object.entries(files)) {
  writeFileSync(join(folder, name), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}
const problem = { widths: network.dense.widths, count, folder };
writeFileSync(join(folder, 'problem.json'), JSON.stringify(problem));

const ours = (node, flavour) => [node, `${here}hvpContestant.mjs`, 'ours', folder, flavour];
const major = (node) => execFileSync(node, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' }).trim();
const candidates = [
  { name: 'pytorch', command: [values.python, `${here}hvp_torch.py`, folder] },
  ...values.nodes.split(',').flatMap((node) => {
    const label = `ours, node ${major(node)}`;
    return [
      { name: label, command: ours(node, 'fast') },
      { name: `${label}, deterministic`, command: ours(node, 'deterministic') },
      { name: `${label}, experimental SIMD`, command: ours(node, 'experimental') },
    ];
  }),
  {
    name: 'jax-js',
    slow: true,
    command: [values['jax-node'], `${here}hvpContestant.mjs`, 'jax-js', folder],
  },
];

const pin = spawnSync('taskset', ['-c', '0', 'true']).status === 0 ? ['taskset', '-c', String(cpus().length - 1)] : [];

function start({ command }) {
  const [file, ...args] = [...pin, ...command];
  const child = spawn(file, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let complaint = '';
  child.stderr.on('data', (data) => (complaint = `${complaint}${data}`.slice(-600)));
  child.stdin.on('error', () => {});
  const answer = async () => {
    const { value } = await lines.next();
    return value === undefined ? { missing: /^.*Error.*$/m.exec(complaint)?.[0] ?? 'no answer' } : JSON.parse(value);
  };
  return {
    answer,
    ask: (time) => {
      child.stdin.write(`${time}\n`);
      return answer();
    },
    stop: () => child.stdin.end(),
  };
}

const quantile = (sorted, p) => sorted[Math.round((sorted.length - 1) * p)];
function spread(list) {
  const sorted = list.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

const loadBefore = loadavg()[0];
const running = [];
for (const candidate of candidates) {
  const contestant = start(candidate);
  const hello = await contestant.answer();
  if (hello.missing !== undefined) {
    console.log(`${candidate.name}: left out (${hello.missing})`);
    continue;
  }
  const first = running[0]?.hello ?? hello;
  for (const key of ['loss', 'norm']) {
    const apart = Math.abs(hello[key] / first[key] - 1);
    if (!(apart < 1e-4))
      throw new Error(`${candidate.name} has ${key} ${hello[key]}, ${running[0].name} ${first[key]}`);
  }
  running.push({ ...candidate, ...contestant, hello });
}

const times = new Map(running.map(({ name }) => [name, []]));
for (const { ask } of running) await ask(seconds);
for (let round = 0; round < rounds; round++) {
  for (const { name, ask, slow } of running) {
    if (slow && round % 4 !== 0) continue;
    times.get(name)[round] = await ask(seconds);
  }
}
for (const { stop } of running) stop();
rmSync(folder, { recursive: true });

const ratios = (name, baseline) => {
  const against = times.get(baseline);
  if (against === undefined) return undefined;
  const list = times
    .get(name)
    .map((value, round) => value / against[round])
    .filter((ratio) => ratio > 0);
  return list.length > 0 ? spread(list) : undefined;
};
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

const quiet = loadBefore < 0.5 * cpus().length;
if (!quiet)
  console.log(
    `\nload ${loadBefore.toFixed(2)} before the start: compare ratios only, and draw no conclusions from milliseconds`,
  );
const git = (...args) => execFileSync('git', args, { cwd: here, encoding: 'utf8' }).trim();
mkdirSync(`${here}results`, { recursive: true });
writeFileSync(
  `${here}results/hvp.json`,
  `${JSON.stringify(
    {
      benchmark: 'hvp',
      problem: { widths: problem.widths, examples: count, loss: 'softmax cross-entropy', dtype: 'float32', threads: 1 },
      date: new Date().toISOString(),
      commit:
        git('rev-parse', 'HEAD') +
        (git('status', '--porcelain', '../packages/*/src', '../wasm') ? ' with changes' : ''),
      machine: { cpu: cpus()[0].model, cores: cpus().length, pinned: pin.length > 0, loadBefore, quiet },
      seed: 1,
      rounds,
      secondsPerRound: seconds,
      rows,
    },
    null,
    2,
  )}\n`,
);
