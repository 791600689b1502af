import { AbortError, floatArray, pacer, refuse, throwIfAborted } from '@hyperribbon/contract';
import { assertOperator, type LinearOperator } from '@hyperribbon/linop';
import { stream } from '@hyperribbon/random';
import { eigh } from '../dense/eigh.js';
import { timesPower } from '../dense/powerOfTwo.js';
import { combine, directionsOf, orthonormalise, type Triple } from './blockVectors.js';
import { type LobpcgOptions, resolveLobpcg, type ResolvedLobpcg } from './lobpcgOptions.js';
import { type LobpcgReason, lobpcgReasons, type LobpcgReport } from './lobpcgReport.js';
import { preconditionerOf } from './preconditioner.js';
import { ScaledProduct } from './scaledProduct.js';
import { addTo, dot, norm } from './vectors.js';

const caller = 'lobpcg';
/** iterations after which vectors are made orthonormal anew */
const RENEW = 16;

/**
 * The k smallest or largest eigenvalues of A x = λ x, or of A x = λ B x, by locally optimal block preconditioned conjugate gradients [knyazev2001], for operators with a good preconditioner: each
 * iteration takes the best of the span of the vectors, their preconditioned residuals and the last directions, all orthonormal [hetmaniuk2006].
 *
 * It converges to eigenpairs by their residuals, and as a rule to the wanted ones, which it does not prove. {@link eigsh} does, with what was found as known pairs:
 * `eigsh(A, { below: values[0] + gap, deflate: report })` lists those that were skipped.
 *
 * @param op symmetric (n, n)
 * @returns always a report, residuals measured; where `signal` was aborted with reason 'aborted'
 * @throws ArgumentError, ArgumentTypeError, also where B shows that it is not positive definite; NonFiniteError, OperatorError when a product fails
 * Cost: a product, and a call of the preconditioner, per vector that is not converged and iteration; 20 blockSize² n flops and 9 blockSize n numbers.
 * @example
 * const A = diagonal(Float64Array.from({ length: 500 }, (_, i) => (i + 1) ** 2));
 * const { values, iterations } = await lobpcg(A, {
 *   k: 3,
 *   preconditioner: (r, out) => { for (let i = 0; i < 500; i++) out[i] = r[i] / (i + 1) ** 2; },
 * });
 * values; // [9, 4, 1] up to the residuals
 */
export async function lobpcg(op: LinearOperator, options: LobpcgOptions): Promise<LobpcgReport> {
  assertOperator(op, caller);
  const iteration = new Iteration(op, resolveLobpcg(caller, op, options));
  try {
    return await iteration.run();
  } catch (error) {
    if (options.signal?.aborted === true && error instanceof AbortError) return iteration.report('aborted');
    throw error;
  }
}

class Iteration {
  readonly #op: LinearOperator;
  readonly #options: ResolvedLobpcg;
  readonly #A: ScaledProduct;
  readonly #B: ScaledProduct | undefined;
  readonly #precondition: (r: Float64Array, z: Float64Array) => Promise<Float64Array>;
  readonly #pause = pacer();
  readonly #sign: 1 | -1;
  /** rows that everything is orthogonal to */
  #locked: Pick<Triple, 'x' | 'bx'>[] = [];
  #x: Triple[] = [];
  #p: Triple[] = [];
  /** of sign · A, ascending */
  #values = new Float64Array(0);
  #residuals: Float64Array[] = [];
  #norm = 0;
  #metricNorm: number;
  #iterations = 0;
  #preconditionings = 0;

  constructor(op: LinearOperator, options: ResolvedLobpcg) {
    const { metric, preconditioner, signal, which } = options;
    this.#op = op;
    this.#options = options;
    this.#A = new ScaledProduct(op, caller, signal);
    this.#B = metric === undefined ? undefined : new ScaledProduct(metric, `${caller}: metric`, signal);
    this.#metricNorm = metric === undefined ? 1 : 0;
    this.#precondition = preconditionerOf({ preconditioner, signal }, op.size, caller);
    this.#sign = which === 'SA' ? 1 : -1;
  }

