// What a second thread is worth: products with the Hessian of a 784-256-256-10 tanh network over 10,000 MNIST images, workers: 2 against
// one thread.
//
//   node bench/workers.mjs [--smoke] [--results DIR] [--node PATH] [--threads 1,2]
//
// Each number of threads lives in its own process, free to use all cores; they are asked in turn. A speed-up is the median of the ratios
// within rounds. All must have the same bits.
import { parseArgs } from 'node:util';
import { here, nodeMajor, ratio, record, showSpread, spread, startAll, suiteOptions } from './contest.mjs';
import { writeProblem } from './problem.mjs';

const { values: options } = parseArgs({
  options: { ...suiteOptions, threads: { type: 'string', default: '1,2' } },
});
const { smoke, results, node } = options;
const count = smoke ? 2048 : 10_000;
const rounds = smoke ? 2 : 12;
const { folder, widths, remove } = await writeProblem(count);
const gate = 1.8;
const tables = [];
for (const flavour of ['fast', 'experimental', 'deterministic']) {
  const running = await startAll(
    options.threads.split(',').map((threads) => ({
      name: `${threads} thread${threads === '1' ? '' : 's'}`,
      count: Number(threads),
      // not pinned, whatever the number
      threads: 2,
      command: [node, `${here}contestants/curvatureContestant.mjs`, folder, threads, flavour],
    })),
  );
  if (running.length === 0) continue;
  const question = JSON.stringify({ task: 'product', repeats: 3 });
  const answers = new Map(running.map(({ name }) => [name, []]));
  for (const { ask } of running) await ask(question);
  for (let round = 0; round < rounds; round++) {
    for (const { name, ask } of running) {
      const answer = await ask(question);
      if (answer.missing !== undefined) throw new Error(`${name}: ${answer.missing}`);
      answers.get(name).push(answer);
    }
  }
  for (const { stop } of running) stop();
  const bits = new Set([...answers.values()].flat().map((answer) => answer.bits));
  if (bits.size !== 1) throw new Error(`${flavour}: the bits depend on the number of threads`);
  const [alone] = running;
  const seconds = (name) => answers.get(name).map((answer) => answer.seconds);
  const rows = running.map(({ name, count: threads }) => ({
    threads,
    seconds: spread(seconds(name)),
    gigaflopsPerSecond: answers.get(name)[0].gigaflops / spread(seconds(name)).median,
    ...(name === alone.name ? {} : { faster: ratio(seconds(alone.name), seconds(name)), gate }),
  }));
  tables.push({ flavour, version: alone.hello.version, rows });
  console.log(`\n${flavour}: ${alone.hello.version}`);
  for (const { threads, seconds: time, gigaflopsPerSecond, faster } of rows) {
    console.log(
      `${threads} threads: ${showSpread(time)} s a product, ${gigaflopsPerSecond.toFixed(1)} GFLOPS` +
        (faster === undefined ? '' : `, ${showSpread(faster)} × as fast as one`),
    );
  }
}
remove();
const problem = { widths, examples: count, dtype: 'float32', node: nodeMajor(node) };
record('workers', { problem, rounds, tables }, { results, smoke });
