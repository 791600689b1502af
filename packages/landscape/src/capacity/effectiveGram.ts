import { refuse, requireFiniteEntries, requireInteger, requireLength } from '@hyperribbon/contract';
import { exp, expm1 } from '@hyperribbon/kernels';
import { eigh } from '@hyperribbon/lanczos';

export interface EffectiveGramOptions {
  /** of training by gradient flow on the mean of ½‖f − y‖²; positive, Infinity for its end */
  readonly time: number;
  /** rows of the kernel for each example: outputs of the network. Default 1 */
  readonly outputs?: number;
}

/** The gap that leaving examples out makes, as a quadratic form of the residual at the start. */
export interface EffectiveGram {
  /** (rows, rows) symmetric, row-major: K_n */
  readonly matrix: Float64Array;
  /** r(0)ᵀ K_n r(0): mean over examples of the loss of an example left out, less its loss when it is trained on */
  readonly gap: number;
  /** mean loss of the examples left out, each at weights that never saw it */
  readonly leaveOneOut: number;
  /** mean loss of training at `time` */
  readonly training: number;
  /** of K_n, ascending */
  readonly eigenvalues: Float64Array;
  /** shares of ‖r(0)‖² along the eigenvectors of K_n, in the same order; they sum to 1, and are NaN where the residual is zero */
  readonly alignment: Float64Array;
  /** the same of the residual at `time` */
  readonly alignmentAtTime: Float64Array;
}

/**
 * The effective Gram matrix of training with a kernel that does not change: K_n with gap = r(0)ᵀ K_n r(0), where r(0) is what outputs differ from targets by
 * before training, and the gap is that between an example left out and the same example trained on [yang2025].
 *
 * The abstract of [yang2025] states the quadratic form and that residuals keep to its small eigenvalues; its definition of K_n for moving kernels, by
 * factors of contraction and perturbation, was not read. For a kernel that stays, as here, gradient flow is linear, ṙ = −K r/n, and everything is exact:
 * with p_i the row of e^{−Kt/n} of example i, and q_i the row that training on the others gives it, K_n = (1/2n) Σ_i (q_i q_iᵀ − p_i p_iᵀ). Derived by us.
 *
 * @param kernel (rows, rows) symmetric and positive semidefinite, row-major: a neural tangent kernel, X Xᵀ of linear regression
 * @param residual (rows,) outputs less targets at the start, in the order of the kernel
 * @throws ArgumentError for lengths that do not fit, a kernel with an eigenvalue below −1e-8 of its largest
 * @example
 * // two examples with orthonormal inputs learn nothing of each other: left out, the residual stays
 * effectiveGram(Float64Array.of(1, 0, 0, 1), Float64Array.of(1, 1), { time: Infinity }).gap; // 0.5
 * Cost: n eigendecompositions of (rows − outputs)², about 10 n · rows³ flops, and one of rows²
 */
