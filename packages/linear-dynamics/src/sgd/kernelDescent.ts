import { refuse, requireCounts, requireInteger, requireNonNegative, requirePositive } from '@hyperribbon/contract';
import { type FloatArray, product } from '@hyperribbon/kernels';
import { eigh } from '@hyperribbon/lanczos';
import { decayModes } from '../trajectories/spectra/decayModes.js';
import { type Descent, requireStable } from '../trajectories/descent.js';
import { decayAt } from '../trajectories/iterate.js';
import { requireSymmetric, vectorOf } from '../vectors.js';

/** The learning rate is below 2/l₁ for descent, with l₁ the largest eigenvalue of K/n. */
export interface KernelDescentOptions extends Pick<Descent, 'learningRate' | 'dynamics'> {
  /** (n, n) Gram matrix K of the training inputs: from kernelMatrix, or a tangent kernel (curvature's gramMatrix times n) */
  readonly gram: FloatArray;
  readonly count: number;
  /** (n, outputs) y */
  readonly targets: FloatArray;
  /** C, default 1 */
  readonly outputs?: number;
  /** (n, outputs) f₀ at the training inputs; default 0 */
  readonly initial?: FloatArray;
  /** eigenvalues down to −this part of l₁ count as rounding and become 0; default 1e-10 */
  readonly negativeTol?: number;
}

/** the same bits in every runtime */
const exact = { deterministic: true };

/** Gradient descent of a kernel machine, solved: functions of the step t, up to Infinity. */
export interface KernelDescent {
  readonly status: 'reconstruction';
  /** (n,) l of K/n, descending: the spectrum whose slope decides (inputSpectrumSlope, phasePoint with exponent 1) */
  readonly eigenvalues: Float64Array;
  /** (n, n) rows v_i */
  readonly vectors: Float64Array;
  /** (n, outputs) target y in the eigenbasis, divided by √n: its part in seen directions divided by √l is w_⋆ of {@link regressionSpectrum} */
  readonly target: Float64Array;
  /** (n, outputs) f_t at the training inputs: y + Σ (1 − η l)ᵗ v vᵀ (f₀ − y) */
  train(step: number): Float64Array;
  /** (n, outputs) dual weights α_t with f_t(x) = f₀(x) + Σⱼ k(x, xⱼ) αⱼ */
  dual(step: number): Float64Array;
  /** (m, outputs) f_t at other inputs, from their kernel values (m, n) and f₀ there (default 0) */
  predict(step: number, cross: FloatArray, initial?: FloatArray): Float64Array;
}

/**
 * Gradient descent f ← f − (η/n) K (f − y) in closed form, on the training inputs, in the dual, and anywhere else.
 *
 * The filter of the dual, (1 − (1 − η l)ᵗ)/(n l), is formed as (η t/n) times a time average, so that directions with l → 0 get their limit η t/n.
 * @throws ArgumentError for shapes that do not fit, a gram that is not finite, not symmetric or has eigenvalues below zero; UnstableStepError
 * Cost: one eigenproblem of order n; then 4 n² C flops per step asked for.
 * Reconstruction following [mao2025] as far as trajectories are concerned; kernel gradient descent itself is standard, tangent kernels [jacot2018].
 * @example kernelDescent({ gram: Float64Array.of(2), count: 1, targets: Float64Array.of(1), learningRate: 0.25 }).train(1) // [0.5]
 */
