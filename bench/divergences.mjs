// Bhattacharyya divergences between all models of a set: the fused kernel on one and on two threads against plain TypeScript loops.
//
//   node bench/divergences.mjs                          4,000 models × 1,000 samples × 10 classes, float32
//   node bench/divergences.mjs --smoke                  400 × 100 × 10: seconds, for a look whether it works
//     [--models 4000] [--samples 1000] [--classes 10] [--threads 2] [--rounds 3] [--deterministic] [--kind bhattacharyya]
//
// The plain loops run over a part of the pairs (their time is proportional to the number of pairs; the part is in the results), once per
// round between the other contestants. `definition` is the formula as it stands, `roots first` takes all square roots
// beforehand. A ratio is the median over rounds of the ratios within a round, to `roots first`, the better of the two. Times
// are the clock's; the results also have processor times.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { assembleDivergences } from '@hyperribbon/linear-dynamics';
import { startThreads } from './divergenceThreads.mjs';
import { trajectories, trajectoryOptions } from './trajectories.mjs';

const { models, samples, classes, threads, kind, deterministic, smoke, ...given } = trajectoryOptions(
  { full: { models: 4000, samples: 1000 }, smoke: { models: 400, samples: 100 } },
  {
    rounds: { type: 'string', default: '3' },
    kind: { type: 'string', default: 'bhattacharyya' },
    deterministic: { type: 'boolean', default: false },
  },
);
const rounds = Number(given.rounds);
const loadBefore = loadavg()[0];

const set = trajectories({ models, samples, classes });

function definition(p, m) {
  const out = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let n = 0; n < samples; n++) {
        let b = 0;
        for (let c = 0; c < classes; c++) {
          b += Math.sqrt(p[(i * samples + n) * classes + c] * p[(j * samples + n) * classes + c]);
        }
        sum -= Math.log(b);
      }
      out[i * m + j] = out[j * m + i] = sum / samples;
    }
  }
  return out;
}

function rootsFirst(p, m) {
  const size = samples * classes;
  const r = Float64Array.from(p.subarray(0, m * size), Math.sqrt);
  const out = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0;
      let x = i * size;
      let y = j * size;
      for (let n = 0; n < samples; n++) {
        let b = 0;
        for (let c = 0; c < classes; c++) b += r[x++] * r[y++];
        sum -= Math.log(b);
      }
      out[i * m + j] = out[j * m + i] = sum / samples;
    }
  }
  return out;
}

const pairs = (m) => (m * (m - 1)) / 2;
/** so many models that a plain loop takes about a second */
const part = Math.min(models, Math.max(20, Math.floor(Math.sqrt(8e8 / (samples * classes)))));

async function timed(run) {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const result = await run();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - start) / 1e3, cpuSeconds: (user + system) / 1e6, result };
}

const pools = [1, ...(threads > 1 ? [threads] : [])].map((count) => ({ count, pool: startThreads(count) }));
const contestants = [
  { name: 'definition', part, run: () => definition(set.probabilities, part) },
  { name: 'roots first', part, run: () => rootsFirst(set.probabilities, part) },
  ...pools.map(({ count, pool }) => ({
    name: `kernel, ${count} thread${count > 1 ? 's' : ''}`,
    part: models,
    // eight shares per thread: the last ones end together
    run: async () => assembleDivergences(await pool.blocks(set, 8 * count, { kind, deterministic })),
  })),
];
const found = new Map(contestants.map(({ name }) => [name, []]));
let kernels;
let worst = 0;
for (let round = 0; round < rounds; round++) {
  let reference;
  for (const { name, part: size, run } of contestants) {
    const { seconds, cpuSeconds, result } = await timed(run);
    const share = pairs(models) / pairs(size);
    found.get(name).push({ seconds: seconds * share, cpuSeconds: cpuSeconds * share });
    if (name === 'roots first') reference = result;
    if (result.kernels !== undefined) {
      kernels = result.kernels;
      if (kind === 'bhattacharyya') {
        for (let i = 0; i < part * part; i++) {
          const at = Math.floor(i / part) * models + (i % part);
          worst = Math.max(worst, Math.abs(result.values[at] - reference[i]));
        }
      }
    }
  }
}
for (const { pool } of pools) await pool.close();

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
const rows = contestants.map(({ name, part: size }) => {
  const own = found.get(name);
  const ratio = median(own.map(({ seconds }, round) => found.get('roots first')[round].seconds / seconds));
  return {
    name,
    measuredModels: size,
    seconds: median(own.map(({ seconds }) => seconds)),
    cpuSeconds: median(own.map(({ cpuSeconds }) => cpuSeconds)),
    timesFasterThanPlain: ratio,
  };
});
console.log(`${kind}, ${models} models × ${samples} samples × ${classes} classes, ${JSON.stringify(kernels)}`);
for (const { name, seconds, cpuSeconds, timesFasterThanPlain, measuredModels } of rows) {
  console.log(
    `${name.padEnd(18)} ${seconds.toFixed(2).padStart(9)} s  (processor ${cpuSeconds.toFixed(2)} s, measured with ${measuredModels} models)  ${timesFasterThanPlain.toFixed(1)} × roots first`,
  );
}
if (kind === 'bhattacharyya') console.log(`largest difference from the plain loop: ${worst.toExponential(1)}`);
const quiet = loadBefore < 0.5;
if (!quiet) console.log(`load ${loadBefore.toFixed(2)} before the start: compare ratios only`);
if (!smoke) {
  const here = fileURLToPath(new URL('.', import.meta.url));
  mkdirSync(`${here}results`, { recursive: true });
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: here, encoding: 'utf8' }).trim();
  const machine = { cpu: cpus()[0].model, cores: cpus().length, loadBefore, quiet };
  const setting = { kind, models, samples, classes, dtype: 'float32', rounds, deterministic };
  writeFileSync(
    `${here}results/divergences.json`,
    `${JSON.stringify({ benchmark: 'divergences', date: new Date().toISOString(), commit, machine, versions: { node: process.version }, kernels, setting, worstDifference: worst, rows }, null, 2)}\n`,
  );
}
