import { AbortError, floatArray, pacer, refuse, secondsLeft, throwIfAborted } from '@hyperribbon/contract';
import type { Dtype } from '@hyperribbon/kernels/linear';
import { exponentOf, maxAbs, scaleByPower, timesPower } from '../dense/powerOfTwo.js';
import type { ResolvedSolve } from './solveOptions.js';
import { type SolveReason, solveReasons, type SolveReport } from './solveReport.js';
import { addTo, norm } from './vectors.js';

/** A system A x = b in numbers near 1, and what its products cost. */
export interface System {
  readonly caller: string;
  readonly dtype: Dtype;
  readonly unknowns: number;
  readonly equations: number;
  /** out ← A x */
  product(x: Float64Array, out: Float64Array): Promise<Float64Array>;
  /** out ← Aᵀ r */
  transposed(r: Float64Array, out: Float64Array): Promise<Float64Array>;
  /** products with A so far */
  matvecs(): number;
  /** of the power of two that was taken out of A */
  exponent(): number;
  /** that it stay what it is, also where nothing is known of A yet */
  keepScale(): void;
}

/** How one run of a method ended: it adds its correction to x as it goes. */
export interface Run {
  readonly ended: Exclude<SolveReason, 'noise-floor' | 'aborted'>;
}

/** What a run is given besides the system. */
export interface Task {
  /** (equations,) the residual to be made small; the run may overwrite it */
  readonly residual: Float64Array;
  /** (unknowns,) to which the correction is added */
  readonly x: Float64Array;
  /** ‖residual‖ to reach */
  readonly target: number;
  /** ‖Aᵀ r‖ ≤ this · ‖A‖ ‖r‖ makes x a least-squares solution */
  readonly tol: number;
  /** estimates of ‖A‖ and of the condition, to be raised */
  readonly seen: { norm: number; condition: number };
  /** to await before each product: throws where the signal is aborted; false where the products ran out */
  step(residualNorm: number): Promise<boolean>;
}

/** A method: reduces the residual of a correction from zero on. */
export type Method = (system: System, task: Task) => Promise<Run>;

/**
 * Solves by runs of a method, each on the residual that the last one left, measured anew: what a recurrence believes is never reported. The solve ends where a
 * measured residual is small, or no longer halves.
 */
export async function solveByCorrections(
  system: System,
  b: ArrayLike<number>,
  options: ResolvedSolve,
  method: Method,
): Promise<SolveReport> {
  const solve = new Corrections(system, b, options);
  try {
    return await solve.run(method);
  } catch (error) {
    if (options.signal?.aborted === true && error instanceof AbortError) return solve.aborted();
    throw error;
  }
}

class Corrections {
  readonly #system: System;
  readonly #options: ResolvedSolve;
  /** b = 2^exponent · rhs */
  readonly #rhs: Float64Array;
  readonly #exponent: number;
  readonly #size: number;
  /** numbers of #rhs's scale and of A's: what is returned is 2^(exponent − that of A) of it */
  #x: Float64Array;
  /** the best whose residual was measured */
  #best: { x: Float64Array; residual: number; normal?: number } | undefined;
  /** ‖residual‖ of the recurrence */
  #believed = Infinity;
  #iterations = 0;
  #corrections = -1;
  readonly #seen = { norm: 0, condition: 1 };
  readonly #pause = pacer();
  readonly #began = performance.now();
  readonly #leastTol: number;

  constructor(system: System, b: ArrayLike<number>, options: ResolvedSolve) {
    this.#system = system;
    this.#options = options;
    this.#exponent = exponentOf(maxAbs(b));
    this.#rhs = scaleByPower(Float64Array.from(b), -this.#exponent);
    this.#size = norm(this.#rhs);
    this.#x = new Float64Array(system.unknowns);
    // below that rounding blows up what lies in directions that are zero to it
    this.#leastTol = Math.max(options.tol, system.dtype === 'float32' ? 2 ** -15 : 2 ** -29);
  }

