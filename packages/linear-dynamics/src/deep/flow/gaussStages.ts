import { maxAbs, maxDifference } from '../dense.js';
import { gaussTableau, lagrange } from './gaussTableau.js';

const EPS = 2.220446049250313e-16;
const STAGES = 4;
const MOST_ITERATIONS = 40;

/** dy/dt: out ← f(y). */
export type Field = (y: Float64Array, out: Float64Array) => void;

/** How an iteration of the stages ended; `rate` is the factor by which its changes shrank, 0 where they were rounding at once. */
export interface StageOutcome {
  readonly converged: boolean;
  readonly rate: number;
}

/**
 * The derivatives F_i = f(y₀ + h Σ a_ij F_j) at the four Gauss points of a step, one step after another.
 *
 * They are extrapolated from the step before and iterated with a shift: Z ← h A (F(Z) + c Z − c Z_new), c = half the fastest rate seen.
 * For a gradient flow, whose rates lie in [0, L] near the end, it contracts at longer steps than the plain iteration and has the same
 * fixed point: 67,000 evaluations in place of 134,000 for a 5-6-6-4 network until t = 1000.
 */
export class GaussStages {
  /** F_i, (4, n) row-major */
  derivatives: Float64Array;
  /** L, the fastest rate |df/dy| that the iterations have met */
  fastest = 0;
  /** of the field */
  evaluations = 0;
  readonly #field: Field;
  readonly #tableau = gaussTableau();
  readonly #at: Float64Array;
  #previous: Float64Array;
  /** Z_i = h Σ a_ij F_j */
  readonly #increments: Float64Array;
  readonly #olderIncrements: Float64Array;
  readonly #olderDerivatives: Float64Array;

  /** @param n numbers in y */
  constructor(field: Field, n: number) {
    this.#field = field;
    this.#at = new Float64Array(n);
    this.derivatives = new Float64Array(STAGES * n);
    this.#previous = new Float64Array(STAGES * n);
    this.#increments = new Float64Array(STAGES * n);
    this.#olderIncrements = new Float64Array(STAGES * n);
    this.#olderDerivatives = new Float64Array(STAGES * n);
  }

  /** First guess from the polynomial of the last step and f(y₀), extrapolated; f(y₀) itself when there is none (lastStep = 0). */
  predict(f0: Float64Array, step: number, lastStep: number): void {
    const n = f0.length;
    if (lastStep === 0) {
      for (let i = 0; i < STAGES; i++) this.derivatives.set(f0, i * n);
      return;
    }
    [this.derivatives, this.#previous] = [this.#previous, this.derivatives];
    const [stages, previous] = [this.derivatives, this.#previous];
    const { nodes } = this.#tableau;
    const known5 = [...nodes, 1];
    for (let i = 0; i < STAGES; i++) {
      const l = lagrange(known5, 1 + (step / lastStep) * nodes[i]!);
      for (let k = 0; k < n; k++) {
        let v = l[4]! * f0[k]!;
        for (let j = 0; j < STAGES; j++) v += l[j]! * previous[j * n + k]!;
        stages[i * n + k] = v;
      }
    }
  }

  /** Shifted fixed-point iteration to rounding, from y with max |y| = size. */
  iterate(y: Float64Array, step: number, size: number): StageOutcome {
    const { matrix } = this.#tableau;
    const [stages, increments, older] = [this.derivatives, this.#increments, this.#olderIncrements];
    const shift = (step * this.fastest) / 2;
    const shifted = shift === 0 ? matrix : shiftedMatrix(matrix, shift);
    let before = Infinity;
    let rate = 0;
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      older.set(increments);
      if (iteration === 0) this.#increment(matrix, 0, step);
      else this.#increment(shifted, shift, step);
      this.#olderDerivatives.set(stages);
      this.#evaluate(y);
      if (iteration === 0) continue;
      const change = maxDifference(increments, older);
      if (!Number.isFinite(change)) return { converged: false, rate: Infinity };
      const floor = EPS * Math.max(size, maxAbs(increments));
      if (change > 64 * floor) {
        const seen = distance(stages, this.#olderDerivatives) / distance(increments, older);
        if (seen > this.fastest || iteration === 1) this.fastest = Math.max(seen, 0.9 * this.fastest);
        if (iteration > 1) rate = Math.max(rate, change / before);
      }
      // stopped by rounding: no longer shrinking, and as small as rounding can make it
      if (change <= floor / 4 || (change >= before && before <= 64 * floor)) return { converged: true, rate };
      if (iteration > 3 && change > before && change > 1e3 * floor) return { converged: false, rate: Infinity };
      before = change;
    }
    return { converged: before <= 64 * EPS * Math.max(size, maxAbs(increments)), rate: Math.max(rate, 0.9) };
  }

  /** Z ← A (h F + c Z), with A the plain matrix and c = 0 or the shifted one. */
  #increment(a: Float64Array, c: number, step: number): void {
    const n = this.#at.length;
    const [stages, increments, older] = [this.derivatives, this.#increments, this.#olderIncrements];
    for (let i = 0; i < STAGES; i++) {
      const [a0, a1, a2, a3] = [a[i * 4]!, a[i * 4 + 1]!, a[i * 4 + 2]!, a[i * 4 + 3]!];
      // hot: 8 n multiply-adds per stage
      for (let k = 0; k < n; k++) {
        increments[i * n + k] =
          a0 * (step * stages[k]! + c * older[k]!) +
          a1 * (step * stages[n + k]! + c * older[n + k]!) +
          a2 * (step * stages[2 * n + k]! + c * older[2 * n + k]!) +
          a3 * (step * stages[3 * n + k]! + c * older[3 * n + k]!);
      }
    }
  }

  /** F_i ← f(y + Z_i) */
  #evaluate(y: Float64Array): void {
    const [at, increments] = [this.#at, this.#increments];
    const n = at.length;
    for (let i = 0; i < STAGES; i++) {
      for (let k = 0; k < n; k++) at[k] = y[k]! + increments[i * n + k]!;
      this.#field(at, this.derivatives.subarray(i * n, (i + 1) * n));
    }
    this.evaluations += STAGES;
  }
}

/** (I + μ A)⁻¹ A, 4 × 4, by elimination without pivoting: I + μ A is close to diagonally dominant for the Gauss method. */
function shiftedMatrix(matrix: Float64Array, mu: number): Float64Array {
  const left = matrix.map((a, p) => mu * a + (p % 5 === 0 ? 1 : 0));
  const right = matrix.slice();
  for (let k = 0; k < STAGES; k++) {
    for (let i = 0; i < STAGES; i++) {
      if (i === k) continue;
      const factor = left[i * 4 + k]! / left[k * 5]!;
      for (let j = 0; j < STAGES; j++) {
        left[i * 4 + j]! -= factor * left[k * 4 + j]!;
        right[i * 4 + j]! -= factor * right[k * 4 + j]!;
      }
    }
  }
  return right.map((a, p) => a / left[Math.floor(p / 4) * 5]!);
}

/** ‖a − b‖₂, also where its square would under- or overflow */
function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) * (a[i]! - b[i]!);
  if (sum > 1e-280 && sum < Infinity) return Math.sqrt(sum);
  const largest = maxDifference(a, b);
  if (!(largest > 0 && largest < Infinity)) return largest;
  sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i]! - b[i]!) / largest) ** 2;
  return largest * Math.sqrt(sum);
}