export function kernelDescent(options: KernelDescentOptions): KernelDescent {
  const caller = 'kernelDescent';
  const { count: n, outputs = 1, learningRate, dynamics = 'descent' } = options;
  const { y, f0, eigenvalues, vectors } = resolveMachine(caller, options);
  const rotated = (b: Float64Array, transposeA = false): Float64Array =>
    product({ m: n, n: outputs, k: n, a: vectors, transposeA, b }, exact);
  const gap = rotated(y.map((value, i) => f0[i] - value));
  /** Σ weights v vᵀ (f₀ − y) */
  const filtered = (weights: Float64Array): Float64Array => {
    const weighted = gap.map((value, i) => value * weights[Math.floor(i / outputs)]);
    return rotated(weighted, true);
  };
  const requireStep = (step: number): void => {
    if (step === Infinity) return;
    if (dynamics === 'descent') requireInteger(caller, 'step', step, 0);
    else requireNonNegative(caller, 'step', step);
  };
  const descent = { eigenvalues, learningRate, dynamics };
  const dual = (step: number): Float64Array => {
    requireStep(step);
    if (step === 0) return new Float64Array(n * outputs);
    if (step === Infinity) {
      const unseen = gap.findIndex((value, i) => value !== 0 && eigenvalues[Math.floor(i / outputs)] === 0);
      if (unseen < 0) return filtered(eigenvalues.map((value) => (value === 0 ? 0 : -1 / (n * value))));
      refuse(
        caller,
        `step must be finite for dual weights of a singular gram: they grow without end where the kernel sees nothing`,
      );
    }
    const { mean } = decayModes({ ...descent, steps: step });
    return filtered(mean.map((value) => (-learningRate * step * value) / n));
  };
  return {
    status: 'reconstruction',
    eigenvalues,
    vectors,
    target: rotated(y).map((value) => value / Math.sqrt(n)),
    train(step) {
      requireStep(step);
      const rest = filtered(decayAt({ ...descent, steps: 1 }, step).remaining);
      return rest.map((value, i) => value + y[i]);
    },
    dual,
    predict(step, cross, initial) {
      if (cross.length === 0 || cross.length % n !== 0) {
        refuse(caller, `cross must hold rows of ${n} kernel values, got ${cross.length} numbers`);
      }
      const m = cross.length / n;
      const values = product({ m, n: outputs, k: n, a: Float64Array.from(cross), b: dual(step) }, exact);
      if (initial === undefined) return values;
      const start = vectorOf(caller, 'initial', initial, m * outputs);
      return values.map((value, i) => value + start[i]);
    },
  };
}

/** Checks a machine and takes its Gram matrix apart. */
function resolveMachine(
  caller: string,
  { gram, count: n, targets, initial, outputs = 1, negativeTol = 1e-10, ...clock }: KernelDescentOptions,
): Readonly<Record<'y' | 'f0' | 'eigenvalues' | 'vectors', Float64Array>> {
  const { learningRate, dynamics = 'descent' } = clock;
  requireCounts(caller, { count: n, outputs });
  requirePositive(caller, 'learningRate', learningRate);
  const k = gramOf(caller, gram, n);
  const y = vectorOf(caller, 'targets', targets, n * outputs);
  const f0 = initial === undefined ? new Float64Array(n * outputs) : vectorOf(caller, 'initial', initial, n * outputs);
  const correlation = k.map((value) => value / n);
  const { values, vectors } = eigh(correlation, n, { vectors: true, deterministic: true });
  const smallest = values[n - 1];
  if (smallest < -negativeTol * Math.max(values[0], 0)) {
    refuse(
      caller,
      `gram must be positive semidefinite, got an eigenvalue ${smallest * n} beside a largest of ${values[0] * n}; check the kernel, or raise negativeTol if it is rounding`,
    );
  }
  // what the eigenproblem rounds to: no direction that is learned, were there time for ever
  const floor = n * 2.220446049250313e-16 * values[0];
  const eigenvalues = values.map((value) => (value > floor ? value : 0));
  if (dynamics === 'descent') requireStable(caller, eigenvalues, learningRate);
  return { y, f0, eigenvalues, vectors: vectors! };
}

/** Copies the Gram matrix. @throws ArgumentError unless it is finite and symmetric to rounding */
function gramOf(caller: string, gram: FloatArray, n: number): Float64Array {
  const k = vectorOf(caller, 'gram', gram, [n, n]);
  const size = k.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  requireSymmetric(caller, 'gram', k, n, (gram.BYTES_PER_ELEMENT === 4 ? 1e-5 : 1e-10) * size);
  return k;
}
