// Writes the tables of docs/benchmarks.md, and its plot, from bench/results/*.json.
//
//   node bench/table.mjs            rewrites what stands between <!-- bench: NAME --> and <!-- end -->, and docs/figures/growth.svg
//   node bench/table.mjs --check    changes nothing; exit code 1 if anything is out of date
//   node bench/table.mjs --results DIR --out DIR     from other results, into other files
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { growthPlot } from './growthPlot.mjs';

const root = new URL('..', import.meta.url).pathname;
const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    results: { type: 'string', default: join(root, 'bench/results') },
    out: { type: 'string', default: join(root, 'docs') },
  },
});

const read = (name) => {
  const file = join(options.results, `${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
};

const show = (value, digits = 3) => Number(value.toPrecision(digits)).toString();
const range = ({ median, low, high }, digits = 3) =>
  low === high ? show(median, digits) : `${show(median, digits)} [${show(low, digits)}, ${show(high, digits)}]`;
const timesCell = (value) => (value === undefined ? '–' : `${range(value)} ×`);
/** Gate and verdict: `most` for times taken, `least` for speed-ups. */
const gateCell = (value, { most, least } = {}) => {
  if (value === undefined || (most ?? least) === undefined) return '–';
  const met = most === undefined ? value >= least : value <= most;
  return `${most === undefined ? '≥' : '≤'} ${show(most ?? least)}: ${met ? 'met' : '**missed**'}`;
};
const table = (heads, rows) => [
  `| ${heads.join(' | ')} |`,
  `|${heads.map((_, i) => (i === 0 ? '---' : '---:')).join('|')}|`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
];

/** Machine, date, commit, versions: what a number is worth nothing without. */
function about({ machine, date, commit, smoke, rounds, versions = {} }) {
  const { cpu, cores, loadBefore, quiet } = machine;
  const [hash, ...changed] = commit.split(' ');
  const lines = [
    `${cpu}, ${cores} cores; ${date.slice(0, 10)}, commit ${hash.slice(0, 7)}${changed.length > 0 ? ' with changes' : ''}` +
      `${rounds === undefined ? '' : `; ${rounds} rounds`}.` +
      (quiet ? '' : ` **The machine had other work** (load ${loadBefore}): read ratios only.`) +
      (smoke ? ' **Smoke sizes: no measurement.**' : ''),
  ];
  const list = Object.entries(versions).map(([name, version]) => `${name}: ${version}`);
  if (list.length > 0) lines.push('', `Versions: ${list.join('; ')}.`);
  return ['', ...lines];
}

const versionsOf = (rows) => Object.fromEntries(rows.map(({ name, version }) => [name, version]));

const blocks = {
  eigsh: (result) => [
    ...result.tables.flatMap(({ name, k, tol, gate, rows }) => [
      '',
      `**${name}**, k = ${k}, tolerance ${tol}`,
      '',
      ...table(
        ['', 'products', 'seconds', 'right set', 'wrong set called converged', 'our products', 'our time'],
        rows.map((row) => {
          const { products, seconds } = row.oursOverPeer ?? {};
          return [
            row.name,
            range(row.products, 6),
            range(row.seconds),
            `${row.right} of ${row.rounds}`,
            row.falselyConverged > 0 ? `**${row.falselyConverged} of ${row.rounds}**` : '0',
            gate !== undefined && row.name === 'ARPACK'
              ? `${timesCell(products)}; ${gateCell(products?.median, { most: gate.products })}`
              : timesCell(products),
            gate !== undefined && row.name === 'ARPACK'
              ? `${timesCell(seconds)}; ${gateCell(seconds?.median, { most: gate.seconds })}`
              : timesCell(seconds),
          ];
        }),
      ),
    ]),
    ...about(result),
  ],
  dense: (result) => [
    ...table(
      ['', 'n', 'LAPACK, s', 'ours, s', 'ml-matrix, s', 'numpy-ts, s', 'ours / LAPACK', 'ml-matrix / ours', 'residual'],
      result.tables.flatMap(({ task, n, rows }) =>
        [
          { label: task, ours: 'ours', ratio: 'oursOverPeer' },
          { label: `${task}, experimental SIMD`, ours: 'ours, experimental SIMD', ratio: 'experimentalOverPeer' },
        ].flatMap(({ label, ours, ratio }) => {
          const by = (name) => rows.find((row) => row.name === name);
          if (by(ours) === undefined) return [];
          const seconds = (name) => (by(name) === undefined ? '–' : range(by(name).seconds));
          const [lapack, ml] = [by('LAPACK'), by('ml-matrix')];
          const faster = ml?.[ratio] === undefined ? undefined : 1 / ml[ratio].median;
          const { residual } = by(ours);
          return [
            [
              label,
              n,
              seconds('LAPACK'),
              seconds(ours),
              seconds('ml-matrix'),
              seconds('numpy-ts'),
              `${timesCell(lapack?.[ratio])}${lapack?.gate === undefined ? '' : `; ${gateCell(lapack[ratio]?.median, { most: lapack.gate })}`}`,
              faster === undefined
                ? '–'
                : `${show(faster)} ×${ml.gate === undefined ? '' : `; ${gateCell(faster, { least: 1 / ml.gate })}`}`,
              residual === null ? '–' : show(residual, 2),
            ],
          ];
        }),
      ),
    ),
    ...about(result),
  ],
  curvature: (result) => [
    ...table(
      ['', 'threads', 'seconds', 'products', 'outside the operator', 'wrong values', '/ PyTorch + ARPACK', 'gate'],
      result.rows.map((row) => [
        row.name,
        row.threads,
        range(row.seconds),
        range(row.products),
        `${show(100 * row.outsideShare.median, 2)} %`,
        row.wrongValues ?? '–',
        timesCell(row.overPeer),
        gateCell(row.overPeer?.median, { most: row.gate }),
      ]),
    ),
    ...(result.best === undefined
      ? []
      : [
          '',
          `Best against best: ${result.best.ours} thread(s), against ${result.best.peer}: ${timesCell(result.best.overPeer)}; gate ${gateCell(result.best.overPeer?.median, { most: result.best.gate })}.`,
        ]),
    ...about({ ...result, versions: versionsOf(result.rows) }),
  ],
  workers: (result) => [
    ...table(
      ['kernels', 'threads', 'seconds a product', 'GFLOPS', 'faster than one thread', 'gate'],
      result.tables.flatMap(({ flavour, rows }) =>
        rows.map((row) => [
          flavour,
          row.threads,
          range(row.seconds),
          show(row.gigaflopsPerSecond),
          timesCell(row.faster),
          gateCell(row.faster?.median, { least: row.gate }),
        ]),
      ),
    ),
    ...about({ ...result, versions: Object.fromEntries(result.tables.map((one) => [one.flavour, one.version])) }),
  ],
  growth: (result) => [
    '![time and memory of eigsh against size](figures/growth.svg)',
    '',
    ...table(
      ['unknowns', 'products', 'seconds', 'peak memory, MiB'],
      result.rows.map((row) => [row.n.toExponential(0), row.products, range(row.seconds), show(row.bytes / 2 ** 20)]),
    ),
    '',
    `Slope of the logarithms (1 is linear): time of a product ${result.slopes.secondsPerProduct.toFixed(2)}, memory ${result.slopes.bytes.toFixed(2)}.`,
    ...about({ ...result, versions: { ours: result.version } }),
  ],
  hvp: (result) => [
    ...table(
      ['', 'milliseconds', '/ PyTorch', '/ jax-js'],
      result.rows.map((row) => [
        row.name,
        range(row.milliseconds),
        timesCell(row.timesPytorch),
        timesCell(row.timesJax),
      ]),
    ),
    ...about({ ...result, versions: versionsOf(result.rows) }),
  ],
  gemm: (result) => [
    ...table(
      ['', 'dtype', ...result.tables.flatMap(({ n }) => [`n = ${n}, GFLOPS`, '/ numpy'])],
      result.tables[0].rows.map(({ name, dtype }) => [
        name,
        dtype,
        ...result.tables.flatMap(({ rows }) => {
          const row = rows.find((other) => other.name === name);
          return [range(row.gflops), timesCell(row.perNumpy)];
        }),
      ]),
    ),
    '',
    'The same products with the images of MNIST, whose zeros are left out, against random numbers in their place:',
    '',
    ...table(
      ['', 'x V, (1024, 784) by (784, 256)', 'xᵀ D, (784, 1024) by (1024, 256)'],
      [...new Set(result.onImages.map(({ name }) => name))].map((name) => [
        name,
        ...result.onImages.filter((row) => row.name === name).map(({ ratio }) => timesCell(ratio)),
      ]),
    ),
    ...about(result),
  ],
};

/** The document with its marked blocks made anew. */
function withTables(text) {
  return text.replaceAll(/(<!-- bench: (\w+) -->)[\s\S]*?(<!-- end -->)/g, (_, open, name, close) => {
    const block = blocks[name];
    if (block === undefined) throw new Error(`docs/benchmarks.md: there is no table ${name}`);
    const result = read(name);
    const lines = result === undefined ? ['Not recorded yet: `node bench/solver.mjs`.'] : block(result);
    return [open, '', ...lines, '', close].join('\n');
  });
}

/** As prettier, which CI asks, wants it. */
function formatted(text) {
  const prettier = join(root, 'node_modules/prettier/bin/prettier.cjs');
  const run = spawnSync(process.execPath, [prettier, '--stdin-filepath', source], { input: text, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout;
}

const source = join(root, 'docs/benchmarks.md');
const files = { 'benchmarks.md': formatted(withTables(readFileSync(source, 'utf8'))) };
const growth = read('growth');
if (growth !== undefined) files['figures/growth.svg'] = growthPlot(growth);

let stale = 0;
for (const [name, text] of Object.entries(files)) {
  const path = join(options.out, name);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  stale += 1;
  if (options.check) console.log(`docs/${name} is not what bench/results say: node bench/table.mjs`);
  else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
process.exit(options.check && stale > 0 ? 1 : 0);
