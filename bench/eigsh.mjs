// eigsh against ARPACK (SciPy) on operators whose eigenvalues are known: products, seconds, and whether the set is right.
//
//   node bench/eigsh.mjs [--smoke] [--results DIR] [--node PATH] [--python PATH]
//
// Every contestant lives in its own process on one core with one thread; a round asks all of them with the same seed, each
// on a start vector of its own making. A ratio is the median of the ratios within rounds. Needs python3 with scipy for the peers.
import { parseArgs } from 'node:util';
import { here, ratio, record, showSpread, spread, startAll, suiteOptions } from './contest.mjs';
import { judge } from './operators.mjs';

const { values: options } = parseArgs({ options: suiteOptions });
const { smoke, results, node, python } = options;
const small = { family: 'laplacian', parameter: 60, k: 10, tol: 1e-10 };
const cases = [
  { name: '2-D Laplacian 300 × 300', ...small, parameter: 300, rounds: 1, gate: { products: 1, seconds: 1 } },
  { name: '2-D Laplacian 60 × 60', ...small, rounds: 5 },
  { name: 'hypercube of dimension 12', family: 'hypercube', parameter: 12, k: 13, tol: 1e-10, rounds: 5 },
  { name: 'sloppy spectrum, n = 100,000', family: 'sloppy', parameter: 100_000, k: 20, tol: 1e-10, rounds: 3 },
];
if (smoke) for (const problem of cases) problem.rounds = 1;
if (smoke) cases[0] = { ...cases[0], name: '2-D Laplacian 100 × 100', parameter: 100 };

const running = await startAll([
  { name: 'ours', command: [node, `${here}contestants/eigshContestant.mjs`] },
  { name: 'ARPACK', command: [python, `${here}contestants/eigsh_scipy.py`] },
  { name: 'ARPACK, basis of 40', command: [python, `${here}contestants/eigsh_scipy.py`, '40'] },
]);
const tables = [];
for (const { rounds, gate, ...problem } of cases) {
  const answers = new Map(running.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, ask } of running) {
      const { values, ...answer } = await ask(JSON.stringify({ ...problem, seed: round, maxMatvecs: 200_000 }));
      if (answer.missing !== undefined) throw new Error(`${name}: ${answer.missing}`);
      answers.get(name).push({ ...answer, ...judge(values, problem) });
    }
  }
  const column = (name, key) => answers.get(name)?.map((answer) => answer[key]);
  const rows = running.map(({ name }) => {
    const right = column(name, 'right');
    const converged = column(name, 'converged');
    return {
      name,
      rounds,
      products: spread(column(name, 'products')),
      seconds: spread(column(name, 'seconds')),
      right: right.filter(Boolean).length,
      /** the set is wrong and said to be converged */
      falselyConverged: right.filter((good, i) => !good && converged[i]).length,
      error: Math.max(...column(name, 'error')),
      ...(name === 'ours' ? {} : { oursOverPeer: pair('ours', name) }),
    };
    function pair(own, other) {
      const of = (key) => ratio(column(own, key), column(other, key));
      return { products: of('products'), seconds: of('seconds') };
    }
  });
  tables.push({ ...problem, ...(gate === undefined ? {} : { gate }), rows });
  console.log(`\n${problem.name}, k = ${problem.k}, tol = ${problem.tol}`);
  for (const { name, products, seconds, right, falselyConverged, error } of rows) {
    console.log(
      `${name.padEnd(22)} ${showSpread(products)} products, ${showSpread(seconds)} s, right in ${right} of ${rounds}` +
        `${falselyConverged > 0 ? `, WRONG AND CALLED CONVERGED in ${falselyConverged}` : ''}, error ${error.toExponential(1)} ‖A‖`,
    );
  }
}
for (const { stop } of running) stop();
const versions = Object.fromEntries(running.map(({ name, hello }) => [name, hello.version]));
record('eigsh', { versions, tables }, { results, smoke });
