import {
  AbortError,
  floatArray,
  pacer,
  requireFiniteEntries,
  requireInteger,
  requireNoOthers,
  requireOptions,
  requirePositive,
  secondsLeft,
  throwIfAborted,
  type WatchOptions,
} from '@hyperribbon/contract';
import { kernelInfo, type KernelOptions } from '@hyperribbon/kernels/linear';
import { assertOperator, type LinearOperator } from '@hyperribbon/linop';
import { kernelOptions } from '../dense/eigen.js';
import { exponentOf, maxAbs, scaleByPower, timesPower } from '../dense/powerOfTwo.js';
import { tridiagonalEigen } from '../dense/tridiagonalEigen.js';
import { valueNear } from '../density/traceOfFunction.js';
import { KrylovFactorization } from '../factorization/krylovFactorization.js';
import { scaledNorm } from '../solve/vectors.js';
import { leftOut } from './leftOut.js';
import { type FunctionName, resolveFunction, type ResolvedFunction } from './namedFunctions.js';
import { type FunctionReason, functionReasons, type FunctionReport } from './functionReport.js';

export interface ApplyFunctionOptions extends KernelOptions, WatchOptions {
  /** error that counts as converged, relative to ‖f(A) b‖; default 1e-8 for float64, 1e-4 for float32 */
  readonly tol?: number;
  /** most products, and vectors of n numbers kept; default min(n, 500) */
  readonly maxMatvecs?: number;
}

const caller = 'applyFunction';

/**
 * f(A) b for a symmetric operator, with a tolerance: ‖b‖ Qᵀ f(T) e₁ of a Lanczos process that goes on until it has settled [saad1992].
 *
 * The error is judged by what the last fifth of the steps changed and by a bound of what they left out, five times the larger of the two: that covers errors that fall
 * no faster than the inverse of the number of steps, as those of roots of singular operators do, and stretches where nothing changes. What b holds of an eigenvector
 * below rounding is not seen, however large f is there.
 *
 * @param op symmetric (n, n)
 * @param b (n,)
 * @param f 'exp', 'sqrt', 'inverse', 'inverse-sqrt', 'log', or a function of an eigenvalue
 * @returns always a report; where `signal` was aborted with reason 'aborted'
 * @throws ArgumentError, ArgumentTypeError; DomainError where f is not finite at a Ritz value or within rounding of it; NonFiniteError, OperatorError when a product
 * fails; MemoryLimitError
 * Cost: as many products m as reported, 4 m² n flops to keep the vectors orthogonal, (m + 3) n numbers.
 * @example
 * const A = diagonal(Float64Array.of(0, 1, 2));
 * const { y, error } = await applyFunction(A, [1, 1, 1], 'exp');
 * y[1]; // 2.71828
 */
export async function applyFunction(
  op: LinearOperator,
  b: ArrayLike<number>,
  f: FunctionName | ((x: number) => number),
  options: ApplyFunctionOptions = {},
): Promise<FunctionReport> {
  assertOperator(op, caller);
  requireFiniteEntries(caller, 'b', b, op.size);
  const of = resolveFunction(caller, f);
  requireOptions(caller, options);
  const { deterministic: _flavour, engine: _engine, signal, onProgress, ...own } = options;
  const { tol = op.dtype === 'float32' ? 1e-4 : 1e-8, maxMatvecs = Math.min(op.size, 500), ...others } = own;
  requireNoOthers(caller, others, 'ApplyFunctionOptions');
  requirePositive(caller, 'tol', tol);
  if (op.size > 0) requireInteger(caller, 'maxMatvecs', maxMatvecs, 1);
  throwIfAborted(caller, signal);
  const process = new Process(op, b, of, Math.min(maxMatvecs, op.size), options);
  if (process.length === 0) return process.report('converged');
  const pause = pacer();
  const since = { done: 0, at: performance.now() };
  try {
    for (let next = 6; ; ) {
      const { steps, exhausted } = process;
      if (steps === next || exhausted || steps >= maxMatvecs) {
        const reason = process.settled(tol);
        if (reason !== undefined) return process.report(reason);
        if (exhausted || steps >= maxMatvecs) return process.report('max-matvecs');
        next = steps + Math.max(2, Math.floor(steps / 8));
      }
      if ((await pause()) && signal?.aborted !== true)
        onProgress?.({ done: steps, of: maxMatvecs, secondsLeft: secondsLeft({ done: steps, of: maxMatvecs }, since) });
      throwIfAborted(caller, signal);
      await process.step();
    }
  } catch (error) {
    if (signal?.aborted === true && error instanceof AbortError) return process.report('aborted');
    throw error;
  }
}

/** Coefficients of f(A) b in the basis, and what rounding of the spectrum changes in them. */
interface Coefficients {
  readonly values: Float64Array;
  /** bound of what the steps left out, see leftOut.ts */
  readonly left: number;
  readonly rounding: number;
  readonly range: readonly [number, number];
}