  async run(): Promise<LobpcgReport> {
    await this.#begin();
    for (let measured = Infinity; ; ) {
      const { tol, k, maxMatvecs } = this.#options;
      const left = this.#residuals.map(norm);
      const limit = (i: number): number => tol * (this.#norm + Math.abs(this.#values[i]) * this.#metricNorm);
      const open = left.flatMap((size, i) => (size > limit(i) ? [i] : []));
      if (!open.some((i) => i < k)) {
        const worst = await this.#measure();
        if (worst <= 1) return this.report('converged');
        if (worst > measured / 2) return this.report('noise-floor');
        measured = worst;
        continue;
      }
      if (this.#A.matvecs + open.length > maxMatvecs) return this.report('max-matvecs');
      await this.#progress(open);
      if (!(await this.#step(open))) {
        const worst = await this.#measure();
        return this.report(worst <= 1 ? 'converged' : 'noise-floor');
      }
    }
  }

  /** Orthonormal start vectors and their Ritz pairs. */
  async #begin(): Promise<void> {
    const { constraints, start, blockSize, seed } = this.#options;
    const n = this.#op.size;
    for (const row of constraints) {
      const x = row.slice();
      const bx = await this.#image(x);
      if (!orthonormalise(x, bx, this.#locked))
        refuse(caller, 'constraints must be independent rows that are not zero');
      this.#locked.push({ x, bx });
    }
    const rows: Triple[] = [];
    for (let i = 0, draw = 0; rows.length < blockSize; i++) {
      const x = start[i]?.slice() ?? new Float64Array(n);
      if (i >= start.length) stream({ seed, purpose: caller, index: draw++ }).normal(x);
      await this.#add(rows, x, []);
      if (draw > 3 * blockSize + 9) break;
    }
    this.#choose(rows, 0, blockSize);
  }

  /** Adds x to the rows, orthonormal to them, to those before, and to the constraints; drops it where it depends on them. */
  async #add(rows: Triple[], x: Float64Array, before: readonly Triple[]): Promise<void> {
    // sizes of residuals are those of rounding: their squares need not vanish
    const size = norm(x);
    if (!(size > 0)) return;
    for (let i = 0; i < x.length; i++) x[i] /= size;
    const others = [...this.#locked, ...before, ...rows];
    // once without B, so that its product is not of what goes away
    for (const { x: row, bx } of others) addTo(x, -dot(bx, x), row);
    const bx = await this.#image(x);
    if (!orthonormalise(x, bx, others)) return;
    const ax = await this.#product(x);
    rows.push({ x, ax, bx });
  }

  async #image(x: Float64Array): Promise<Float64Array> {
    if (this.#B === undefined) return x;
    const bx = await this.#B.multiply(x.slice(), new Float64Array(x.length));
    const squares = dot(x, x);
    if (squares > 0 && !(dot(x, bx) > -(2 ** -40) * norm(bx) * Math.sqrt(squares)))
      refuse(caller, 'metric must be positive definite: a vector x with xᵀ B x < 0 was met');
    if (squares > 0) this.#metricNorm = Math.max(this.#metricNorm, norm(bx) / Math.sqrt(squares));
    return bx;
  }

  async #product(x: Float64Array): Promise<Float64Array> {
    const ax = await this.#A.multiply(x.slice(), new Float64Array(x.length));
    if (this.#sign === -1) for (let i = 0; i < ax.length; i++) ax[i] = -ax[i];
    const size = norm(x);
    if (size > 0) this.#norm = Math.max(this.#norm, norm(ax) / size);
    return ax;
  }

  /** The m best vectors of the span of orthonormal s, the first `old` of which are the vectors so far, and the directions to them. */
  #choose(s: readonly Triple[], old: number, m: number): void {
    const size = s.length;
    const form = new Float64Array(size * size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) form[i * size + j] = (dot(s[i].x, s[j].ax) + dot(s[j].x, s[i].ax)) / 2;
    const { values, vectors } = eigh(form, size, { vectors: true, deterministic: true });
    const count = Math.min(m, size);
    // ascending
    const chosen = Array.from({ length: count }, (_, i) => vectors.slice((size - 1 - i) * size, (size - i) * size));
    this.#values = Float64Array.from({ length: count }, (_, i) => values[size - 1 - i]);
    this.#p = old === 0 ? [] : directionsOf(chosen, old).map((c) => combine(s, c));
    this.#x = chosen.map((c) => combine(s, c));
    this.#residuals = this.#x.map(({ ax, bx }, i) => ax.map((value, j) => value - this.#values[i] * bx[j]));
  }

  /** false where no new direction is left. */
  async #step(open: readonly number[]): Promise<boolean> {
    this.#iterations++;
    if (this.#iterations % RENEW === 0) await this.#renew();
    const before = [...this.#x, ...this.#p];
    const directions: Triple[] = [];
    for (const i of open) {
      throwIfAborted(caller, this.#options.signal);
      const r = this.#residuals[i];
      const z = new Float64Array(r.length);
      const size = norm(r);
      await this.#precondition(
        r.map((value) => value / size),
        z,
      );
      this.#preconditionings++;
      await this.#add(directions, z, before);
    }
    if (directions.length === 0) return false;
    this.#choose([...before, ...directions], this.#x.length, this.#options.blockSize);
    return true;
  }

  /** Vectors and directions orthonormal to rounding, products combined from those there are. */
  async #renew(): Promise<void> {
    const done: Triple[] = [];
    const again = async (from: readonly Triple[]): Promise<Triple[]> => {
      const kept: Triple[] = [];
      for (const { x } of from) {
        const bx = await this.#image(x);
        if (!orthonormalise(x, bx, [...this.#locked, ...done])) continue;
        const triple = { x, bx, ax: await this.#product(x) };
        done.push(triple);
        kept.push(triple);
      }
      return kept;
    };
    this.#x = await again(this.#x);
    this.#p = await again(this.#p);
    this.#residuals = this.#x.map(({ x, ax, bx }, i) => {
      const value = (this.#values[i] = dot(x, ax));
      return ax.map((entry, j) => entry - value * bx[j]);
    });
  }

  /** Products and residuals of the k first anew: the largest residual relative to what is allowed. */
  async #measure(): Promise<number> {
    const { k, tol } = this.#options;
    let worst = 0;
    for (let i = 0; i < Math.min(k, this.#x.length); i++) {
      const { x } = this.#x[i];
      const bx = await this.#image(x);
      const ax = await this.#product(x);
      const value = dot(x, ax) / dot(x, bx);
      this.#x[i] = { x, ax, bx };
      this.#values[i] = value;
      this.#residuals[i] = ax.map((entry, j) => entry - value * bx[j]);
      const allowed = tol * (this.#norm + Math.abs(value) * this.#metricNorm);
      const left = norm(this.#residuals[i]);
      if (left > 0) worst = Math.max(worst, left / allowed);
    }
    return worst;
  }

  async #progress(open: readonly number[]): Promise<void> {
    const { signal, onProgress, maxMatvecs, k } = this.#options;
    throwIfAborted(caller, signal);
    if (!(await this.#pause())) return;
    throwIfAborted(caller, signal);
    const convergedPairs = k - open.filter((i) => i < k).length;
    onProgress?.({
      done: this.#A.matvecs,
      of: maxMatvecs,
      detail: { iterations: this.#iterations, convergedPairs },
      secondsLeft: undefined,
    });
  }

  report(reason: LobpcgReason): LobpcgReport {
    const { k, seed } = this.#options;
    const [a, b] = [this.#A.exponent ?? 0, this.#B?.exponent ?? 0];
    const count = Math.min(k, this.#x.length);
    // descending: of the smallest the last one found comes first
    const order = Array.from({ length: count }, (_, i) => (this.#sign === 1 ? count - 1 - i : i));
    const vectors = floatArray(this.#op.dtype, count * this.#op.size);
    const root = b % 2 === 0 ? 1 : Math.SQRT1_2;
    const half = Math.floor(b / 2);
    order.forEach((from, i) =>
      vectors.set(
        this.#x[from].x.map((value) => timesPower(root * value, -half)),
        i * this.#op.size,
      ),
    );
    return {
      values: Float64Array.from(order, (i) => timesPower(this.#sign * this.#values[i], a - b)),
      vectors,
      residualNorms: Float64Array.from(order, (i) => timesPower(root * norm(this.#residuals[i]), a - half)),
      converged: reason === 'converged',
      reason,
      message: lobpcgReasons[reason],
      iterations: this.#iterations,
      matvecs: this.#A.matvecs,
      preconditionings: this.#preconditionings,
      norm: timesPower(this.#norm, a),
      metricNorm: timesPower(this.#metricNorm, b),
      seed,
    };
  }
}
