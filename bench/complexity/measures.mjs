// All measures but searches, of a network of about a million weights: processor time of this process, five seconds wanted.
//
//   node bench/complexity/measures.mjs [--smoke] [--results DIR] [--examples 2000] [--rounds 3]
//
// Norms of layers and their changes, norms of the sample, path norms, Fisher–Rao and all that follows; no searches for σ, and no exact spectra of
// convolutions, of which these networks have none or take limits. Weights are those of a start, examples are drawn.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allMeasures } from '@hyperribbon/complexity';
import { parseArchitecture } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { here, quiet, record, showSpread, spread } from '../contest.mjs';

const { values: options } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    results: { type: 'string', default: join(here, 'results') },
    examples: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '3' },
  },
});
const texts = options.smoke
  ? ['mlp:relu:784,20,10']
  : ['mlp:relu:784,800,400,10', 'mlp:relu:784,512,512,512,10', 'lenet:32,64:700,84:10'];
const count = options.smoke ? 20 : Number(options.examples);

const rows = [];
for (const text of texts) {
  const network = parseArchitecture(text);
  const features = network.inputs;
  const inputs = stream({ seed: 1, purpose: 'bench/measures' }).uniform(new Float32Array(count * features));
  const labels = Int32Array.from({ length: count }, (_, i) => i % network.classes);
  const examples = { inputs, labels, count, features, classes: network.classes };
  const [params, reference] = [1, 2].map((seed) => network.init(seed));
  const seconds = [];
  let measures = [];
  for (let round = 0; round < Number(options.rounds); round++) {
    const before = process.cpuUsage();
    measures = await allMeasures(network, params, examples, { reference, searches: false, convolutions: 'filters' });
    const { user, system } = process.cpuUsage(before);
    seconds.push((user + system) / 1e6);
  }
  const time = spread(seconds);
  rows.push({
    network: text,
    weights: network.size,
    examples: count,
    measures: measures.length,
    seconds: time,
    gate: 5,
  });
  console.log(
    `${text.padEnd(28)} ${network.size} weights, ${count} examples, ${measures.length} measures: ${showSpread(time)} s`,
  );
}
if (!quiet) console.log('\nthe machine had other work: draw no conclusions from times');
record('measures', { rows }, { results: options.results });
