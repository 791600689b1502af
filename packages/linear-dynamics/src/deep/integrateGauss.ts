import { pow } from '@hyperribbon/kernels';
import { maxAbs, maxDifference } from './dense.js';
import { gaussTableau, lagrange } from './gaussTableau.js';

const EPS = 2.220446049250313e-16;
const STAGES = 4;
const MOST_ITERATIONS = 40;
/** contraction per iteration that the step size aims at: 12 to 16 iterations to rounding */
const CONTRACTION = 0.15;

/** dy/dt: out ← f(y). */
export type Field = (y: Float64Array, out: Float64Array) => void;

export interface IntegrationOptions {
  /** local error aimed at, relative to max |y| */
  readonly tolerance: number;
  readonly maxSteps: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: FlowProgress) => void) | undefined;
}

export interface FlowProgress {
  readonly time: number;
  readonly until: number;
  readonly steps: number;
}

/** Why an integration ended; {@link flowReasonText} says what to do about it. */
export type FlowReason = 'reached-end' | 'max-steps' | 'step-underflow';

export interface IntegrationReport {
  readonly converged: boolean;
  readonly reason: FlowReason;
  /** how far it came */
  readonly time: number;
  readonly steps: number;
  readonly rejected: number;
  /** evaluations of the field */
  readonly evaluations: number;
}

/**
 * Integrates y' = f(y) from time 0 and hands over y at each of the ascending times.
 *
 * Four-stage Gauss collocation, order 8: it conserves every quadratic invariant of f [cooper1987] whatever the step, which is
 * what keeps B_j = W_{j+1}ᵀ W_{j+1} − W_j W_jᵀ. The stages are iterated until rounding stops them [hairer2006, §VIII.6] and
 * the sum over steps is compensated, so that the drift is rounding alone.
 * 1. Error estimate: d = f(y₀) − p(0), p the collocation polynomial of f along the step, has order 4; its coefficients fall
 *    geometrically, so ‖h d‖²/‖h f‖, of order 9 like the local error, is held below tolerance·‖y‖. For y' = λ y it is
 *    9 times the true local error.
 * 2. The step is also held where the iteration contracts by 0.15.
 */
