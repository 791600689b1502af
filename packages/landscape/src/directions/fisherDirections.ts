import { compile, float32, grad, int32, sum, type Tensor } from '@hyperribbon/autodiff';
import { pacer, requireInteger, throwIfAborted } from '@hyperribbon/contract';
import { drawLabels } from '@hyperribbon/curvature';
import { createWorkspace, exp, type FloatArray, productIn, type Workspace } from '@hyperribbon/kernels';
import { eigh } from '@hyperribbon/lanczos';
import { orthonormalDirections } from '@hyperribbon/linop/directions';
import {
  logits,
  requireExamples,
  softmaxCrossEntropy,
  unflatten,
  type Examples,
  type Network,
  type ParameterTensors,
} from '@hyperribbon/nn';
import { chosenPart, type DirectionOptions, type StiffDirections } from './stiffDirections.js';

/**
 * Whose labels: `sampled` one drawn from the model for each input, `exact` every label with its probability, `empirical` those of the
 * examples.
 */
export type FisherKind = 'sampled' | 'exact' | 'empirical';

/** Eigenvalues below this share of the largest are rounding errors of products in float32. */
const rankTolerance = 1e-7;

/** Rows of the Gram matrix that are made between two looks at the signal. */
const panel = 50;

/**
 * Leading eigenpairs of the Fisher matrix (1/N) Σ g_i g_iᵀ of N inputs, g_i the gradient for one label that is drawn from the model: the
 * labels of the examples are never read [yang2022, released scripts]. `exact` sums over all labels y, each with weight p(y|x), and does
 * not read them either; `empirical` does. For any network. Kernels are deterministic: a prior along these directions can be made again.
 *
 * @param params (size,) weights at which the matrix is taken, used in float32
 * @param options `kind` whose labels, default `sampled`; `seed` of their draw
 * @returns at most k directions: as many as have an eigenvalue above 1e-7 of the largest
 * @throws ArgumentError for examples with targets or tokens; AbortError once `signal` is aborted: half a search is no set of directions
 * @example
 * const net = mlp([2, 3, 2], { activation: 'tanh' });
 * const examples = examplesFromArrays({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) }, { shape: [2], data: Int32Array.of(0, 1) });
 * const { directions } = await fisherDirections(net, net.init(1, 'float32'), examples, { k: 1, kind: 'exact' });
 *
 * Cost: N gradients, which are kept, and N² size products; for `exact` N times the number of classes takes the place of N.
 */
export async function fisherDirections(
  whole: Network,
  wholeParams: FloatArray,
  examples: Examples,
  options: DirectionOptions & { readonly kind?: FisherKind },
): Promise<StiffDirections> {
  const { k, seed = 0, kind = 'sampled', parameters, onProgress } = options;
  requireExamples('fisherDirections', whole, examples);
  const { network, params, whole: ofWhole } = chosenPart(whole, wholeParams, parameters);
  requireInteger('fisherDirections', 'k', k, 1);
  const p = network.size;
  const terms = termsOf(network, params, examples, kind, seed);
  const count = terms.rows.length;
  const bytes = (count * p + count * count + k * count + k * p) * width + 4096;
  const workspace = createWorkspace({ bytes, deterministic: true });
  const rows = await gradientRows(network, params, examples, terms, workspace, options);
  const gram = await gramOfRows(rows, { count, p, examples: examples.count }, workspace, options);
  const { values, vectors } = eigh(symmetrized(gram, count), count, { vectors: true, deterministic: true });
  const rank = values.findIndex((value) => !(value > rankTolerance * values[0]));
  const kept = Math.min(k, rank < 0 ? count : rank);
  onProgress?.({ done: 9, of: 10, detail: `${kept} directions` });
  const coefficients = workspace.allocate(k * count * width);
  const c = workspace.float32View(coefficients, kept * count);
  for (let j = 0; j < kept; j++) {
    const scale = 1 / Math.sqrt(examples.count * values[j]);
    for (let i = 0; i < count; i++) c[j * count + i] = scale * vectors![j * count + i];
  }
  const directions = workspace.allocate(k * p * width);
  productIn(workspace.float32, { m: kept, n: p, k: count, a: coefficients, b: rows, c: directions });
  return {
    directions:
      kept === 0 ? new Float32Array(0) : ofWhole(orthonormalDirections(workspace.float32View(directions, kept * p), p)),
    eigenvalues: values.slice(0, kept),
    evidence: `${kind} Fisher matrix of ${examples.count} inputs through its Gram matrix`,
  };
}

