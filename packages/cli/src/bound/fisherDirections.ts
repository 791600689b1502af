import { compile, float32, grad, int32, sum } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { drawLabels } from '@hyperribbon/curvature';
import { createWorkspace, exp, type FloatArray } from '@hyperribbon/kernels';
import { eigh } from '@hyperribbon/lanczos';
import {
  logits,
  softmaxCrossEntropy,
  unflatten,
  type Examples,
  type Network,
  type ParameterTensors,
} from '@hyperribbon/nn';
import { orthonormalDirections } from '@hyperribbon/pac-bayes/networks';
import type { CurvatureDirections, DirectionOptions } from './hessianDirections.js';

/**
 * Whose labels: `sampled` one drawn from the model for each input, `exact` every label with its probability, `empirical` those of the
 * examples.
 */
export type FisherKind = 'sampled' | 'exact' | 'empirical';

/**
 * Leading eigenpairs of the Fisher matrix (1/N) Σ g_i g_iᵀ of N inputs, g_i the gradient for one label that is drawn from the model: the
 * labels of the examples are never read [yang2022, released scripts]. `exact` sums over all labels y, each with weight p(y|x), and does
 * not read them either; `empirical` does.
 *
 * Through the Gram matrix of the gradients, which are kept: N·size numbers, times the number of classes for `exact`. For any network.
 */
export async function fisherDirections(
  network: Network,
  weights: FloatArray,
  examples: Examples,
  { k, seed, signal, report, kind = 'sampled' }: DirectionOptions & { readonly kind?: FisherKind },
): Promise<CurvatureDirections> {
  const { features } = examples;
  const p = network.size;
  const terms = termsOf(network, weights, examples, kind, seed);
  const count = terms.rows.length;
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
    x.set(examples.inputs.subarray(terms.rows[i] * features, (terms.rows[i] + 1) * features));
    const label = terms.labels.subarray(i, i + 1);
    const found = gradientOf(views as never, x, label) as unknown as Record<string, FloatArray>;
    const row = workspace.float32View(rows + i * p * width, p);
    const parts = unflatten(network, row);
    for (const { name } of network.parameters) parts[name].set(found[name]);
    if (terms.roots[i] !== 1) for (let j = 0; j < p; j++) row[j] *= terms.roots[i];
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
      1 / examples.count,
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
    const scale = 1 / Math.sqrt(examples.count * values[j]);
    for (let i = 0; i < count; i++) c[j * count + i] = scale * vectors![j * count + i];
  }
  const directions = workspace.allocate(k * p * width);
  table.gemm(0, 0, kept, p, count, 1, coefficients, count, rows, p, 0, directions, p, 0, 0);
  return {
    directions: orthonormalDirections(workspace.float32View(directions, kept * p), p),
    eigenvalues: values.slice(0, kept),
    evidence: `${kind} Fisher matrix of ${examples.count} inputs through its Gram matrix`,
  };
}

/** The gradients behind the matrix: of which example, for which label, times what. */
function termsOf(
  network: Network,
  weights: FloatArray,
  examples: Examples,
  kind: FisherKind,
  seed: number,
): { readonly rows: Int32Array; readonly labels: Int32Array; readonly roots: Float64Array } {
  const { count, classes } = examples;
  if (kind !== 'exact') {
    const labels = kind === 'sampled' ? drawLabels(network, weights, examples, seed) : examples.labels;
    return { rows: Int32Array.from(labels, (_, i) => i), labels, roots: new Float64Array(count).fill(1) };
  }
  const z = logits(network, weights, examples);
  const roots = new Float64Array(count * classes);
  for (let i = 0; i < count; i++) {
    const row = z.subarray(i * classes, (i + 1) * classes);
    let top = -Infinity;
    for (const value of row) top = Math.max(top, value);
    let total = 0;
    for (let c = 0; c < classes; c++) total += exp(row[c] - top);
    for (let c = 0; c < classes; c++) roots[i * classes + c] = Math.sqrt(exp(row[c] - top) / total);
  }
  return {
    rows: Int32Array.from(roots, (_, i) => Math.floor(i / classes)),
    labels: Int32Array.from(roots, (_, i) => i % classes),
    roots,
  };
}

/** ½ (K + Kᵀ) in float64: panels are rounded apart. */
function symmetrized(K: Float32Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[i * n + j] = 0.5 * (K[i * n + j] + K[j * n + i]);
  return out;
}
