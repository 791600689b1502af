// End to end: the 20 largest eigenvalues of the Hessian of a trained 784-256-256-10 tanh network over 2,048 MNIST images, tolerance
// 1e-3, on one thread and on two: ours (hessian + eigsh) against PyTorch (double backward, cached graph) + ARPACK (SciPy).
//
//   node bench/curvature.mjs [--smoke] [--results DIR] [--node PATH] [--torch /usr/bin/python3] [--weights FILE.npz]
//
// Every contestant lives in its own process; those with one thread are pinned to one core. They are asked in turn, each round with
// another seed; the first round is not counted. A ratio is the median of the ratios within rounds. The weights are those of
// packages/curvature/test/golden; another tanh network of dense layers with 784 inputs can be given as an .npz with W1, b1, … in it.
// Right means: all 20 values within the tolerance times the largest of a reference in float64 (tolerance 1e-10), made by the peer
// when the weights are others, else kept in results/curvatureReference.json. `--reference` makes that anew, and nothing else.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  here,
  nodeMajor,
  ratio,
  record,
  showSpread,
  spread,
  startAll,
  startContestant,
  suiteOptions,
} from './contest.mjs';
import { writeProblem } from './problem.mjs';

const { values: options } = parseArgs({
  options: { ...suiteOptions, weights: { type: 'string' }, reference: { type: 'boolean', default: false } },
});
const { smoke, results, node, torch } = options;
const job = { task: 'eigsh', k: 20, tol: 1e-3 };
const count = smoke ? 256 : 2048;
const rounds = smoke ? 1 : 5;
const { folder, widths, remove } = await writeProblem(count, { weightsFile: options.weights });

const referenceFile = `${here}results/curvatureReference.json`;
const kept = !smoke && options.weights === undefined && existsSync(referenceFile) && !options.reference;
const truth = kept ? JSON.parse(readFileSync(referenceFile, 'utf8')) : await makeReference();

async function makeReference() {
  const command = [torch, `${here}contestants/curvature_torch.py`, folder, '2', 'float64'];
  const { hello, ask, stop } = await startContestant({ name: 'reference', command, threads: 2 });
  if (hello.missing !== undefined) return undefined;
  const { values } = await ask(JSON.stringify({ ...job, tol: 1e-10, seed: 1 }));
  stop();
  const reference = { made: `${hello.version}, float64, eigsh tol 1e-10`, widths, examples: count, k: job.k, values };
  if (options.reference) writeFileSync(referenceFile, `${JSON.stringify(reference, null, 2)}\n`);
  return reference;
}

if (options.reference) {
  remove();
  console.log(truth === undefined ? 'the peer is missing: no reference made' : `${referenceFile} was made`);
  process.exit(truth === undefined ? 1 : 0);
}

const ours = (threads, flavour) => [
  node,
  `${here}contestants/curvatureContestant.mjs`,
  folder,
  String(threads),
  flavour,
];
const label = `ours, node ${nodeMajor(node)}`;
// thread for thread; and our fastest against the fastest of the peer, whatever the threads of either
const gates = { [label]: 1.6, [`${label}, experimental SIMD`]: 1.05 };
const bestGate = 0.9;
const running = await startAll(
  [1, 2].flatMap((threads) => [
    {
      name: 'PyTorch + ARPACK',
      threads,
      command: [torch, `${here}contestants/curvature_torch.py`, folder, String(threads)],
    },
    { name: label, threads, command: ours(threads, 'fast') },
    { name: `${label}, experimental SIMD`, threads, command: ours(threads, 'experimental') },
  ]),
);
const answers = new Map(running.map((contestant) => [contestant, []]));
for (let round = 0; round <= rounds; round++) {
  if (round === 0 && smoke) continue;
  for (const contestant of running) {
    const answer = await contestant.ask(JSON.stringify({ ...job, seed: round }));
    if (answer.missing !== undefined) throw new Error(`${contestant.name}: ${answer.missing}`);
    // nobody's first run counts: engines compile, pages are fresh
    if (round > 0) answers.get(contestant).push(answer);
  }
}
for (const { stop } of running) stop();
remove();

const wrong = ({ values }) =>
  truth === undefined
    ? undefined
    : truth.values.filter((value, i) => !(Math.abs(values[i] - value) <= job.tol * truth.values[0])).length;
const secondsOf = (contestant) => answers.get(contestant).map(({ seconds }) => seconds);
const rows = running.map((contestant) => {
  const { name, threads, hello } = contestant;
  const own = answers.get(contestant);
  const column = (list, key) => list.map((answer) => answer[key]);
  const peer = running.find((other) => other.name === 'PyTorch + ARPACK' && other.threads === threads);
  const isPeer = contestant === peer;
  return {
    name,
    threads,
    version: hello.version,
    seconds: spread(column(own, 'seconds')),
    construction: spread(column(own, 'construction')),
    products: spread(column(own, 'products')),
    outsideShare: spread(own.map(({ outside, seconds }) => outside / seconds)),
    wrongValues: truth === undefined ? null : Math.max(...own.map(wrong)),
    converged: own.every(({ converged }) => converged),
    ...(isPeer || peer === undefined
      ? {}
      : {
          overPeer: ratio(column(own, 'seconds'), column(answers.get(peer), 'seconds')),
          productsOverPeer: ratio(column(own, 'products'), column(answers.get(peer), 'products')),
          ...(threads === 1 ? { gate: gates[name] } : {}),
        }),
  };
});
for (const { name, threads, seconds, products, outsideShare, overPeer, wrongValues } of rows) {
  console.log(
    `${`${name}, ${threads} thread${threads > 1 ? 's' : ''}`.padEnd(46)} ${showSpread(seconds)} s, ${showSpread(products)} products, ` +
      `${(100 * outsideShare.median).toFixed(1)} % outside the operator, ${wrongValues} of ${job.k} wrong` +
      (overPeer === undefined ? '' : `, ${showSpread(overPeer)} × PyTorch + ARPACK`),
  );
}
const fastest = (isOurs) =>
  running
    .filter(({ name }) => name.startsWith('ours') === isOurs)
    .toSorted((a, b) => spread(secondsOf(a)).median - spread(secondsOf(b)).median)[0];
const [own, peer] = [fastest(true), fastest(false)];
const best =
  own === undefined || peer === undefined
    ? undefined
    : {
        ours: `${own.name}, ${own.threads}`,
        peer: `${peer.name}, ${peer.threads}`,
        overPeer: ratio(secondsOf(own), secondsOf(peer)),
        gate: bestGate,
      };
if (best !== undefined)
  console.log(`best against best: ${best.ours} takes ${showSpread(best.overPeer)} × ${best.peer} (threads)`);
const problem = { ...job, widths, examples: count, dtype: 'float32', loss: 'softmax cross-entropy' };
record(
  'curvature',
  { problem, rounds, reference: truth?.made ?? null, rows, ...(best && { best }) },
  { results, smoke },
);