export function effectiveGram(
  kernel: Float64Array,
  residual: Float64Array,
  { time, outputs = 1 }: EffectiveGramOptions,
): EffectiveGram {
  const rows = residual.length;
  requireInteger('effectiveGram', 'outputs', outputs, 1);
  if (rows === 0 || rows % outputs !== 0)
    refuse('effectiveGram', `residual must have ${outputs} numbers for each example, got ${rows} in all`);
  const examples = rows / outputs;
  if (examples < 2) refuse('effectiveGram', 'two examples are needed: nothing trains an example that is alone');
  requireLength('effectiveGram', 'kernel', kernel, [rows, rows]);
  requireFiniteEntries('effectiveGram', 'kernel', kernel);
  requireFiniteEntries('effectiveGram', 'residual', residual);
  if (!(time > 0)) refuse('effectiveGram', `time must be positive, got ${time}`);
  const trained = propagator(kernel, rows, time / examples);
  const matrix = new Float64Array(rows * rows);
  let leaveOneOut = 0;
  for (let i = 0; i < examples; i++) {
    const left = leftOut(kernel, rows, { first: i * outputs, outputs, time: time / (examples - 1) });
    for (let o = 0; o < outputs; o++) {
      const q = left.subarray(o * rows, (o + 1) * rows);
      const p = trained.subarray((i * outputs + o) * rows, (i * outputs + o + 1) * rows);
      const away = dot(q, residual);
      leaveOneOut += (away * away) / (2 * examples);
      addOuter(matrix, q, 1 / (2 * examples));
      addOuter(matrix, p, -1 / (2 * examples));
    }
  }
  const now = Float64Array.from({ length: rows }, (_, row) =>
    dot(trained.subarray(row * rows, (row + 1) * rows), residual),
  );
  const training = dot(now, now) / (2 * examples);
  const { values, vectors } = eigh(matrix, rows, { vectors: true });
  const shares = (r: Float64Array): Float64Array => {
    const total = dot(r, r);
    return Float64Array.from({ length: rows }, (_, i) => {
      const along = dot(vectors.subarray((rows - 1 - i) * rows, (rows - i) * rows), r);
      return (along * along) / total;
    });
  };
  return {
    matrix,
    gap: leaveOneOut - training,
    leaveOneOut,
    training,
    eigenvalues: values.toReversed(),
    alignment: shares(residual),
    alignmentAtTime: shares(now),
  };
}

/** e^{−K t} (size, size) of a positive semidefinite matrix; at t = ∞ the projection on its null space. */
function propagator(kernel: Float64Array, size: number, time: number): Float64Array {
  return ofSpectrum(kernel, size, (value, least) => (value <= least ? 1 : exp(-value * time)));
}

/**
 * Rows of an example's outputs after training on the others: e_i − k_iᵀ K₋⁺ (I − e^{−K₋ t}), placed among all rows.
 *
 * @returns (outputs, rows)
 */
function leftOut(
  kernel: Float64Array,
  rows: number,
  { first, outputs, time }: { readonly first: number; readonly outputs: number; readonly time: number },
): Float64Array {
  const others = Array.from({ length: rows }, (_, row) => row).filter((row) => row < first || row >= first + outputs);
  const size = others.length;
  const own = new Float64Array(size * size);
  others.forEach((row, a) => others.forEach((column, b) => (own[a * size + b] = kernel[row * rows + column])));
  // (1 − e^{−λt})/λ; k_i has no part in the null space of K₋
  const response = ofSpectrum(own, size, (value, least) => (value <= least ? 0 : -expm1(-value * time) / value));
  const out = new Float64Array(outputs * rows);
  for (let o = 0; o < outputs; o++) {
    out[o * rows + first + o] = 1;
    others.forEach((_row, a) => {
      const weight = kernel[(first + o) * rows + others[a]];
      for (let b = 0; b < size; b++) out[o * rows + others[b]] -= weight * response[a * size + b];
    });
  }
  return out;
}

/** f(K) of a positive semidefinite matrix; f is told what is rounding. */
function ofSpectrum(kernel: Float64Array, size: number, f: (value: number, least: number) => number): Float64Array {
  const { values, vectors } = eigh(kernel, size, { vectors: true });
  const largest = Math.max(values[0], 0);
  if (values[size - 1] < -1e-8 * largest)
    refuse(
      'effectiveGram',
      `kernel must be positive semidefinite, got an eigenvalue ${values[size - 1]} beside the largest ${values[0]}`,
    );
  const least = size * 2 ** -52 * largest;
  const out = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    const factor = f(values[k], least);
    if (factor !== 0) addOuter(out, vectors.subarray(k * size, (k + 1) * size), factor);
  }
  return out;
}

/** A ← A + s x xᵀ */
function addOuter(a: Float64Array, x: Float64Array, s: number): void {
  const n = x.length;
  for (let i = 0; i < n; i++) {
    const scaled = s * x[i];
    if (scaled === 0) continue;
    for (let j = 0; j < n; j++) a[i * n + j] += scaled * x[j];
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