class Process {
  /** of b scaled by 2^−exponent */
  readonly length: number;
  readonly #exponent: number;
  readonly #krylov: KrylovFactorization;
  readonly #f: ResolvedFunction;
  readonly #options: ApplyFunctionOptions;
  #found: (Coefficients & { readonly change: number }) | undefined;

  constructor(
    op: LinearOperator,
    b: ArrayLike<number>,
    f: ResolvedFunction,
    most: number,
    options: ApplyFunctionOptions,
  ) {
    this.#f = f;
    this.#options = options;
    const settings = { capacity: most + 2, seed: 0, caller, signal: options.signal, ...kernelOptions(options) };
    this.#krylov = new KrylovFactorization(op, settings);
    this.#exponent = exponentOf(maxAbs(b));
    const start = floatArray(op.dtype, scaleByPower(Float64Array.from(b), -this.#exponent));
    this.length = maxAbs(b) === 0 ? 0 : this.#krylov.append(start);
  }

  get steps(): number {
    return this.#krylov.size;
  }

  /** The space of b is spanned: nothing is cut off. */
  get exhausted(): boolean {
    return this.#krylov.size > 0 && this.#krylov.candidates === 0;
  }

  async step(): Promise<void> {
    await this.#krylov.expand();
  }

  /** Whether the steps have settled, and how; undefined where more are needed. @throws DomainError */
  settled(tol: number): FunctionReason | undefined {
    const m = this.steps;
    const all = this.#coefficients(m);
    const fewer = this.exhausted ? all : this.#coefficients(Math.floor((4 * m) / 5));
    const shown = scaledNorm(all.values.map((value, i) => value - (fewer.values[i] ?? 0)));
    const change = Math.max(shown, all.left);
    this.#found = { ...all, change };
    const size = scaledNorm(all.values);
    const krylov = this.#krylov;
    if (krylov.asymmetry > 1e3 * Math.sqrt(krylov.n) * krylov.eps * krylov.norm) return 'not-symmetric';
    if (!(5 * change <= tol * size)) return undefined;
    return all.rounding > tol * size ? 'noise-floor' : 'converged';
  }

  /** Of the process cut off after m steps. */
  #coefficients(m: number): Coefficients {
    const krylov = this.#krylov;
    const d = Float64Array.from({ length: m }, (_, i) => krylov.entry(i, i));
    const e = Float64Array.from({ length: Math.max(0, m - 1) }, (_, i) => krylov.entry(i + 1, i));
    const { values, vectors } = tridiagonalEigen(d, e, { vectors: true, ...kernelOptions(this.#options) });
    const resolution = 10 * krylov.eps * Math.abs(krylov.unscale(Math.max(krylov.norm, maxAbs(values))));
    const g = { f: (x: number) => this.#f(x, resolution), resolution, caller };
    const sum = new Float64Array(m);
    const theta = values.map((value) => krylov.unscale(value));
    const ys = new Float64Array(m);
    const changes = new Float64Array(m);
    for (let i = 0; i < m; i++) {
      const share = this.length * vectors[i * m];
      // a Ritz vector without a share in b is not part of f(A) b: f need not exist there
      if (share === 0) continue;
      const [y, change] = valueNear(g, theta[i]);
      ys[i] = y;
      changes[i] = share * change;
      for (let j = 0; j < m; j++) sum[j] += share * y * vectors[i * m + j];
    }
    const ends = [theta[0], theta[m - 1]];
    const beta = m < krylov.size || krylov.candidates > 0 ? Math.abs(krylov.entry(m, m - 1)) : 0;
    const cut = { theta: values, vectors, values: ys, beta };
    const left = this.length * leftOut(cut, (at) => g.f(krylov.unscale(at)));
    return { left, values: sum, rounding: scaledNorm(changes), range: [Math.min(...ends), Math.max(...ends)] };
  }

  report(reason: FunctionReason): FunctionReport {
    const krylov = this.#krylov;
    if (this.#found === undefined && this.steps > 0) this.settled(1);
    const { values, rounding, change, range } = this.#found ?? {
      values: new Float64Array(0),
      rounding: 0,
      change: 0,
      range: [Number.NaN, Number.NaN] as const,
    };
    const y = floatArray(krylov.guard.op.dtype, krylov.n);
    const e = this.#exponent;
    if (values.length > 0) krylov.combine(scaleByPower(values.slice(), e), 1, y);
    // of a run that was cut off before anything was known of f(A) b
    const unknown = reason === 'aborted' && values.length === 0;
    return {
      y,
      error: unknown ? Infinity : timesPower(5 * change + rounding, e),
      rounding: timesPower(rounding, e),
      norm: timesPower(scaledNorm(values), e),
      converged: reason === 'converged',
      reason,
      message: functionReasons[reason],
      matvecs: krylov.guard.matvecs,
      range,
      kernels: kernelInfo(kernelOptions(this.#options)),
    };
  }
}
