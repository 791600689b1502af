// All singular values of convolutions with circular padding, one thread: ours against numpy (fft2, then LAPACK at every frequency), as published code
// for them does.
//
//   node bench/complexity/convolutionSpectra.mjs [--smoke] [--results DIR] [--node PATH] [--python PATH]
//
// Two processes on one core are asked in turn for the spectrum of the same filters. Times are processor times (user and system), a ratio is the median of
// the ratios within rounds. Values must agree to 1e-12 of the largest.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stream } from '@hyperribbon/random';
import { here, quiet, ratio, record, showSpread, spread, startAll, suiteOptions } from '../contest.mjs';

const { values: options } = parseArgs({ options: suiteOptions });
const { smoke, results, node, python } = options;
const gates = { numpy: { most: 3 } };
const cases = [
  { inputs: 64, outputs: 64, kernel: 3, side: 32, rounds: 7, gates },
  { inputs: 64, outputs: 128, kernel: 3, side: 16, rounds: 7 },
  { inputs: 16, outputs: 16, kernel: 5, side: 31, rounds: 7 },
].map((problem) => (smoke ? { ...problem, side: 5, rounds: 2 } : problem));

const folder = mkdtempSync(join(tmpdir(), 'hyperribbon-spectra-'));
/** Filters (outputs, kernel, kernel, inputs) as a file for both. */
function filtersFile({ inputs, outputs, kernel }) {
  const size = outputs * kernel * kernel * inputs;
  const filters = stream({ seed: 1, purpose: 'bench/convolutionSpectra' }).normal(new Float64Array(size));
  const file = join(folder, `${outputs}-${kernel}-${inputs}`);
  writeFileSync(file, new Uint8Array(filters.buffer));
  return file;
}

const running = await startAll([
  { name: 'numpy', command: [python, `${here}contestants/convolution_spectra_numpy.py`] },
  { name: 'ours', command: [node, `${here}contestants/convolutionSpectraContestant.mjs`] },
]);
const tables = [];
for (const { rounds, gates: limits, ...problem } of cases) {
  const question = JSON.stringify({ ...problem, file: filtersFile(problem) });
  const answers = running.map(() => []);
  // the first call compiles: it is asked for and not counted
  for (const { ask } of running) await ask(question);
  for (let round = 0; round < rounds; round++)
    for (const [i, { ask, name }] of running.entries()) {
      const answer = await ask(question);
      if (answer.missing !== undefined) throw new Error(`${name}: ${answer.missing}`);
      answers[i].push(answer);
    }
  const [truth] = answers[0].at(-1).values;
  const seconds = answers.map((list) => list.map((answer) => answer.seconds));
  const rows = running.map(({ name }, i) => {
    const { values } = answers[i].at(-1);
    const apart = Math.max(...values.map((value, k) => Math.abs(value - answers[0].at(-1).values[k]))) / truth;
    if (!(apart < 1e-12)) throw new Error(`${name}: values differ by ${apart} of the largest`);
    return {
      name,
      seconds: spread(seconds[i]),
      valuesApart: apart,
      ...(name === 'ours' || running.length < 2 ? {} : { oursOverPeer: ratio(seconds.at(-1), seconds[i]) }),
      ...(limits?.[name] === undefined ? {} : { gate: limits[name].most }),
    };
  });
  tables.push({ ...problem, rounds, rows });
  const { inputs, outputs, kernel, side } = problem;
  console.log(`\n${inputs} to ${outputs} channels, ${kernel} × ${kernel}, image ${side} × ${side}`);
  for (const { name, seconds: time, oursOverPeer, gate } of rows)
    console.log(
      `${name.padEnd(8)} ${showSpread(time)} s` +
        (oursOverPeer === undefined ? '' : `; ours takes ${showSpread(oursOverPeer)} × as long`) +
        (gate === undefined ? '' : `, at most ${gate} wanted`),
    );
}
for (const { stop } of running) stop();
rmSync(folder, { recursive: true });
if (!quiet) console.log('\nthe machine had other work: compare ratios only, and draw no conclusions from times');
const versions = Object.fromEntries(running.map(({ name, hello }) => [name, hello.version]));
record('convolutionSpectra', { versions, tables }, { results });
