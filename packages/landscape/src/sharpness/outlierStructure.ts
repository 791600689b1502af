import {
  floatArray,
  type OnProgress,
  refuse,
  requireInteger,
  requireNoOthers,
  throwIfAborted,
} from '@hyperribbon/contract';
import { exampleGradientNorms, exampleJacobian, gaussNewton } from '@hyperribbon/curvature';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { eigsh, eigvalsh } from '@hyperribbon/lanczos';
import { fromMatvec, type LinearOperator } from '@hyperribbon/linop';
import { type Examples, logits, type Network, requireExamples, requireWeights } from '@hyperribbon/nn';
import { type ClassMeans, classMeans, gramOf } from './classMeans.js';
import { type LabelledRows, labelledRows } from './labelledRows.js';
import { examplesByRow, linearReadOut } from './linearReadOut.js';

export interface OutlierStructureOptions {
  /** largest eigenvalues of G and of the two parts of high rank that are searched, default the number of classes */
  readonly count?: number;
  /** of products, default float64 */
  readonly dtype?: Dtype;
  /** of eigenvalues relative to each matrix's norm, default 1e-6 in float64 and 1e-3 in float32 */
  readonly tol?: number;
  /** of the searches, default 0 */
  readonly seed?: number;
  /** true: the same bits in every runtime. Default false */
  readonly deterministic?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress<string>;
}

/** Spectrum of one part of the Gauss-Newton matrix. Plain data. */
export interface OutlierPart {
  /** all of it, exact */
  readonly trace: number;
  /** largest first */
  readonly values: Float64Array;
  /** ‖A v − λ v‖ of each; 0 where the whole part was formed */
  readonly residualNorms: Float64Array;
  /** eigenvalues above 1e-12 of the largest, of a part that was formed; absent where it was searched */
  readonly rank?: number;
  readonly converged: boolean;
}

/** The Gauss-Newton matrix under cross-entropy as a sum of four second moments. Plain data. */
export interface OutlierStructure {
  readonly classes: number;
  /** Σ_c W_c ḡ_c ḡ_cᵀ of class means, rank at most K: the outliers */
  readonly class: OutlierPart;
  /** Σ W_cc′ (ḡ_cc′ − ḡ_c)(·)ᵀ of cross-class means around them, rank at most K (K − 2) */
  readonly cross: OutlierPart;
  /** of gradients around their cross-class mean: the bulk */
  readonly within: OutlierPart;
  /** of the gradients of the true labels, with the weights that the model gives these */
  readonly same: OutlierPart;
  /** G itself, the sum of the four */
  readonly gaussNewton: OutlierPart;
  /** (K, K) W_cc′: the mean probability of c′ over all examples, of those of class c alone; 0 on the diagonal */
  readonly weights: Float64Array;
}

/**
 * Papyan's decomposition of the Gauss-Newton matrix under softmax cross-entropy: where its outliers come from.
 *
 * With p_ic the probabilities and g_ic the gradient by the weights of the loss that example i would have under label c, G = (1/n) Σ_ic p_ic g_ic g_icᵀ. Its
 * terms are grouped by the true class c and the other class c′ ≠ c: W_cc′ = (1/n) Σ_{i of c} p_ic′, ḡ_cc′ the mean with weights p, W_c = Σ_c′ W_cc′ and ḡ_c the mean of
 * ḡ_cc′ with weights W_cc′. The law of total variance, twice, gives G = same + within + cross + class exactly.
 *
 * K outliers of the class means, K (K − 2) of the cross-class means and a bulk is what is found in trained networks; `class.values` beside `gaussNewton.values`
 * show whether it is so here. What is measured is G, not H: the residual is left out.
 *
 * Grouping and weights are derived here from the source's account; the weights in its own formulas may differ.
 *
 * @param params flat weights (size,)
 * @param examples with labels; classes without examples have no part
 * @throws ArgumentError for examples with weights; AbortError once `signal` is aborted
 * Cost: three searches, whose products are K times those of a gradient; K (K − 1) · size numbers for the means, count · K rows of inputs
 * @example
 * const net = mlp([2, 3, 2], { activation: 'tanh' });
 * const examples = examplesFromArrays({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) }, { shape: [2], data: Int32Array.of(0, 1) });
 * const parts = await outlierStructure(net, net.init(1), examples);
 * const share = parts.class.trace / parts.gaussNewton.trace;
 * Source: [papyan2019]
 */
