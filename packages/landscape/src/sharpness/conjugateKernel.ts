import { MemoryLimitError, refuse, requireNoOthers, throwIfAborted } from '@hyperribbon/contract';
import { gramMatrix } from '@hyperribbon/curvature';
import type { FloatArray } from '@hyperribbon/kernels';
import { eigh } from '@hyperribbon/lanczos';
import {
  type AnyExamples,
  layerBlocks,
  logits,
  type LossData,
  lossFromData,
  type Network,
  requireAnyExamples,
  requireWeights,
} from '@hyperribbon/nn';
import { costHessians } from './costCurvature.js';
import { examplesByRow, linearReadOut } from './linearReadOut.js';

export interface ConjugateKernelOptions {
  /** of one example, convex in the outputs; default softmax cross-entropy */
  readonly loss?: LossData;
  /** of all matrices together, default 1 GB */
  readonly memoryLimit?: number;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
  readonly signal?: AbortSignal;
}

/** What one layer's parameters add to the conjugate kernel. */
export interface ConjugatePart {
  readonly layer: string;
  readonly parameters: readonly string[];
  /** (rows, rows), positive semidefinite */
  readonly matrix: Float64Array;
  /** λ_max of the part alone: the sharpness of G if the other layers stood still */
  readonly largest: number;
  readonly trace: number;
  /** uᵀ Kc_l u / λ_max(Kc), u the top eigenvector of Kc: how much of λ_max(G) is this layer's. They add up to 1 */
  readonly share: number;
}

/** The conjugate of the Gauss-Newton matrix and its parts by layers. Plain data. */
export interface ConjugateKernel {
  /** examples · outputs; row (i, a) is output a of example i */
  readonly rows: number;
  /** (rows, rows) */
  readonly matrix: Float64Array;
  /** (rows,) descending; those that are not 0 are the non-zero eigenvalues of G */
  readonly values: Float64Array;
  readonly layers: readonly ConjugatePart[];
}

/**
 * The conjugate kernel Kc = M Mᵀ of the Gauss-Newton matrix G = Mᵀ M, and its parts by layers, Kc = Σ_l Kc_l:
 *
 *     (Kc_l)_ij = (1/n) B_iᵀ [J f_L … J f_{l+1}](x_i) D f_l(x_i) D f_l(x_j)ᵀ [J f_L … J f_{l+1}](x_j)ᵀ B_j
 *
 * with B_i = (D²c_i)^½ the symmetric root. J f_1, the Jacobian of the first layer by the inputs, is in no part: where it alone grows, the input-output Jacobian
 * does and G does not. With one layer, squared errors and inputs given, Kc is a constant.
 *
 * For products with G at any size there is {@link curvatureSplit}, whose `shares` are these shares parameter array by parameter array.
 *
 * @param params flat weights (size,)
 * @throws ArgumentError for a loss that is not convex at some outputs; MemoryLimitError before anything is formed; AbortError once `signal` is aborted
 * Cost: one Gram matrix of examples · outputs rows for each layer, by products of factors for dense layers; two eigenvalue problems of that order. (layers + 3)
 * rows² numbers
 * @example
 * const net = mlp([2, 3, 2], { activation: 'tanh' });
 * const examples = examplesFromArrays({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) }, { shape: [2], data: Int32Array.of(0, 1) });
 * const { values, layers } = await conjugateKernel(net, net.init(1), examples);
 * Source: the splitting is that of [macdonald2023], here derived for any network and any convex loss.
 */
export async function conjugateKernel(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  {
    loss: lossData = { kind: 'softmax-cross-entropy' },
    memoryLimit = 2 ** 30,
    deterministic = false,
    signal,
    ...others
  }: ConjugateKernelOptions = {},
): Promise<ConjugateKernel> {
  const caller = 'conjugateKernel';
  requireNoOthers(caller, others, 'ConjugateKernelOptions');
  const loss = lossFromData(lossData);
  requireWeights(caller, 'params', network, params, 'float64');
  requireAnyExamples(caller, network, examples, 'float64', loss);
  if (examples.weights !== undefined)
    refuse(caller, 'examples must not have weights: all of them count the same; repeat rows, or leave weights out');
  const k = network.classes;
  const rows = examples.count * k;
  const blocks = layerBlocks(network);
  const bytes = 8 * rows * rows * (blocks.length + 3);
  if (bytes > memoryLimit)
    throw new MemoryLimitError(
      `${caller}: ${blocks.length} layers of ${rows} rows need ${bytes} bytes, memoryLimit is ${memoryLimit}; take fewer examples, or curvatureSplit, whose shares are the same`,
      bytes,
      memoryLimit,
    );
  const arithmetic = { dtype: 'float64', deterministic } as const;
  const outputs = logits(network, params, examples, arithmetic);
  const roots = rootsOf(caller, costHessians(outputs, examples, loss, arithmetic), k, deterministic);
  const byRow = examplesByRow(examples, roots, k);
  const matrices: Float64Array[] = [];
  for (const { parameters } of blocks) {
    throwIfAborted(caller, signal);
    // the mean is over n · k rows there, and over n examples here
    const part = gramMatrix(network, params, byRow, { of: linearReadOut, parameters, deterministic, memoryLimit });
    matrices.push(part.map((x) => k * x) as Float64Array);
    await Promise.resolve();
  }
  const matrix = new Float64Array(rows * rows);
  for (const part of matrices) for (let i = 0; i < matrix.length; i++) matrix[i] += part[i];
  throwIfAborted(caller, signal);
  const { values, vectors } = eigh(matrix.slice(), rows, { vectors: true, deterministic });
  const top = vectors!.subarray(0, rows);
  const layers = blocks.map(({ name, parameters }, l) => {
    const part = matrices[l];
    return {
      layer: name,
      parameters,
      matrix: part,
      largest: eigh(part.slice(), rows, { deterministic }).values[0],
      trace: traceOf(part, rows),
      share: quadratic(part, top) / values[0],
    };
  });
  return { rows, matrix, values: Float64Array.from(values), layers };
}

/** (count, k, k) symmetric roots of positive semidefinite matrices */
function rootsOf(caller: string, hessians: Float64Array, k: number, deterministic: boolean): Float64Array {
  const roots = new Float64Array(hessians.length);
  for (let at = 0; at < hessians.length; at += k * k) {
    const { values, vectors } = eigh(hessians.slice(at, at + k * k), k, { vectors: true, deterministic });
    const least = values[k - 1];
    // rounding may take a zero below it
    if (least < -1e-10 * Math.abs(values[0]))
      refuse(
        caller,
        `loss must be convex in the outputs, got curvature ${least} at example ${at / (k * k)}; the Gauss-Newton matrix has no conjugate there`,
      );
    for (let c = 0; c < k; c++) {
      const root = Math.sqrt(Math.max(0, values[c]));
      for (let a = 0; a < k; a++)
        for (let b = 0; b < k; b++) roots[at + a * k + b] += root * vectors![c * k + a] * vectors![c * k + b];
    }
  }
  return roots;
}

function traceOf(matrix: Float64Array, n: number): number {
  let trace = 0;
  for (let i = 0; i < n; i++) trace += matrix[i * n + i];
  return trace;
}

function quadratic(matrix: Float64Array, u: FloatArray): number {
  const n = u.length;
  let total = 0;
  for (let i = 0; i < n; i++) {
    let row = 0;
    for (let j = 0; j < n; j++) row += matrix[i * n + j] * u[j];
    total += u[i] * row;
  }
  return total;
}
