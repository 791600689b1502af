import {
  activation as activationOf,
  compile,
  dense,
  float64,
  grad,
  matmul,
  mul,
  softmax,
  sum,
  transpose,
} from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import type { FloatArray } from '@hyperribbon/kernels';
import { assertWeights, unflatten, type Network } from '@hyperribbon/nn';
import { layerCorrelations } from '../alignment/layerCorrelations.js';
import { drawLabels } from '../operators/drawLabels.js';

/** Curvature of one dense layer as a Kronecker product: weights output ⊗ input, bias output alone. */
export interface KroneckerFactor {
  readonly inputs: number;
  readonly outputs: number;
  /** (inputs, inputs), symmetric: mean of a aᵀ, a the layer's input, uncentred and without a 1 for the bias */
  readonly input: Float64Array;
  /** (outputs, outputs), symmetric: curvature by the layer's pre-activations */
  readonly output: Float64Array;
}

export interface KroneckerOptions {
  /**
   * where the output factors come from: `kfra` the recursion over the mean curvature, `kfac` the mean of δ δᵀ, δ the gradient by the
   * pre-activations for one label that is drawn from the model (default `kfra`)
   */
  readonly kind?: 'kfra' | 'kfac';
  /** of the labels of `kfac`, one per input; default 0 */
  readonly seed?: number;
}

/**
 * KFRA's block-diagonal Kronecker approximation of the Gauss-Newton matrix (for softmax cross-entropy also the Fisher matrix of the
 * model), by a recursion from the last layer to the first:
 *
 *   G_L = mean over examples of diag(p) − p pᵀ,   G_{l−1} = (W_l G_l W_lᵀ) ∘ mean of f′(h) f′(h)ᵀ
 *
 * with weights W (in, out), f′ the activation's slope at the pre-activations h of layer l − 1, and input factors A_l = mean of a aᵀ. Replacing the mean
 * of a product by the product of means is exact for one layer, and for a single example. Labels are not used.
 *
 * KFAC's output factors are means over examples of δ_l δ_lᵀ with labels drawn from the model [martens2015]: no recursion, but random;
 * for one example their expectation over the label is the factor of KFRA.
 *
 * @param params flat weights (size,)
 * @param inputs (count, features) row-major; in a bound's prior: held-out inputs only
 * @param count number of rows
 * @returns one factor for each layer, float64
 * @throws TypeError for a network that is not a stack of dense layers; RangeError for sizes that do not fit, NaN
 * Cost: one forward pass, then for each layer count · width² flops for each factor; the moments of all layers and one batch in memory
 * Source: [botev2017, eq. 8-11], in the form of [yang2022]; [martens2015] for `kfac`.
 */
