// Sparse matrices against SciPy: one product with compressed rows, and the largest eigenvalues of the 300 × 300 grid Laplacian given so.
//
//   node bench/sparse/sparse.mjs [--smoke] [--only product,eigsh] [--results DIR] [--node PATH] [--python PATH]
//
// Every contestant lives in its own process on one core with one thread; a round asks each in turn. Products: the median of ten calls a
// round, on the same matrix and vector, whose results must have the same bits. Eigenvalues: eigsh(A, k, which = 'LM') of both with tol 1e-10 and
// SciPy's own basis, k = 10 as in eigsh.mjs and k = 6, where ARPACK happens to have it easier; then SciPy with all its defaults (k = 6, tol = 0: machine precision),
// ours with tol 1e-13. The values are compared with the closed form. A ratio is the median of the ratios within rounds. Needs python3 with scipy for the peer.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stream } from '@hyperribbon/random';
import { here, ratio, record, showSpread, spread, startAll, suiteOptions } from '../contest.mjs';

const { values: options } = parseArgs({
  options: { ...suiteOptions, only: { type: 'string', default: 'product,eigsh' } },
});
const { smoke, results, node, python } = options;
const asked = options.only.split(',');
const folder = mkdtempSync(join(tmpdir(), 'hyperribbon-sparse-'));
const save = (name, array) => writeFileSync(join(folder, name), new Uint8Array(array.buffer));

/** `perRow` entries in each row at columns drawn at random, ascending (fewer where some fall together). */
function drawRandom(name, n, perRow) {
  const random = stream({ seed: 1, purpose: 'bench/sparse' });
  const places = random.uniform(new Float64Array(n * perRow));
  const offsets = new Int32Array(n + 1);
  const indices = new Int32Array(n * perRow);
  let length = 0;
  for (let i = 0; i < n; i++) {
    const row = Array.from(places.subarray(i * perRow, (i + 1) * perRow), (u) => Math.floor(u * n));
    for (const j of new Set(row.toSorted((a, b) => a - b))) indices[length++] = j;
    offsets[i + 1] = length;
  }
  save(`${name}.offsets`, offsets);
  save(`${name}.indices`, indices.slice(0, length));
  save(`${name}.values`, random.normal(new Float64Array(length)));
  save(`${name}.x`, random.normal(new Float64Array(n)));
  return { n, entries: length };
}

/** The five-point Laplacian of an m × m grid: what most sparse matrices look like, columns near each other. */
function grid(name, m) {
  const n = m * m;
  const offsets = new Int32Array(n + 1);
  const indices = new Int32Array(5 * n);
  const values = new Float64Array(5 * n);
  let length = 0;
  for (let i = 0; i < n; i++) {
    const row = [i >= m && i - m, i % m > 0 && i - 1, i, i % m < m - 1 && i + 1, i + m < n && i + m];
    for (const j of row.filter((j) => j !== false)) {
      indices[length] = j;
      values[length++] = j === i ? 4 : -1;
    }
    offsets[i + 1] = length;
  }
  save(`${name}.offsets`, offsets);
  save(`${name}.indices`, indices.slice(0, length));
  save(`${name}.values`, values.slice(0, length));
  save(`${name}.x`, stream({ seed: 2, purpose: 'bench/sparse' }).normal(new Float64Array(n)));
  return { n, entries: length };
}

const scale = smoke ? 10 : 1;
const products = [
  { name: 'random', title: 'random columns', ...drawRandom('random', 1_000_000 / scale, 5) },
  { name: 'grid', title: 'grid Laplacian', ...grid('grid', 1000 / scale) },
];
const m = smoke ? 30 : 300;
const laplacian = grid('laplacian', m);
const eigenproblems = [
  { task: 'eigsh', name: 'laplacian', k: 10, scipy: 1e-10, ours: 1e-10, rounds: 1, gate: 0.1 },
  { task: 'eigsh', name: 'laplacian', k: 6, scipy: 1e-10, ours: 1e-10, rounds: 1 },
  { task: 'eigsh', name: 'laplacian', k: 6, scipy: 0, ours: 1e-13, rounds: 1 },
];