export async function outlierStructure(
  network: Network,
  params: FloatArray,
  examples: Examples,
  {
    count = network.classes,
    dtype = 'float64',
    tol = dtype === 'float64' ? 1e-6 : 1e-3,
    seed = 0,
    deterministic = false,
    signal,
    onProgress,
    ...others
  }: OutlierStructureOptions = {},
): Promise<OutlierStructure> {
  const caller = 'outlierStructure';
  requireNoOthers(caller, others, 'OutlierStructureOptions');
  requireInteger(caller, 'count', count, 1, network.size);
  requireWeights(caller, 'params', network, params, dtype);
  requireExamples(caller, network, examples, dtype);
  if (examples.weights !== undefined) refuse(caller, 'examples must not have weights: all of them count the same');
  const { classes } = network;
  const arithmetic = { dtype, deterministic };
  const rows = labelledRows(logits(network, params, examples, arithmetic), examples);
  const byRow = examplesByRow(examples, rows.coefficients, classes);
  const J = exampleJacobian(network, params, byRow, { of: linearReadOut, ...arithmetic });
  throwIfAborted(caller, signal);
  const means = classMeans(J, rows);
  const norms = exampleGradientNorms(network, params, byRow, { of: linearReadOut, ...arithmetic });
  const traceOver = (mine: (row: number) => boolean): number =>
    rows.weights.reduce((sum, w, row) => (mine(row) ? sum + w * norms[row] * norms[row] : sum), 0);
  const isSame = (row: number): boolean => rows.groups[row] < 0;
  let stage = 0;
  const search = async (operator: LinearOperator, trace: number, detail: string): Promise<OutlierPart> => {
    throwIfAborted(caller, signal);
    onProgress?.({ done: stage++, of: 3, detail });
    const options = { k: count, which: 'LA', tol, seed, deterministic, ...(signal && { signal }) } as const;
    const { values, residualNorms, converged } = await eigsh(operator, options);
    return { trace, values: Float64Array.from(values), residualNorms: Float64Array.from(residualNorms), converged };
  };
  const [ofClass, cross] = [formed(means.ofClass, deterministic), formed(means.cross, deterministic)];
  const off = traceOver((row) => !isSame(row));
  const G = gaussNewton(network, params, examples, arithmetic);
  const same = await search(weighted(J, rows, isSame), traceOver(isSame), 'the part of the true labels');
  const within = await search(
    around(J, rows, means),
    Math.max(0, off - ofClass.trace - cross.trace),
    'the part within classes',
  );
  const whole = await search(G, off + same.trace, 'the Gauss-Newton matrix');
  throwIfAborted(caller, signal);
  return { classes, class: ofClass, cross, within, same, gaussNewton: whole, weights: means.weights };
}

type RowJacobian = ReturnType<typeof exampleJacobian>;

/** Σ w g gᵀ over some rows */
function weighted(J: RowJacobian, { weights }: LabelledRows, mine: (row: number) => boolean): LinearOperator {
  const along = weights.slice().fill(0);
  const kept = weights.map((w, row) => (mine(row) ? w : 0));
  return rowOperator(J, (u) => {
    for (let row = 0; row < kept.length; row++) along[row] = kept[row] * u[row];
    return along;
  });
}

/** Σ w (g − ḡ)(g − ḡ)ᵀ over rows with a group, ḡ the mean of the group */
function around(J: RowJacobian, { weights, groups }: LabelledRows, { weights: totals }: ClassMeans): LinearOperator {
  const along = weights.slice().fill(0);
  return rowOperator(J, (u) => {
    const sums = new Float64Array(totals.length);
    for (let row = 0; row < along.length; row++) if (groups[row] >= 0) sums[groups[row]] += weights[row] * u[row];
    for (let row = 0; row < along.length; row++) {
      const group = groups[row];
      along[row] = group < 0 || weights[row] === 0 ? 0 : weights[row] * (u[row] - sums[group] / totals[group]);
    }
    return along;
  });
}

/** Jᵀ A J for a symmetric A of rows */
function rowOperator(J: RowJacobian, A: (u: FloatArray) => Float64Array): LinearOperator {
  const u = floatArray(J.dtype, J.rows);
  return fromMatvec(
    J.columns,
    (v: FloatArray, out: FloatArray) => {
      J.apply(v, u);
      J.applyTransposed(floatArray(J.dtype, A(u)), out);
    },
    { dtype: J.dtype },
  );
}

/** The whole non-zero spectrum of Σ a aᵀ from the products of its few vectors. */
function formed(vectors: readonly Float64Array[], deterministic: boolean): OutlierPart {
  const n = vectors.length;
  if (n === 0)
    return { trace: 0, values: new Float64Array(0), residualNorms: new Float64Array(0), rank: 0, converged: true };
  const gram = gramOf(vectors);
  let trace = 0;
  for (let i = 0; i < n; i++) trace += gram[i * n + i];
  const values = Float64Array.from(eigvalsh(gram, n, { deterministic }), (value) => Math.max(0, value));
  const rank = values.filter((value) => value > 1e-12 * values[0]).length;
  return { trace, values, residualNorms: new Float64Array(n), rank, converged: true };
}
