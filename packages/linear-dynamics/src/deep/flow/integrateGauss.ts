import type { FlowReason } from '@hyperribbon/contract/reasons';
import { pow } from '@hyperribbon/kernels';
import { maxAbs } from '../dense.js';
import type { ResolvedFlow } from './flowOptions.js';
import { GaussStages, type Field } from './gaussStages.js';
import { gaussTableau } from './gaussTableau.js';
import { RoundingGrowth, type Slope } from './roundingGrowth.js';

const EPS = 2.220446049250313e-16;
/** contraction per iteration that the step size aims at */
const CONTRACTION = 0.4;
/** step times fastest rate, at most: the shifted iteration contracts by about 0.4 there */
const REACH = 6;
/** share of rounding from which on the numbers are no longer those of the flow asked for */
const LOST = 1e-6;

/** How an integration went: how far it came, why it ended, and what it took. */
export interface IntegrationReport {
  /** whether the last time was reached, and rounding did not decide how */
  readonly converged: boolean;
  readonly reason: FlowReason;
  /** the times reached, (m,): all that were asked for when converged */
  readonly times: Float64Array;
  /** how far it came */
  readonly time: number;
  readonly steps: number;
  readonly rejected: number;
  /** evaluations of the field */
  readonly evaluations: number;
}

/** Of an integration that watches its rounding. */
export interface WatchedReport extends IntegrationReport {
  /**
   * How much of the numbers may be rounding, relative to the largest, up to each time, (m,): about 1e-15 as a rule. The flow beside a
   * saddle multiplies it; near 1, rounding chose the way on. From 1e-6 on `reason` is 'chosen-by-rounding'.
   */
  readonly roundingShares: Float64Array;
}

/**
 * Integrates y' = f(y) from time 0: how it went, and y at each of the ascending times that it reached.
 *
 * Four-stage Gauss collocation, order 8: it conserves every quadratic invariant of f [cooper1987] whatever the step, which is
 * what keeps B_j = W_{j+1}ᵀ W_{j+1} − W_j W_jᵀ. The stages are iterated until rounding stops them [hairer2006, §VIII.6] and
 * the sum over steps is compensated, so that the drift is rounding alone.
 * 1. Error estimate: d = f(y₀) − p(0), p the collocation polynomial of f along the step, has order 4; its coefficients fall
 *    geometrically, so ‖h d‖²/‖h f‖, of order 9 like the local error, is held below tol·‖y‖. For y' = λ y it is
 *    about 10 times the true local error.
 * 2. Stages are iterated with a shift, see {@link GaussStages}; a step is no longer than the iteration contracts well.
 * 3. With a `slope` it watches what becomes of rounding, see {@link RoundingGrowth}; without one all shares are 0.
 */
export function integrateGauss(
  field: Field,
  start: Float64Array,
  { times, tol, maxSteps, signal, onProgress }: Omit<ResolvedFlow, 'learningTime'>,
  slope?: Slope,
): { readonly report: WatchedReport; readonly states: readonly Float64Array[] } {
  const run = new GaussRun(field, start, tol, slope);
  const states: Float64Array[] = [];
  const shares: number[] = [];
  const follow = (): FlowReason => {
    for (const time of times) {
      while (run.time < time) {
        if (signal?.aborted === true) return 'aborted';
        if (run.steps + run.rejected >= maxSteps) return 'max-steps';
        const outcome = run.attempt(time);
        if (outcome === 'underflow') return 'step-underflow';
        if (outcome === 'accepted') onProgress?.({ done: run.time, of: times.at(-1)!, detail: { steps: run.steps } });
      }
      states.push(run.y.slice());
      shares.push(run.roundingShare);
    }
    return run.roundingShare < LOST ? 'reached-end' : 'chosen-by-rounding';
  };
  const report = { ...run.report(follow()), times: times.slice(0, states.length) };
  return { report: { ...report, roundingShares: Float64Array.from(shares) }, states };
}