const running = await startAll([
  { name: 'ours', command: [node, `${here}contestants/sparseContestant.mjs`, folder] },
  { name: 'SciPy', command: [python, `${here}contestants/sparse_scipy.py`, folder] },
]);
const askAll = async (rounds, question) => {
  const answers = new Map(running.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, ask } of running) {
      const answer = await ask(
        JSON.stringify({ ...question, round, tol: question[name === 'ours' ? 'ours' : 'scipy'] }),
      );
      if (answer.missing !== undefined) throw new Error(`${name}: ${answer.missing}`);
      answers.get(name).push(answer);
    }
  }
  return answers;
};
const oursOver = (answers, key) =>
  ratio(
    answers.get('ours').map((answer) => answer[key]),
    answers.get('SciPy')?.map((answer) => answer.seconds),
  );
const tables = [];
for (const { name, title, n, entries } of asked.includes('product') ? products : []) {
  const answers = await askAll(smoke ? 2 : 15, { task: 'product', name });
  const digests = new Set([...answers.values()].flat().map(({ digest }) => digest));
  if (digests.size !== 1) throw new Error(`${title}: the products differ: ${[...digests].join(', ')}`);
  const seconds = Object.fromEntries([...answers].map(([who, list]) => [who, spread(list.map((one) => one.seconds))]));
  const row = {
    title,
    n,
    entries,
    seconds,
    transposed: spread(answers.get('ours').map((answer) => answer.transposed)),
    half: name === 'grid' ? spread(answers.get('ours').map((answer) => answer.half)) : undefined,
    block4: spread(answers.get('ours').map((answer) => answer.block4)),
    oursOverPeer: oursOver(answers, 'seconds'),
    gate: { most: 1.3 },
  };
  tables.push(row);
  console.log(`\nproduct, ${title}, n = ${n}, ${entries} entries`);
  for (const [who, time] of Object.entries(seconds)) console.log(`${who.padEnd(8)} ${showSpread(time)} s`);
  if (row.oursOverPeer !== undefined) console.log(`ours takes ${showSpread(row.oursOverPeer)} × as long, same bits`);
  for (const kind of ['transposed', 'half', 'block4'])
    if (row[kind] !== undefined) console.log(`ours, ${kind}: ${showSpread(row[kind])} s`);
}

const sine = (i) => 4 * Math.sin((i * Math.PI) / (2 * (m + 1))) ** 2;
const exact = Array.from({ length: 5 }, (_, i) => Array.from({ length: 5 }, (_, j) => sine(m - i) + sine(m - j)))
  .flat()
  .toSorted((a, b) => b - a)
  .slice(0, 10);
for (const { rounds, gate, ...problem } of asked.includes('eigsh') ? eigenproblems : []) {
  const answers = await askAll(rounds, problem);
  const error = ([who, list]) => [
    who,
    Math.max(...list.flatMap(({ values }) => values.map((value, i) => Math.abs(value - exact[i])))),
  ];
  const errors = Object.fromEntries([...answers].map(error));
  for (const [who, worst] of Object.entries(errors))
    if (!(worst < 1e-8)) throw new Error(`${who}: values off by ${worst}`);
  const row = {
    title: 'eigsh of the grid Laplacian',
    ...laplacian,
    ...problem,
    seconds: Object.fromEntries([...answers].map(([who, list]) => [who, spread(list.map((one) => one.seconds))])),
    products: Object.fromEntries([...answers].map(([who, list]) => [who, spread(list.map((one) => one.products))])),
    errors,
    oursOverPeer: oursOver(answers, 'seconds'),
    ...(gate === undefined ? {} : { gate: { most: gate } }),
  };
  tables.push(row);
  console.log(`\neigsh, n = ${laplacian.n}, k = ${problem.k}, tol ${problem.ours} (ours), ${problem.scipy} (SciPy)`);
  for (const [who, time] of Object.entries(row.seconds))
    console.log(
      `${who.padEnd(8)} ${showSpread(time)} s, ${row.products[who].median} products, values off by ${errors[who].toExponential(1)}`,
    );
  if (row.oursOverPeer !== undefined) console.log(`ours takes ${showSpread(row.oursOverPeer)} × as long`);
}
for (const { stop } of running) stop();
rmSync(folder, { recursive: true });
const versions = Object.fromEntries(running.map(({ name, hello }) => [name, hello.version]));
for (const [part, file] of Object.entries({ product: 'sparseProducts', eigsh: 'sparseEigsh' })) {
  const own = tables.filter((table) => (table.task === 'eigsh') === (part === 'eigsh'));
  if (own.length > 0) record(file, { seed: 1, versions, tables: own }, { results, smoke });
}
