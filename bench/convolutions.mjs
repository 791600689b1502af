// Convolutions and products of attention, forward and backward, float32, one thread: their rate against that of the product of two
// 768 × 768 matrices in the same process and round.
//
//   node bench/convolutions.mjs [--rounds 8] [--seconds 0.1] [--node PATH] [--batch 64] [--results FOLDER]
//
// One process per flavour, all asked in turn. Planned functions of constants: padding images and turning weights count, copies of
// arguments do not; times are processor times (user and system). A ratio is the median over rounds of the ratios within a round.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { here, nodeBinary, quiet, record, showSpread, spread, startAll } from './contest.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '0.1' },
    node: { type: 'string', default: nodeBinary(24) },
    batch: { type: 'string', default: '64' },
    results: { type: 'string', default: join(here, 'results') },
  },
});
const ours = (flavour) => [values.node, `${here}contestants/convolutionsContestant.mjs`, flavour, values.batch];
const running = await startAll([
  { name: 'fast', command: ours('fast') },
  { name: 'experimental SIMD', command: ours('experimental') },
  { name: 'deterministic', command: ours('deterministic') },
]);
const times = running.map(() => []);
for (let round = 0; round < Number(values.rounds); round++)
  for (const [i, { ask }] of running.entries()) times[i].push(await ask(values.seconds));
for (const { stop } of running) stop();

const rows = running.flatMap(({ name, hello: { version, cases } }, i) =>
  cases.map(({ label, flops, bytes }, k) => {
    const rate = (seconds, at) => cases[at].flops / seconds[at] / 1e9;
    const against = spread(times[i].map((seconds) => rate(seconds, k) / rate(seconds, 0)));
    return { name, version, case: label, flops, bytes, gigaflops: spread(times[i].map((s) => rate(s, k))), against };
  }),
);
for (const [k, { label }] of running[0].hello.cases.entries()) {
  const shown = running.map(({ name }, i) => {
    const { gigaflops, against } = rows[i * running[0].hello.cases.length + k];
    return `${name} ${gigaflops.median.toFixed(0).padStart(4)} GFLOPS, ${showSpread(against, 2).padEnd(17)}`;
  });
  console.log(`${label.padEnd(36)} ${shown.join('  ')}`);
}
if (!quiet) console.log('\nthe machine had other work: compare ratios only, and draw no conclusions from rates');
record('convolutions', { against: 'product 768', rounds: Number(values.rounds), rows }, { results: values.results });
