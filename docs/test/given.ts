// What examples in docstrings use without making it, because everybody knows what it is: A is an operator, net a network, digits its data.
import { full, mul, type Tensor } from '@hyperribbon/autodiff';
import { bhattacharyyaDivergences, divergenceBlock, divergenceRows } from '@hyperribbon/linear-dynamics';
import { fromDenseRectangular, fromMatvec } from '@hyperribbon/linop';
import { mlp, networkProgram, type Network } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { g0Network, g0Norms } from '../../packages/complexity/test/g0.js';
import { sampleAnalysis } from '../../packages/report/test/fixtures/analysis.js';

const n = 40;
/** Second differences of a line of n points. */
const line = fromMatvec(n, (x, out) => {
  for (let i = 0; i < n; i++) out[i] = 2 * x[i]! - (x[i - 1] ?? 0) - (x[i + 1] ?? 0);
});
const wide = fromDenseRectangular(
  Float64Array.from({ length: 60 }, (_, i) => Math.sin(i * i)),
  10,
  6,
);

const net: Network = mlp([6, 4, 3]);
const params = net.init(1);
const examples = (seed: number): object => ({
  inputs: stream({ seed, purpose: 'inputs' }).normal(new Float32Array(20 * 6)),
  labels: Int32Array.from({ length: 20 }, (_, i) => i % 3),
  count: 20,
  features: 6,
  classes: 3,
});
const digits = { train: examples(1), test: examples(2) };

const rows = 5;
const { program, maps } = networkProgram(net, rows);
const args = program.inputs.map((value) => full(program.values[value]!.shape, 0.1));

const models = {
  probabilities: Float64Array.of(0.5, 0.5, 0.9, 0.1, 0.3, 0.7, 0.2, 0.8),
  models: 4,
  samples: 1,
  classes: 2,
};
async function* blocksFromWorkers(): AsyncGenerator<unknown> {
  for (const part of divergenceRows(4, 2)) yield divergenceBlock(models, part);
}

const common = {
  n,
  A: line,
  H: line,
  op: line,
  second: line,
  x: new Float64Array(n).fill(1),
  net,
  params,
  run: { params },
  digits,
  posterior: { network: net, mean: params, std: params.map(() => 0.1) },
  models,
  distances: bhattacharyyaDivergences(models),
  blocksFromWorkers: { [Symbol.asyncIterator]: blocksFromWorkers },
  program,
  maps,
  args,
  rows,
  loss: (logits: Tensor) => mul(logits, logits),
  spectrum: { eigenvalues: [5, 1, 0.1], dimension: 1000, displacementSquared: 2, n: 55_000 },
  cheapDraws: [
    { j: 20, mean: 0.11, draws: 5 },
    { j: 30, mean: 0.06, draws: 5 },
  ],
  freshDraws: { mean: 0.061, draws: 2000 },
  study: sampleAnalysis(),
  writeFileSync: () => undefined,
};

/** An ONNX file: a dense layer of two inputs x and two outputs y. */
const denseLayer = Uint8Array.from(
  atob(
    'CAg6dQojCgF4CgFXCgFiEgF5GgAiBEdlbW0qDQoGdHJhbnNCGAGgAQISA25ldCobCAIIAhABQgFXShAAAIA/AAAAAAAAgD8AAIC/KhEIAhABQgFiSggAAAAAAAAAP1oUCgF4' +
      'Eg8KDQgBEgkKAxIBTgoCCAJiAwoBeUICEBE=',
  ),
  (letter) => letter.charCodeAt(0),
);

/** By part of a file's path: what the letters mean there. */
const elsewhere: Readonly<Record<string, object>> = {
  'svd/': { A: wide },
  rectangularOperator: { A: wide },
  'packages/onnx/': { bytes: denseLayer },
  'packages/complexity/src/bounds/': { network: g0Network, sample: g0Norms },
  'packages/complexity/src/measures/': { network: g0Network, sample: g0Norms },
};

/** @param file path of the source that the example stands in */
export function given(file: string): Readonly<Record<string, unknown>> {
  const own = Object.entries(elsewhere).filter(([part]) => file.includes(part));
  return Object.assign({}, common, ...own.map(([, names]) => names));
}