const width = Float32Array.BYTES_PER_ELEMENT;

/** The gradients behind the matrix: of which example, for which label, times what. */
interface Terms {
  readonly rows: Int32Array;
  readonly labels: Int32Array;
  readonly roots: Float64Array;
}

/** @returns the place of the (terms, size) gradients in the workspace */
async function gradientRows(
  network: Network,
  params: FloatArray,
  { inputs, features }: Examples,
  { rows, labels, roots }: Terms,
  workspace: Workspace,
  { signal, onProgress }: DirectionOptions,
): Promise<number> {
  const p = network.size;
  const specs = Object.fromEntries(network.parameters.map(({ name, shape }) => [name, float32(...shape)]));
  const gradientOf = compile(
    grad((w: ParameterTensors, x: Tensor, label: Tensor) => sum(softmaxCrossEntropy(network.apply(w, x), label))),
    [specs, float32(1, features), int32(1)],
    { deterministic: true },
  );
  const at = workspace.allocate(rows.length * p * width);
  const views = unflatten(network, Float32Array.from(params));
  const x = new Float32Array(features);
  const pause = pacer();
  for (let i = 0; i < rows.length; i++) {
    throwIfAborted('fisherDirections', signal);
    x.set(inputs.subarray(rows[i] * features, (rows[i] + 1) * features));
    const found = gradientOf(views as never, x, labels.subarray(i, i + 1)) as unknown as Record<string, FloatArray>;
    const row = workspace.float32View(at + i * p * width, p);
    const parts = unflatten(network, row);
    for (const { name } of network.parameters) parts[name].set(found[name]);
    if (roots[i] !== 1) for (let j = 0; j < p; j++) row[j] *= roots[i];
    if (await pause()) onProgress?.({ done: 0.3 * i, of: rows.length, detail: `gradient ${i} of ${rows.length}` });
  }
  return at;
}

/** (1/N) G Gᵀ of the rows, by panels. */
async function gramOfRows(
  rows: number,
  { count, p, examples }: { readonly count: number; readonly p: number; readonly examples: number },
  workspace: Workspace,
  { signal, onProgress }: DirectionOptions,
): Promise<Float32Array> {
  const gram = workspace.allocate(count * count * width);
  const pause = pacer();
  for (let from = 0; from < count; from += panel) {
    throwIfAborted('fisherDirections', signal);
    const m = Math.min(panel, count - from);
    const [a, out] = [rows + from * p * width, gram + from * count * width];
    productIn(workspace.float32, { m, n: count, k: p, alpha: 1 / examples, a, b: rows, transposeB: true, c: out });
    if (await pause()) onProgress?.({ done: 0.3 * count + 0.4 * from, of: count, detail: 'products of gradients' });
  }
  return workspace.float32View(gram, count * count);
}

function termsOf(network: Network, params: FloatArray, examples: Examples, kind: FisherKind, seed: number): Terms {
  const { count, classes } = examples;
  if (kind !== 'exact') {
    const labels = kind === 'sampled' ? drawLabels(network, params, examples, seed) : examples.labels;
    return { rows: Int32Array.from(labels, (_, i) => i), labels, roots: new Float64Array(count).fill(1) };
  }
  const z = logits(network, params, examples);
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
