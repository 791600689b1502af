// Every suite of the solver, one after another, then the tables and the plot of docs/benchmarks.md.
//
//   node bench/solver.mjs [--smoke] [--only eigsh,dense] [--results DIR] [--node PATH] [--python PATH] [--torch PATH]
//
// With --smoke, or with other results than bench/results, the documents are left alone. Wants a quiet machine, and 15 minutes at most.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { here, suiteOptions } from './contest.mjs';

const suites = ['eigsh', 'dense', 'curvature', 'workers', 'growth'];
const { values: options } = parseArgs({ options: { ...suiteOptions, only: { type: 'string' } } });
const { smoke, results, node, python, torch, only } = options;
const chosen = only === undefined ? suites : only.split(',');
const run = (file, args) => spawnSync(process.execPath, [`${here}${file}`, ...args], { stdio: 'inherit' }).status === 0;
const failed = [];
for (const suite of chosen) {
  if (!suites.includes(suite)) throw new Error(`solver: there is no suite ${suite}; there are ${suites.join(', ')}`);
  const started = performance.now();
  console.log(`\n=== ${suite}`);
  const args = [
    '--results',
    results,
    '--node',
    node,
    '--python',
    python,
    '--torch',
    torch,
    ...(smoke ? ['--smoke'] : []),
  ];
  if (!run(`${suite}.mjs`, args)) failed.push(suite);
  console.log(`=== ${suite}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
}
if (!smoke && results === suiteOptions.results.default && !run('table.mjs', [])) failed.push('table');
console.log(failed.length === 0 ? '\nall suites ran' : `\nfailed: ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
