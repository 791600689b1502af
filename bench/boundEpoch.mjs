// One epoch of a PAC-Bayes bound's optimisation (T-600: 784-600-2, local reparametrisation, one draw per example, Adam) against PyTorch,
// and certification passes against plain forward passes.
//   node bench/boundEpoch.mjs [--rounds 5] [--examples 55000] [--threads 1] [--node PATH] [--python /usr/bin/python3]
//
// The contestants live in processes of their own and are asked in turn; a ratio is the median over rounds of the ratios within a round. Both
// start from the same weights and must agree on the KL at the start and, to 10 %, orders and noise being their own, on the surrogate risk of the epoch.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mnist } from '@hyperribbon/data';
import { mlp } from '@hyperribbon/nn';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    examples: { type: 'string', default: '55000' },
    threads: { type: 'string', default: '1' },
    node: { type: 'string', default: process.execPath },
    python: { type: 'string', default: '/usr/bin/python3' },
  },
});
const [rounds, count, threads] = [values.rounds, values.examples, values.threads].map(Number);
const here = fileURLToPath(new URL('.', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hyperribbon-bound-'));
const { train } = await mnist({ task: 'binary', limit: count });
const network = mlp([784, 600, 2], { activation: 'relu' });
const problem = {
  widths: [784, 600, 2],
  count: train.count,
  batch: 500,
  rate: 5e-3,
  std: 0.02,
  variance: 2.5e-3,
  threads,
};
for (const [name, data] of Object.entries({ inputs: train.inputs, labels: train.labels, weights: network.init(1) })) {
  writeFileSync(join(folder, name), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}
writeFileSync(join(folder, 'problem.json'), JSON.stringify(problem));

function start(name, file, args) {
  const child = spawn(file, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, OMP_NUM_THREADS: String(threads), MKL_NUM_THREADS: String(threads) },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let complaint = '';
  child.stderr.on('data', (data) => (complaint = `${complaint}${data}`.slice(-600)));
  child.stdin.on('error', () => {});
  const answer = async () => {
    const { value } = await lines.next();
    return value === undefined ? { missing: complaint || 'no answer' } : JSON.parse(value);
  };
  return {
    name,
    answer,
    ask: (what) => {
      child.stdin.write(`${what}\n`);
      return answer();
    },
    stop: () => child.stdin.end(),
  };
}

const ours = start('ours', values.node, [`${here}contestants/boundEpochContestant.mjs`, folder]);
const torch = start('pytorch', values.python, [`${here}contestants/bound_epoch_torch.py`, folder]);
const loadBefore = loadavg()[0];
const hello = await ours.answer();
const rival = await torch.answer();
if (hello.missing) throw new Error(hello.missing);
const rivals = rival.missing === undefined;
if (!rivals) console.log(`pytorch: left out (${rival.missing})`);
else if (!(Math.abs(rival.kl / hello.kl - 1) < 1e-4))
  throw new Error(`KL at the start: ours ${hello.kl}, pytorch ${rival.kl}`);

const times = [];
for (let round = 0; round <= rounds; round++) {
  const mine = await ours.ask('epoch');
  const theirs = rivals ? await torch.ask('epoch') : undefined;
  if (theirs !== undefined && !(Math.abs(theirs.risk / mine.risk - 1) < 0.1)) {
    throw new Error(`risk of the epoch: ours ${mine.risk}, pytorch ${theirs.risk}`);
  }
  const passes = await ours.ask('passes');
  // the first round warms up
  if (round > 0) times.push({ ours: mine.seconds, torch: theirs?.seconds, pass: passes.pass, plain: passes.plain });
}
ours.stop();
torch.stop();
rmSync(folder, { recursive: true });

const spread = (list) => {
  const sorted = list.toSorted((a, b) => a - b);
  const at = (p) => sorted[Math.round((sorted.length - 1) * p)];
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
};
const result = {
  secondsPerEpoch: spread(times.map((t) => t.ours)),
  ...(rivals
    ? {
        torchSecondsPerEpoch: spread(times.map((t) => t.torch)),
        timesTorch: spread(times.map((t) => t.ours / t.torch)),
      }
    : {}),
  secondsPer100Passes: spread(times.map((t) => 100 * t.pass)),
  passTimesPlainForward: spread(times.map((t) => t.pass / t.plain)),
};
const show = ({ median, low, high }) => `${median.toPrecision(3)} [${low.toPrecision(3)}, ${high.toPrecision(3)}]`;
console.log(`epoch of ${train.count} examples: ours ${show(result.secondsPerEpoch)} s (${hello.version})`);
if (rivals)
  console.log(
    `  pytorch ${show(result.torchSecondsPerEpoch)} s (${rival.version}); ours is ${show(result.timesTorch)} × pytorch`,
  );
console.log(
  `100 posterior passes ${show(result.secondsPer100Passes)} s; a pass is ${show(result.passTimesPlainForward)} × a plain forward pass`,
);
const quiet = loadBefore < 0.5 * cpus().length;
if (!quiet)
  console.log(
    `load ${loadBefore.toFixed(2)} before the start: compare ratios only, and draw no conclusions from seconds`,
  );
const git = (...args) => execFileSync('git', args, { cwd: here, encoding: 'utf8' }).trim();
mkdirSync(`${here}results`, { recursive: true });
writeFileSync(
  `${here}results/boundEpoch.json`,
  `${JSON.stringify(
    {
      benchmark: 'boundEpoch',
      problem,
      date: new Date().toISOString(),
      commit:
        git('rev-parse', 'HEAD') +
        (git('status', '--porcelain', '../packages/*/src', '../wasm') ? ' with changes' : ''),
      machine: { cpu: cpus()[0].model, cores: cpus().length, loadBefore, quiet },
      rounds,
      versions: { ours: hello.version, torch: rival.version },
      ...result,
    },
    null,
    2,
  )}\n`,
);
