// The network of the curvature benches with its data, as raw files that every contestant reads, whatever its language.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mnist, parseNpz } from '@hyperribbon/data';
import { flatten, mlp, networkProgram } from '@hyperribbon/nn';
import { networkFromArrays } from '@hyperribbon/nn/models';

const golden = new URL('../packages/curvature/test/golden/', import.meta.url);

/** The trained 784-256-256-10 tanh network of the tests, or that of an .npz given by path: { widths, weights }. */
export function trainedNetwork(path = new URL('mlp784-256-256-10-tanh.npz', golden)) {
  const arrays = parseNpz(readFileSync(path));
  const { network } = networkFromArrays('mlp:tanh', arrays);
  const weights = flatten(network, Object.fromEntries([...arrays].map(([name, { data }]) => [name, data])));
  const widths = [network.inputs, ...networkProgram(network, 1).maps.map(({ outputs }) => outputs)];
  return { widths, weights: Float32Array.from(weights) };
}

/** Writes weights, the first `count` MNIST training images and what else is given into a folder of its own. */
export async function writeProblem(count, { weightsFile, ...more } = {}) {
  const { widths, weights } = trainedNetwork(weightsFile);
  const { train } = await mnist({ limit: count });
  const folder = mkdtempSync(join(tmpdir(), 'hyperribbon-bench-'));
  for (const [name, data] of Object.entries({ inputs: train.inputs, labels: train.labels, weights, ...more })) {
    writeFileSync(join(folder, name), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  writeFileSync(join(folder, 'problem.json'), JSON.stringify({ widths, count, folder }));
  return { folder, widths, remove: () => rmSync(folder, { recursive: true }) };
}

/** What {@link writeProblem} wrote, for contestants in JavaScript. */
export function readProblem(folder, activation = 'tanh') {
  const problem = JSON.parse(readFileSync(join(folder, 'problem.json'), 'utf8'));
  const { widths, count } = problem;
  const read = (file, Type) => new Type(Uint8Array.from(readFileSync(join(folder, file))).buffer);
  const examples = {
    inputs: read('inputs', Float32Array),
    labels: read('labels', Int32Array),
    count,
    features: widths[0],
    classes: widths.at(-1),
  };
  return { ...problem, network: mlp(widths, { activation }), weights: read('weights', Float32Array), examples, read };
}