export function integrateGauss(
  field: Field,
  start: Float64Array,
  times: Float64Array,
  onTime: (index: number, y: Float64Array) => void,
  options: IntegrationOptions,
): IntegrationReport {
  const n = start.length;
  const { nodes, weights, matrix, atStart } = gaussTableau();
  const y = start.slice();
  const carry = new Float64Array(n);
  const f0 = new Float64Array(n);
  const at = new Float64Array(n);
  let stages = new Float64Array(STAGES * n);
  let previous = new Float64Array(STAGES * n);
  const increments = new Float64Array(STAGES * n);
  const older = new Float64Array(STAGES * n);
  let [time, h, lastStep, steps, rejected, evaluations] = [0, 0, 0, 0, 0, 0];
  const report = (reason: FlowReason): IntegrationReport => ({
    converged: reason === 'reached-end',
    reason,
    time,
    steps,
    rejected,
    evaluations,
  });
  let known = false;

  for (let index = 0; index < times.length; index++) {
    const until = times[index]!;
    while (time < until) {
      options.signal?.throwIfAborted();
      if (steps + rejected >= options.maxSteps) return report('max-steps');
      if (!known) {
        field(y, f0);
        evaluations++;
        known = true;
      }
      const size = maxAbs(y);
      const speed = maxAbs(f0);
      if (h === 0) h = speed === 0 ? until : (0.01 * Math.max(size, EPS)) / speed;
      const last = time + h * 1.000001 >= until;
      const step = last ? until - time : h;
      predict(step);
      const outcome = iterate(step, size);
      const error = outcome.converged ? estimate(step, size) : Infinity;
      if (!(error <= 1)) {
        rejected++;
        h = step * (error < Infinity ? Math.max(0.2, 0.8 * pow(error, -1 / 9)) : 0.3);
        if (!(time + h / 16 > time)) return report('step-underflow');
        lastStep = 0;
        continue;
      }
      advance(step);
      steps++;
      time = last ? until : time + step;
      const byError = error > 0 ? 0.8 * pow(error, -1 / 9) : 4;
      const byIteration = outcome.rate > 0 ? CONTRACTION / outcome.rate : 4;
      // a step shortened to meet a time says nothing against the longer one
      const next = step * Math.max(0.2, Math.min(4, byError, byIteration));
      h = last ? Math.max(next, Math.min(h, next * 4)) : next;
      options.onProgress?.({ time, until: times[times.length - 1]!, steps });
    }
    onTime(index, y);
  }
  return report('reached-end');

  /** Stage derivatives from the polynomial of the last step and f(y₀), extrapolated; f(y₀) itself when there is none. */
  function predict(step: number): void {
    if (lastStep === 0) {
      for (let i = 0; i < STAGES; i++) stages.set(f0, i * n);
      return;
    }
    [stages, previous] = [previous, stages];
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

  /** Fixed-point iteration of the stages to rounding. */
  function iterate(step: number, size: number): { readonly converged: boolean; readonly rate: number } {
    let before = Infinity;
    let rate = 0;
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      older.set(increments);
      for (let i = 0; i < STAGES; i++) {
        // hot: 4 n multiply-adds per stage
        const [a0, a1, a2, a3] = [0, 1, 2, 3].map((j) => step * matrix[i * 4 + j]!) as [number, number, number, number];
        for (let k = 0; k < n; k++) {
          increments[i * n + k] =
            a0 * stages[k]! + a1 * stages[n + k]! + a2 * stages[2 * n + k]! + a3 * stages[3 * n + k]!;
        }
      }
      for (let i = 0; i < STAGES; i++) {
        for (let k = 0; k < n; k++) at[k] = y[k]! + increments[i * n + k]!;
        field(at, stages.subarray(i * n, (i + 1) * n));
      }
      evaluations += STAGES;
      if (iteration === 0) continue;
      const change = maxDifference(increments, older);
      if (!Number.isFinite(change)) return { converged: false, rate: Infinity };
      const floor = EPS * Math.max(size, maxAbs(increments));
      if (iteration > 1 && change > 64 * floor) rate = Math.max(rate, change / before);
      // stopped by rounding: no longer shrinking, and as small as rounding can make it
      if (change <= floor / 4 || (change >= before && before <= 64 * floor)) return { converged: true, rate };
      if (iteration > 3 && change > before && change > 1e3 * floor) return { converged: false, rate: Infinity };
      before = change;
    }
    return { converged: before <= 64 * EPS * Math.max(size, maxAbs(increments)), rate: Math.max(rate, 0.9) };
  }

  /** Local error over the one allowed. */
  function estimate(step: number, size: number): number {
    let [defect, speed] = [0, 0];
    for (let k = 0; k < n; k++) {
      let p = 0;
      for (let j = 0; j < STAGES; j++) p += atStart[j]! * stages[j * n + k]!;
      defect = Math.max(defect, Math.abs(f0[k]! - p));
      speed = Math.max(speed, Math.abs(f0[k]!), Math.abs(p));
    }
    if (speed === 0) return 0;
    // from y = 0 the first scale is the step itself
    return (step * defect * Math.min(1, defect / speed)) / (options.tolerance * Math.max(size, step * speed));
  }

  /** y ← y + h Σ b_i F_i with the rounding errors carried on [neumaier1974]. */
  function advance(step: number): void {
    for (let k = 0; k < n; k++) {
      let sum = 0;
      for (let i = 0; i < STAGES; i++) sum += weights[i]! * stages[i * n + k]!;
      const add = step * sum + carry[k]!;
      const to = y[k]! + add;
      carry[k] = y[k]! - to + add;
      y[k] = to;
    }
    lastStep = step;
    known = false;
  }
}