/** Where an integration stands, and the step that it will try next. */
class GaussRun {
  readonly y: Float64Array;
  time = 0;
  steps = 0;
  rejected = 0;
  readonly #field: Field;
  readonly #tol: number;
  readonly #tableau = gaussTableau();
  readonly #stages: GaussStages;
  readonly #carry: Float64Array;
  /** f(y), once it is known */
  readonly #f0: Float64Array;
  readonly #rounding: RoundingGrowth | undefined;
  #known = false;
  #starts = 0;
  #next = 0;
  #lastStep = 0;

  constructor(field: Field, start: Float64Array, tol: number, slope: Slope | undefined) {
    this.#field = field;
    this.#rounding = slope && new RoundingGrowth(slope, start.length);
    this.#tol = tol;
    this.#stages = new GaussStages(field, start.length);
    this.y = start.slice();
    this.#carry = new Float64Array(start.length);
    this.#f0 = new Float64Array(start.length);
  }

  get roundingShare(): number {
    return this.#rounding?.worst ?? 0;
  }

  report(reason: FlowReason): Omit<IntegrationReport, 'times'> {
    const { time, steps, rejected } = this;
    const evaluations = this.#starts + this.#stages.evaluations + (this.#rounding?.evaluations ?? 0);
    return { converged: reason === 'reached-end', reason, time, steps, rejected, evaluations };
  }

  /** Tries one step, not beyond `until`. */
  attempt(until: number): 'accepted' | 'rejected' | 'underflow' {
    const [stages, f0] = [this.#stages, this.#f0];
    if (!this.#known) {
      this.#field(this.y, f0);
      this.#starts++;
      this.#known = true;
    }
    const size = maxAbs(this.y);
    if (this.#next === 0) {
      const speed = maxAbs(f0);
      this.#next = speed === 0 ? until : (0.01 * Math.max(size, EPS)) / speed;
    }
    const last = this.time + this.#next * 1.000001 >= until;
    const step = last ? until - this.time : this.#next;
    stages.predict(f0, step, this.#lastStep);
    const { converged, rate } = stages.iterate(this.y, step, size);
    const { weights, atStart } = this.#tableau;
    const error = converged ? errorShare(atStart, f0, stages.derivatives, { step, size, tol: this.#tol }) : Infinity;
    if (!(error <= 1)) {
      this.rejected++;
      this.#next = step * (error < Infinity ? Math.max(0.2, 0.8 * pow(error, -1 / 9)) : 0.3);
      this.#lastStep = 0;
      return this.time + this.#next / 16 > this.time ? 'rejected' : 'underflow';
    }
    this.#rounding?.advance(this.y, f0, step, stages.fastest);
    advance(weights, this.y, this.#carry, stages.derivatives, step);
    this.#lastStep = step;
    this.#known = false;
    this.steps++;
    this.time = last ? until : this.time + step;
    const next = step * this.#growth(step, error, rate);
    // a step shortened to meet a time says nothing against the longer one
    this.#next = last ? Math.max(next, Math.min(this.#next, next * 4)) : next;
    return 'accepted';
  }

  /** Next step over this one: as its error and the pace of its iteration allow. */
  #growth(step: number, error: number, rate: number): number {
    const stages = this.#stages;
    const byError = error > 0 ? 0.8 * pow(error, -1 / 9) : 4;
    const byIteration = Math.min(
      rate > 0 ? CONTRACTION / rate : 4,
      stages.fastest > 0 ? REACH / (stages.fastest * step) : 4,
    );
    // without new evidence the rates may have fallen
    if (rate === 0) stages.fastest *= 0.95;
    return Math.max(0.2, Math.min(4, byError, byIteration));
  }
}

/** Local error over the one allowed. */
function errorShare(
  atStart: Float64Array,
  f0: Float64Array,
  stages: Float64Array,
  { step, size, tol }: { readonly step: number; readonly size: number; readonly tol: number },
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
  return (step * defect * Math.min(1, defect / speed)) / (tol * Math.max(size, step * speed));
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