export function kroneckerFactors(
  network: Network,
  params: FloatArray,
  inputs: FloatArray,
  count: number,
  { kind = 'kfra', seed = 0 }: KroneckerOptions = {},
): readonly KroneckerFactor[] {
  if (network.dense === undefined) {
    throw new TypeError(`kroneckerFactors: needs a network of dense layers, got ${network.name}`);
  }
  assertWeights('kroneckerFactors', 'params', network, params);
  if (!Number.isInteger(count) || count < 1 || inputs.length !== count * network.inputs) {
    throw new RangeError(
      `kroneckerFactors: inputs must hold count × ${network.inputs} numbers with count ≥ 1, got ${inputs.length} and count=${count}`,
    );
  }
  if (kind === 'kfac') return sampledFactors(network, params, inputs, count, seed);
  const { widths, activation } = network.dense;
  const layers = widths.length - 1;
  const weights = unflatten(network, Float64Array.from(params));
  const f = activationOf(activation);
  const slopeOf = grad((h: Tensor) => sum(f(h)));
  const moments = (values: Tensor): Tensor => matmul(transpose(values), values);
  /** sums over a batch: input moments of all layers, slope moments of the hidden ones, output curvature */
  const batchSums = (w: Readonly<Record<string, Tensor>>, x: Tensor) => {
    let a = x;
    const inputMoments: Tensor[] = [];
    const slopeMoments: Tensor[] = [];
    for (let l = 1; l < layers; l++) {
      inputMoments.push(moments(a));
      const h = dense(a, w[`W${l}`], w[`b${l}`]);
      slopeMoments.push(moments(slopeOf(h)));
      a = f(h);
    }
    inputMoments.push(moments(a));
    const p = softmax(dense(a, w[`W${layers}`], w[`b${layers}`]));
    return { inputMoments, slopeMoments, probabilitySums: sum(p, 0), probabilityMoments: moments(p) };
  };
  const specs = Object.fromEntries(network.parameters.map(({ name, shape }) => [name, float64(...shape)]));
  const plan = (rows: number) => compile(batchSums, [specs, float64(rows, network.inputs)], { deterministic: true });
  const batch = Math.min(500, count);
  const full = plan(batch);
  const input = widths.slice(0, -1).map((width) => new Float64Array(width * width));
  const slopes = widths.slice(1, -1).map((width) => new Float64Array(width * width));
  const classes = network.classes;
  const sums = new Float64Array(classes);
  const products = new Float64Array(classes * classes);
  for (let from = 0; from < count; from += batch) {
    const rows = Math.min(batch, count - from);
    const run = rows === batch ? full : plan(rows);
    const x = Float64Array.from(inputs.subarray(from * network.inputs, (from + rows) * network.inputs));
    const found = run(weights as never, x);
    input.forEach((to, l) => addInto(to, found.inputMoments[l] as Float64Array));
    slopes.forEach((to, l) => addInto(to, found.slopeMoments[l] as Float64Array));
    addInto(sums, found.probabilitySums as Float64Array);
    addInto(products, found.probabilityMoments as Float64Array);
  }
  for (const values of [...input, ...slopes]) for (let i = 0; i < values.length; i++) values[i] /= count;
  let G = new Float64Array(classes * classes);
  for (let i = 0; i < classes; i++) {
    for (let j = 0; j < classes; j++) {
      G[i * classes + j] = ((i === j ? sums[i] : 0) - products[i * classes + j]) / count;
    }
  }
  const output: Float64Array[] = [G];
  for (let l = layers - 1; l >= 1; l--) {
    const [rows, columns] = [widths[l], widths[l + 1]];
    const back = compile(
      (W: Tensor, g: Tensor, slope: Tensor) => mul(matmul(matmul(W, g), transpose(W)), slope),
      [float64(rows, columns), float64(columns, columns), float64(rows, rows)],
      { deterministic: true },
    );
    G = Float64Array.from(back(weights[`W${l + 1}`], G, slopes[l - 1]) as Float64Array);
    output.unshift(G);
  }
  return widths.slice(1).map((outputs, l) => ({
    inputs: widths[l],
    outputs,
    input: symmetrized(input[l], widths[l]),
    output: symmetrized(output[l], outputs),
  }));
}

function sampledFactors(
  network: Network,
  params: FloatArray,
  inputs: FloatArray,
  count: number,
  seed: number,
): readonly KroneckerFactor[] {
  const { inputs: features, classes } = network;
  const unlabelled = { inputs, labels: new Int32Array(count), count, features, classes };
  const labels = drawLabels(network, params, unlabelled, seed);
  return layerCorrelations(network, params, { ...unlabelled, labels }, { deterministic: true }).map(
    ({ inputWidth, outputWidth, activations, gradients }) => ({
      inputs: inputWidth,
      outputs: outputWidth,
      input: symmetrized(activations, inputWidth),
      output: symmetrized(gradients, outputWidth),
    }),
  );
}

function addInto(to: Float64Array, values: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] += values[i];
}

function symmetrized(a: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = 0.5 * (a[i * n + j] + a[j * n + i]);
      a[i * n + j] = mean;
      a[j * n + i] = mean;
    }
  }
  return a;
}
