import {
  type Tensor,
  add,
  compile,
  float64,
  full,
  grad,
  matmul,
  mul,
  softmax,
  sum,
  transpose,
} from '@hyperribbon/autodiff';
import { type AffineMap, isEntrywise, weightMatrix } from '@hyperribbon/autodiff/walk';
import { refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import {
  type Network,
  type NetworkProgram,
  type ParameterTensors,
  networkProgram,
  runInBatches,
  unflatten,
} from '@hyperribbon/nn';

/** Input and output factors of every layer of a chain, in the order of the layers' matrices. */
export interface ChainFactors {
  readonly input: readonly Float64Array[];
  readonly output: readonly Float64Array[];
}

/**
 * KFRA's factors by a recursion from the last layer to the first; see kroneckerFactors.
 *
 * Cost: one forward pass, then for each layer count · width² flops for each factor; the moments of all layers and one batch in memory
 */
export function kfra(network: Network, params: FloatArray, inputs: FloatArray, count: number): ChainFactors {
  const { classes, inputs: features, parameters } = network;
  const examples = { inputs, labels: new Int32Array(count), count, features, classes };
  let sums: readonly (readonly Float64Array[])[] = [];
  const settings = { dtype: 'float64', deterministic: true, batchSize: 500 } as const;
  const f = (rows: number) => batchSums(chainOf(network, rows));
  runInBatches(network, params, examples, settings, f, (batch) => {
    const added = (values: Float64Array, so?: Float64Array): Float64Array => values.map((v, i) => (so?.[i] ?? 0) + v);
    sums = batch.map((list, k) => list.map((values, l) => added(values as Float64Array, sums[k]?.[l])));
  });
  const [input, slopes, [probabilities, products]] = sums;
  for (const values of [...input, ...slopes]) for (let i = 0; i < values.length; i++) values[i] /= count;
  let G = products.map((product, k) => {
    const [i, j] = [Math.floor(k / classes), k % classes];
    return ((i === j ? probabilities[i] : 0) - product) / count;
  });
  const output = [G];
  const weights = unflatten(network, Float64Array.from(params));
  const { maps } = networkProgram(network, 2);
  for (let l = maps.length - 1; l >= 1; l--) {
    const { weight, inputs: rows, outputs: columns } = maps[l];
    const { name, shape } = parameters[weight];
    const back = compile(
      (array: Tensor, g: Tensor, slope: Tensor) => {
        const W = weightMatrix(maps[l], array);
        return mul(matmul(matmul(W, g), transpose(W)), slope);
      },
      [float64(...shape), float64(columns, columns), float64(rows, rows)],
      { deterministic: true },
    );
    G = Float64Array.from(back(weights[name], G, slopes[l - 1]) as Float64Array);
    output.unshift(G);
  }
  return { input, output };
}

/** Sums over a batch: a aᵀ of what enters every layer; f′ f′ᵀ of the activations between; p and p pᵀ of the probabilities. */
function batchSums(chain: NetworkProgram) {
  const moments = (values: Tensor): Tensor => matmul(transpose(values), values);
  return (w: ParameterTensors, x: Tensor): Tensor[][] => {
    const { logits, taps } = chain.run(w, x);
    // what enters layer l + 1 depends on what leaves layer l entry by entry: the gradient of its sum is f′
    const slopes = taps
      .slice(0, -1)
      .map(({ output }, l) =>
        grad((zero: Tensor) =>
          sum(chain.run(w, x, (tap, i) => (i === l ? add(tap.output, zero) : tap.output)).taps[l + 1].input),
        )(full(output.shape, 0)),
      );
    const p = softmax(logits);
    return [taps.map(({ input }) => moments(input)), slopes.map(moments), [sum(p, 0), moments(p)]];
  };
}

/** The network's program, if it is a chain of dense layers with elementwise functions between. */
function chainOf(network: Network, rows: number): NetworkProgram {
  const traced = networkProgram(network, rows);
  const { program, maps } = traced;
  const examples = network.parameters.length;
  const dense = ({ positions, alone, inputViews, outputViews }: AffineMap): boolean =>
    positions === 1 && alone && inputViews.length === 0 && outputViews.length === 0;
  const linked = maps.every(
    ({ input }, l) => l === 0 || isEntrywise(program, { from: maps[l - 1].output, to: input, examples }),
  );
  if (maps.length === 0 || !maps.every(dense) || !linked || program.outputs[0] !== maps.at(-1)!.output) {
    refuse(
      'kroneckerFactors',
      `kind 'kfra' needs a chain of dense layers with elementwise functions between, which ${network.name} is not; kind 'kfac' takes any network`,
    );
  }
  return traced;
}
