import { compile, float32, grad, int32, sum } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { drawLabels } from '@hyperribbon/curvature';
import { createWorkspace, type FloatArray } from '@hyperribbon/kernels';
import { eigh } from '@hyperribbon/lanczos';
import { softmaxCrossEntropy, unflatten, type Examples, type Network, type ParameterTensors } from '@hyperribbon/nn';
import { orthonormalDirections } from '@hyperribbon/pac-bayes/networks';
import type { CurvatureDirections, DirectionOptions } from './hessianDirections.js';

/**
 * Leading eigenpairs of the Fisher matrix (1/N) Σ g_i g_iᵀ of N inputs, g_i the gradient for one label that is drawn from the model: the
 * labels of the examples are never read [yang2022, released scripts].
 *
 * Through the Gram matrix of the N gradients, which are kept: N·size numbers. For any network.
 */
export async function fisherDirections(
  network: Network,
  weights: FloatArray,
  examples: Examples,
  { k, seed, signal, report }: DirectionOptions,
): Promise<CurvatureDirections> {
  const { count, features } = examples;
  const p = network.size;
  const drawn = drawLabels(network, weights, examples, seed);
  const params = Object.fromEntries(network.parameters.map(({ name, shape }) => [name, float32(...shape)]));
  const gradientOf = compile(
    grad((w: ParameterTensors, x: Tensor, label: Tensor) => sum(softmaxCrossEntropy(network.apply(w, x), label))),
    [params, float32(1, features), int32(1)],
  );
  const width = Float32Array.BYTES_PER_ELEMENT;
  const workspace = createWorkspace({ bytes: (count * p + count * count + k * count + k * p) * width + 4096 });
  const table = workspace.float32;
  const rows = workspace.allocate(count * p * width);
  const views = unflatten(network, Float32Array.from(weights));
  const x = new Float32Array(features);
  for (let i = 0; i < count; i++) {
    signal.throwIfAborted();
    x.set(examples.inputs.subarray(i * features, (i + 1) * features));
    const found = gradientOf(views as never, x, drawn.subarray(i, i + 1)) as unknown as Record<string, FloatArray>;
    const row = unflatten(network, workspace.float32View(rows + i * p * width, p));
    for (const { name } of network.parameters) row[name].set(found[name]);
    if (i % 50 === 0) await report((0.3 * i) / count, `gradient ${i} of ${count}`);
  }
  const gram = workspace.allocate(count * count * width);
  const panel = 50;
  for (let from = 0; from < count; from += panel) {
    signal.throwIfAborted();
    const m = Math.min(panel, count - from);
    table.gemm(
      0,
      1,
      m,
      count,
      p,
      1 / count,
      rows + from * p * width,
      p,
      rows,
      p,
      0,
      gram + from * count * width,
      count,
      0,
      0,
    );
    await report(0.3 + (0.4 * from) / count, 'products of gradients');
  }
  const { values, vectors } = eigh(symmetrized(workspace.float32View(gram, count * count), count), count, {
    vectors: true,
  });
  const kept = Math.min(k, values.findIndex((value) => !(value > 1e-7 * values[0])) >>> 0);
  await report(0.9, `${kept} directions`);
  const coefficients = workspace.allocate(k * count * width);
  const c = workspace.float32View(coefficients, kept * count);
  for (let j = 0; j < kept; j++) {
    const scale = 1 / Math.sqrt(count * values[j]);
    for (let i = 0; i < count; i++) c[j * count + i] = scale * vectors![j * count + i];
  }
  const directions = workspace.allocate(k * p * width);
  table.gemm(0, 0, kept, p, count, 1, coefficients, count, rows, p, 0, directions, p, 0, 0);
  return {
    directions: orthonormalDirections(workspace.float32View(directions, kept * p), p),
    eigenvalues: values.slice(0, kept),
    evidence: `sampled Fisher matrix of ${count} inputs through its Gram matrix`,
  };
}

/** ½ (K + Kᵀ) in float64: panels are rounded apart. */
function symmetrized(K: Float32Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[i * n + j] = 0.5 * (K[i * n + j] + K[j * n + i]);
  return out;
}
