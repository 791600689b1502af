// What every suite shares: contestants in processes of their own that are asked in turn, spreads, and the record of the machine.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const here = fileURLToPath(new URL('.', import.meta.url));
const loadBefore = loadavg()[0];
const pin = spawnSync('taskset', ['-c', '0', 'true']).status === 0 ? ['taskset', '-c', String(cpus().length - 1)] : [];

/** The binary of a major version of Node: that of `.ci/runtimes` (cd .ci/runtimes && npm ci), else the one running. */
export function nodeBinary(major) {
  const installed = join(here, `../.ci/runtimes/node_modules/node${major}/bin/node`);
  return existsSync(installed) ? installed : process.execPath;
}

/** "24" of a binary. */
export function nodeMajor(node) {
  return execFileSync(node, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' }).trim();
}

/** Would name an older kernel than the processor has, or block for another cache. */
const unfair = ['OPENBLAS_CORETYPE', 'OPENBLAS_L2_SIZE'];
/** glibc hands big arrays back to the system after every product otherwise, and pages of zeros cost more than the arithmetic. */
const keepMemory = {
  MALLOC_MMAP_THRESHOLD_: '1073741824',
  MALLOC_TRIM_THRESHOLD_: '4294967296',
  MALLOC_TOP_PAD_: '268435456',
};

/**
 * Starts `command` in a process of its own with `threads` threads for BLAS, pinned to one core where it has one thread. OpenBLAS chooses its
 * kernels itself, and programs in Python keep the memory that they have.
 * It says a line of JSON when it is ready (`hello`), then answers each line with a line of JSON. `hello.missing` says why
 * it cannot take part.
 */
export async function startContestant({ name, command, threads = 1, env = {} }) {
  const [file, ...args] = threads === 1 ? [...pin, ...command] : command;
  const child = spawn(file, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([key]) => !unfair.includes(key))),
      ...(command.some((word) => word.endsWith('.py')) ? keepMemory : {}),
      ...Object.fromEntries(['OPENBLAS', 'OMP', 'MKL'].map((library) => [`${library}_NUM_THREADS`, String(threads)])),
      ...env,
    },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let complaint = '';
  child.stderr.on('data', (data) => (complaint = `${complaint}${data}`.slice(-2000)));
  child.stdin.on('error', () => {});
  child.on('error', (error) => (complaint = `Error: ${error.message}`));
  const answer = async () => {
    const { value } = await lines.next();
    if (value !== undefined) return JSON.parse(value);
    return { missing: /^.*Error.*$/m.exec(complaint)?.[0] ?? (complaint.trim().split('\n').at(-1) || 'no answer') };
  };
  const hello = await answer();
  return {
    name,
    hello,
    ask: (question = '') => {
      child.stdin.write(`${question}\n`);
      return answer();
    },
    stop: () => child.stdin.end(),
  };
}

/** Those that are ready; the others are named with the reason. */
export async function startAll(candidates) {
  const running = [];
  for (const candidate of candidates) {
    const contestant = await startContestant(candidate);
    if (contestant.hello.missing === undefined) running.push({ ...candidate, ...contestant });
    else console.log(`${candidate.name}: left out (${contestant.hello.missing})`);
  }
  return running;
}

const quantile = (sorted, p) => sorted[Math.round((sorted.length - 1) * p)];

/** Median and quartiles. */
export function spread(list) {
  const sorted = list.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

/** The spread of the ratios own/other of the same rounds; undefined where no round has both. */
export function ratio(own, other) {
  const list = (own ?? []).map((value, round) => value / other?.[round]).filter((value) => value > 0);
  return list.length > 0 ? spread(list) : undefined;
}

export function showSpread({ median, low, high }, digits = 3) {
  const show = (value) => Number(value.toPrecision(digits)).toString();
  return `${show(median)} [${show(low)}, ${show(high)}]`;
}

/** Our processes take a core or two; anything above shares it. */
export const quiet = loadBefore < 0.5 * cpus().length;

const git = (...args) => {
  try {
    return execFileSync('git', args, { cwd: here, encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
};

/** Writes results/NAME.json: the findings with date, commit and machine. */
export function record(name, findings, { results = join(here, 'results'), smoke = false } = {}) {
  const dirty = git('status', '--porcelain', '../packages/*/src', '../wasm') !== '';
  const { model } = cpus()[0];
  const machine = {
    cpu: model,
    cores: cpus().length,
    gigabytes: Math.round(totalmem() / 2 ** 30),
    pinned: pin.length > 0,
    loadBefore,
    quiet,
  };
  const about = {
    benchmark: name,
    ...(smoke ? { smoke } : {}),
    date: new Date().toISOString(),
    commit: `${git('rev-parse', 'HEAD')}${dirty ? ' with changes' : ''}`,
    machine,
  };
  mkdirSync(results, { recursive: true });
  const file = join(results, `${name}.json`);
  writeFileSync(file, `${JSON.stringify({ ...about, ...findings }, null, 2)}\n`);
  console.log(`\n${file}${quiet ? '' : `: load ${loadBefore.toFixed(2)} before the start, read ratios only`}`);
}

/** Options that every suite of the solver has. */
export const suiteOptions = {
  smoke: { type: 'boolean', default: false },
  results: { type: 'string', default: join(here, 'results') },
  node: { type: 'string', default: nodeBinary(24) },
  python: { type: 'string', default: 'python3' },
  torch: { type: 'string', default: '/usr/bin/python3' },
};
