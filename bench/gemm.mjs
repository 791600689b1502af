// GFLOPS of C = A B, n × n, one thread: our kernels, numpy (OpenBLAS), jax-js and ml-matrix.
//
//   node bench/gemm.mjs [--rounds 15] [--sizes 384,768] [--node PATH]
//
// Every contestant lives in its own process, pinned to one core where taskset exists; the processes are asked in turn, round
// after round, so that all see the same weather. Times are processor
// times. A contestant's number is the median over rounds of its median call; a ratio is
// the median over rounds of the ratios within a round. Peers are optional: (cd bench/peers && npm ci), python3 with numpy.
import { spawn, spawnSync, execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    sizes: { type: 'string', default: '384,768' },
    node: { type: 'string', default: process.execPath },
    seconds: { type: 'string', default: '0.15' },
  },
});
const sizes = values.sizes.split(',').map(Number);
const rounds = Number(values.rounds);
const here = fileURLToPath(new URL('.', import.meta.url));

const REVECTORIZE = '--experimental-wasm-revectorize';
const js = (name, ...flags) => [values.node, ...flags, `${here}gemmContestant.mjs`, name];
const candidates = [
  { name: 'numpy', dtype: 'float32', command: ['python3', `${here}gemm_numpy.py`] },
  { name: 'fast', dtype: 'float32', command: js('fast') },
  { name: 'deterministic', dtype: 'float32', command: js('deterministic') },
  { name: 'fast + revectorize', dtype: 'float32', command: js('fast', REVECTORIZE) },
  { name: 'deterministic + revectorize', dtype: 'float32', command: js('deterministic', REVECTORIZE) },
  { name: 'typescript twin', dtype: 'float32', command: js('typescript'), slow: true },
  { name: 'jax-js', dtype: 'float32', command: js('jax-js') },
  { name: 'ml-matrix', dtype: 'float64', command: js('ml-matrix'), slow: true },
];

const pin = spawnSync('taskset', ['-c', '0', 'true']).status === 0 ? ['taskset', '-c', String(cpus().length - 1)] : [];

/** Starts a contestant; ask(n, seconds) resolves to seconds per call, or null once it has given up. */
function start({ name, command }) {
  const [file, ...args] = [...pin, ...command];
  const child = spawn(file, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let complaint = '';
  child.stderr.on('data', (data) => (complaint = `${complaint}${data}`.slice(-400)));
  child.stdin.on('error', () => {});
  return {
    name,
    next: async () => {
      const { value } = await lines.next();
      return value === undefined ? { missing: complaint.trim().split('\n').at(-1) ?? 'no answer' } : JSON.parse(value);
    },
    ask: async (n, seconds) => {
      child.stdin.write(`${n} ${seconds}\n`);
      const { value } = await lines.next();
      return value === undefined ? null : JSON.parse(value);
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
const versions = {};
for (const candidate of candidates) {
  const contestant = start(candidate);
  const hello = await contestant.next();
  if (hello.missing === undefined) {
    versions[candidate.name] = hello.version;
    running.push({ ...candidate, ...contestant });
  } else console.log(`${candidate.name}: left out (${hello.missing})`);
}

const tables = [];
for (const n of sizes) {
  // twin and ml-matrix take seconds per call at 768: fewer rounds, same interleaving
  const gflops = new Map(running.map(({ name }) => [name, []]));
  for (const { ask } of running) await ask(n, 0.4);
  for (let round = 0; round < rounds; round++) {
    for (const { name, ask, slow } of running) {
      if (slow && round % 10 !== 0) continue;
      const seconds = await ask(n, Number(values.seconds));
      gflops.get(name)[round] = (2 * n ** 3) / seconds / 1e9;
    }
  }
  const baseline = gflops.get('numpy') ?? [];
  const rows = running.map(({ name, dtype }) => {
    const own = gflops.get(name);
    const ratios = own.map((value, round) => value / baseline[round]).filter((ratio) => ratio > 0);
    return {
      name,
      dtype,
      gflops: spread(own.filter((value) => value > 0)),
      ...(ratios.length > 0 && { perNumpy: spread(ratios) }),
    };
  });
  tables.push({ n, rows });
  console.log(`\nn = ${n}`);
  for (const { name, dtype, gflops: g, perNumpy } of rows) {
    const ratio = perNumpy
      ? `  ${perNumpy.median.toFixed(2)} of numpy [${perNumpy.low.toFixed(2)}, ${perNumpy.high.toFixed(2)}]`
      : '';
    console.log(
      `${name.padEnd(28)} ${dtype} ${g.median.toFixed(2).padStart(7)} GFLOPS [${g.low.toFixed(2)}, ${g.high.toFixed(2)}]${ratio}`,
    );
  }
}
for (const { stop } of running) stop();

// our processes take one core; anything above shares it
const quiet = loadBefore < 0.5 * cpus().length;
if (!quiet)
  console.log(
    `\nload ${loadBefore.toFixed(2)} before the start: compare ratios only, and draw no conclusions from GFLOPS`,
  );
const git = (...args) => execFileSync('git', args, { cwd: here, encoding: 'utf8' }).trim();
mkdirSync(`${here}results`, { recursive: true });
writeFileSync(
  `${here}results/gemm.json`,
  `${JSON.stringify(
    {
      benchmark: 'gemm',
      date: new Date().toISOString(),
      commit:
        git('rev-parse', 'HEAD') +
        (git('status', '--porcelain', '../packages/kernels/src', '../wasm') ? ' with changes' : ''),
      machine: { cpu: cpus()[0].model, cores: cpus().length, pinned: pin.length > 0, loadBefore, quiet },
      versions,
      seed: 1,
      rounds,
      secondsPerRound: Number(values.seconds),
      tables,
    },
    null,
    2,
  )}\n`,
);