  async run(method: Method): Promise<SolveReport> {
    const { tol, start } = this.#options;
    throwIfAborted(this.#system.caller, this.#options.signal);
    const residual = new Float64Array(this.#system.equations);
    if (this.#size === 0) return this.report('converged');
    if (start === undefined) residual.set(this.#rhs);
    else {
      this.#x.set(start);
      const e = exponentOf(maxAbs(start));
      // one product for the scale of A
      await this.#system.product(scaleByPower(this.#x.slice(), -e), residual);
      this.#system.keepScale();
      scaleByPower(this.#x, this.#system.exponent() - this.#exponent);
      if (!Number.isFinite(maxAbs(this.#x))) refuse(this.#system.caller, 'start is too large for b: leave it off');
      await this.#measure(residual);
    }
    for (let before = Infinity; ; ) {
      const now = norm(residual);
      if (now <= tol * this.#size) return this.report('converged');
      if (now > before / 2) return this.report('noise-floor');
      before = now;
      const { ended } = await this.#begin(method, residual);
      await this.#measure(residual);
      if (ended === 'least-squares') return await this.#leastSquares(residual);
      if (ended !== 'converged') return this.report(norm(residual) <= tol * this.#size ? 'converged' : ended);
    }
  }

  async #begin(method: Method, residual: Float64Array): Promise<Run> {
    this.#corrections += 1;
    const { tol, maxMatvecs, signal, onProgress } = this.#options;
    const { caller } = this.#system;
    const since = { done: 0, at: this.#began };
    return method(this.#system, {
      residual,
      x: this.#x,
      target: 0.5 * tol * this.#size,
      tol: this.#leastTol,
      seen: this.#seen,
      step: async (residualNorm) => {
        this.#believed = residualNorm;
        const done = this.#system.matvecs();
        if ((await this.#pause()) && signal?.aborted !== true)
          onProgress?.({
            done,
            of: maxMatvecs,
            detail: { relativeResidual: residualNorm / this.#size },
            secondsLeft: secondsLeft({ done, of: maxMatvecs }, since),
          });
        throwIfAborted(caller, signal);
        // the last one measures
        if (done >= maxMatvecs - 1) return false;
        this.#iterations += 1;
        return true;
      },
    });
  }

  /** residual ← b − A x with x as it will be returned. */
  async #measure(residual: Float64Array): Promise<void> {
    const { dtype } = this.#system;
    const x = dtype === 'float64' ? this.#x.slice() : Float64Array.from(floatArray(dtype, this.#x));
    this.#x.set(x);
    await this.#system.product(x, residual);
    for (let i = 0; i < residual.length; i++) residual[i] = this.#rhs[i] - residual[i];
    const size = norm(residual);
    if (this.#best === undefined || size < this.#best.residual) this.#best = { x, residual: size };
    // a correction that made it worse is taken back
    else this.#x.set(this.#best.x);
  }

  async #leastSquares(residual: Float64Array): Promise<SolveReport> {
    const normal = await this.#system.transposed(residual, new Float64Array(this.#system.unknowns));
    const size = norm(normal);
    this.#best!.normal = size;
    const small = size <= 10 * this.#leastTol * this.#seen.norm * norm(residual);
    return this.report(small ? 'least-squares' : 'noise-floor');
  }

  /** With the residual that the recurrence believes, where that is the smallest. */
  aborted(): SolveReport {
    if (this.#believed < (this.#best?.residual ?? Infinity)) this.#best = { x: this.#x, residual: this.#believed };
    return this.report('aborted');
  }

  report(reason: SolveReason): SolveReport {
    const { dtype, caller } = this.#system;
    const best = this.#best ?? { x: new Float64Array(this.#system.unknowns), residual: this.#size };
    const e = this.#system.exponent();
    const x = floatArray(dtype, scaleByPower(best.x.slice(), this.#exponent - e));
    if (!Number.isFinite(maxAbs(x)))
      refuse(caller, `b is too large for this operator: the solution is beyond the largest ${dtype}; scale b down`);
    const scaled = (value: number, of: number): number => timesPower(value, Math.max(-2044, Math.min(2044, of)));
    return {
      x,
      residualNorm: scaled(best.residual, this.#exponent),
      relativeResidual: this.#size === 0 ? 0 : best.residual / this.#size,
      ...(best.normal !== undefined && { normalResidualNorm: scaled(best.normal, this.#exponent + e) }),
      converged: reason === 'converged' || reason === 'least-squares',
      reason,
      message: solveReasons[reason],
      iterations: this.#iterations,
      matvecs: this.#system.matvecs(),
      corrections: Math.max(0, this.#corrections),
      norm: scaled(this.#seen.norm, e),
      condition: this.#seen.condition,
    };
  }
}

/** x ← x + correction, which a method that broke off may have left with something infinite in it. */
export function addCorrection(x: Float64Array, correction: Float64Array): void {
  if (Number.isFinite(maxAbs(correction))) addTo(x, 1, correction);
}
