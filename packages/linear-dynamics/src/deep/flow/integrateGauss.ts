import { pow } from '@hyperribbon/kernels';
import { maxAbs } from '../dense.js';
import { GaussStages, type Field } from './gaussStages.js';
import { gaussTableau } from './gaussTableau.js';

const EPS = 2.220446049250313e-16;
/** contraction per iteration that the step size aims at */
const CONTRACTION = 0.4;
/** step times fastest rate, at most: the shifted iteration contracts by about 0.4 there */
const REACH = 6;

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
 *    about 10 times the true local error.
 * 2. Stages are iterated with a shift, see {@link GaussStages}; a step is no longer than the iteration contracts well.
 */
export function integrateGauss(
  field: Field,
  start: Float64Array,
  times: Float64Array,
  onTime: (index: number, y: Float64Array) => void,
  { tolerance, maxSteps, signal, onProgress }: IntegrationOptions,
): IntegrationReport {
  const n = start.length;
  const y = start.slice();
  const carry = new Float64Array(n);
  const f0 = new Float64Array(n);
  const { weights, atStart } = gaussTableau();
  const stages = new GaussStages(field, n);
  let [time, h, lastStep, steps, rejected, starts] = [0, 0, 0, 0, 0, 0];
  const report = (reason: FlowReason): IntegrationReport => ({
    converged: reason === 'reached-end',
    reason,
    time,
    steps,
    rejected,
    evaluations: starts + stages.evaluations,
  });
  let known = false;

  for (let index = 0; index < times.length; index++) {
    const until = times[index]!;
    while (time < until) {
      signal?.throwIfAborted();
      if (steps + rejected >= maxSteps) return report('max-steps');
      if (!known) {
        field(y, f0);
        starts++;
        known = true;
      }
      const size = maxAbs(y);
      const speed = maxAbs(f0);
      if (h === 0) h = speed === 0 ? until : (0.01 * Math.max(size, EPS)) / speed;
      const last = time + h * 1.000001 >= until;
      const step = last ? until - time : h;
      stages.predict(f0, step, lastStep);
      const outcome = stages.iterate(y, step, size);
      const error = outcome.converged
        ? errorShare(atStart, f0, stages.derivatives, { step, size, tolerance })
        : Infinity;
      if (!(error <= 1)) {
        rejected++;
        h = step * (error < Infinity ? Math.max(0.2, 0.8 * pow(error, -1 / 9)) : 0.3);
        if (!(time + h / 16 > time)) return report('step-underflow');
        lastStep = 0;
        continue;
      }
      advance(weights, y, carry, stages.derivatives, step);
      lastStep = step;
      known = false;
      steps++;
      time = last ? until : time + step;
      const byError = error > 0 ? 0.8 * pow(error, -1 / 9) : 4;
      const byIteration = Math.min(
        outcome.rate > 0 ? CONTRACTION / outcome.rate : 4,
        stages.fastest > 0 ? REACH / (stages.fastest * step) : 4,
      );
      // without new evidence the rates may have fallen
      if (outcome.rate === 0) stages.fastest *= 0.95;
      // a step shortened to meet a time says nothing against the longer one
      const next = step * Math.max(0.2, Math.min(4, byError, byIteration));
      h = last ? Math.max(next, Math.min(h, next * 4)) : next;
      onProgress?.({ time, until: times[times.length - 1]!, steps });
    }
    onTime(index, y);
  }
  return report('reached-end');
}

/** Local error over the one allowed. */
function errorShare(
  atStart: Float64Array,
  f0: Float64Array,
  stages: Float64Array,
  { step, size, tolerance }: { readonly step: number; readonly size: number; readonly tolerance: number },
): number {
  const n = f0.length;
  let [defect, speed] = [0, 0];
  for (let k = 0; k < n; k++) {
    let p = 0;
    for (let j = 0; j < atStart.length; j++) p += atStart[j]! * stages[j * n + k]!;
    defect = Math.max(defect, Math.abs(f0[k]! - p));
    speed = Math.max(speed, Math.abs(f0[k]!), Math.abs(p));
  }
  if (speed === 0) return 0;
  // from y = 0 the first scale is the step itself
  return (step * defect * Math.min(1, defect / speed)) / (tolerance * Math.max(size, step * speed));
}

/** y ← y + h Σ b_i F_i with the rounding errors carried on [neumaier1974]. */
function advance(
  weights: Float64Array,
  y: Float64Array,
  carry: Float64Array,
  stages: Float64Array,
  step: number,
): void {
  const n = y.length;
  for (let k = 0; k < n; k++) {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += weights[i]! * stages[i * n + k]!;
    const add = step * sum + carry[k]!;
    const to = y[k]! + add;
    carry[k] = y[k]! - to + add;
    y[k] = to;
  }
}
