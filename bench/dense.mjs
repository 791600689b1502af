// Dense symmetric eigenproblems in float64, one thread: ours, with and without V8's experimental SIMD, LAPACK (numpy), ml-matrix, numpy-ts; singular
// value decompositions with vectors.
//
//   node bench/dense.mjs [--smoke] [--results DIR] [--node PATH] [--python PATH]
//
// Every contestant lives in its own process on one core; round after round each solves the same matrix once. A ratio is the median
// of the ratios within rounds. Peers are optional: python3 with numpy, (cd bench/peers && npm ci).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stream } from '@hyperribbon/random';
import { here, ratio, record, showSpread, spread, startAll, suiteOptions } from './contest.mjs';

const { values: options } = parseArgs({ options: suiteOptions });
const { smoke, results, node, python } = options;
const EXPERIMENTAL = 'ours, experimental SIMD';
// our time over the peer's; ml-matrix takes seconds, so it sits out most rounds
const gates = (most) => ({ LAPACK: { most }, 'ml-matrix': { most: 1 / 15 } });
const cases = [
  { task: 'eigh', n: 300, rounds: 3 },
  { task: 'eigh', n: 500, rounds: 9, gates: gates(1.8) },
  { task: 'eigh', n: 1000, rounds: 5, gates: gates(1.8) },
  { task: 'eigvalsh', n: 500, rounds: 9, gates: gates(2) },
  { task: 'eigvalsh', n: 1000, rounds: 5 },
  { task: 'svd', n: 300, rounds: 9, gates: gates(3) },
  { task: 'svd', n: 1000, rounds: 5, gates: gates(3) },
].map((problem) => (smoke ? { ...problem, n: problem.n / 5, rounds: 2 } : problem));

const folder = mkdtempSync(join(tmpdir(), 'hyperribbon-dense-'));
/** The matrix of denseContestant.mjs as a file for numpy. */
function matrixFile(task, n) {
  const a = stream({ seed: 1, purpose: 'bench/dense' }).uniform(new Float64Array(n * n));
  if (task !== 'svd') for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[i * n + j] = a[j * n + i];
  const file = join(folder, `${task}${n}`);
  writeFileSync(file, new Uint8Array(a.buffer));
  return file;
}

const running = await startAll([
  { name: 'LAPACK', command: [python, `${here}contestants/dense_numpy.py`] },
  { name: 'ours', command: [node, `${here}contestants/denseContestant.mjs`, 'ours'] },
  { name: EXPERIMENTAL, command: [node, `${here}contestants/denseContestant.mjs`, 'experimental'] },
  { name: 'ml-matrix', command: [node, `${here}contestants/denseContestant.mjs`, 'ml-matrix'], slow: true },
  // 16 s for n = 300 and the cube of that for more
  { name: 'numpy-ts', command: [node, `${here}contestants/denseContestant.mjs`, 'numpy-ts'], slow: true, largest: 300 },
]);
const tables = [];
for (const { task, n, rounds, gates } of cases) {
  const able = running.filter(({ hello, largest = Infinity }) => hello.tasks.includes(task) && n <= largest);
  if (!able.some(({ name }) => name === 'ours')) continue;
  const file = matrixFile(task, n);
  const answers = new Map(able.map(({ name }) => [name, []]));
  // the first call compiles: it is asked for and not counted
  for (const { ask, slow } of able) if (!slow) await ask(JSON.stringify({ task, n, file }));
  for (let round = 0; round < rounds; round++) {
    for (const { name, ask, slow } of able) {
      if (slow && round % 4 !== 0) continue;
      const answer = await ask(JSON.stringify({ task, n, file }));
      if (answer.missing !== undefined) throw new Error(`${name}: ${answer.missing}`);
      answers.get(name)[round] = answer;
    }
  }
  const last = (name) => answers.get(name).findLast(Boolean);
  const truth = last(able[0].name).values;
  const seconds = (name) => answers.get(name).map((answer) => answer?.seconds);
  const rows = able.map(({ name }) => {
    const apart = Math.max(...last(name).values.map((value, i) => Math.abs(value - truth[i])));
    if (name.startsWith('ours') && !(apart < 1e-12 * n * Math.abs(truth[0])))
      throw new Error(`${name}: values differ by ${apart}`);
    return {
      name,
      seconds: spread(seconds(name).filter((value) => value > 0)),
      residual: last(name).residual,
      valuesApart: apart / Math.abs(truth[0]),
      ...(name === 'ours' || !answers.has('ours') ? {} : { oursOverPeer: ratio(seconds('ours'), seconds(name)) }),
      ...(name.startsWith('ours') || !answers.has(EXPERIMENTAL)
        ? {}
        : { experimentalOverPeer: ratio(seconds(EXPERIMENTAL), seconds(name)) }),
      ...(gates?.[name] === undefined ? {} : { gate: gates[name].most }),
    };
  });
  tables.push({ task, n, rounds, rows });
  console.log(`\n${task}, n = ${n}`);
  for (const { name, seconds: time, oursOverPeer, experimentalOverPeer, residual } of rows) {
    console.log(
      `${name.padEnd(24)} ${showSpread(time)} s${residual === null ? '' : `, residual ${residual.toFixed(2)} n eps ‖A‖`}` +
        (oursOverPeer === undefined ? '' : `; ours takes ${showSpread(oursOverPeer)} × as long`) +
        (experimentalOverPeer === undefined ? '' : `, with experimental SIMD ${showSpread(experimentalOverPeer)} ×`),
    );
  }
}
for (const { stop } of running) stop();
rmSync(folder, { recursive: true });
const versions = Object.fromEntries(running.map(({ name, hello }) => [name, hello.version]));
record('dense', { seed: 1, versions, tables }, { results, smoke });
