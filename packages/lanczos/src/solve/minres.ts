import { assertOperator, type LinearOperator } from '@hyperribbon/linop';
import { addCorrection, type Method, solveByCorrections, type Task } from './corrections.js';
import { preconditionerOf } from './preconditioner.js';
import { requireSymmetricOptions, resolveSolve, type SymmetricSolveOptions } from './solveOptions.js';
import type { SolveReport } from './solveReport.js';
import { symmetricSystem } from './symmetricSystem.js';
import { dot, hypotenuse, norm } from './vectors.js';

/**
 * Solves (A − shift) x = b by MINRES, A symmetric, definite or not, also singular.
 *
 * Each iterate has the smallest residual over the Krylov space. Where b is not in the range it ends with a least-squares solution, and says so; from `start` zero
 * a singular system that has solutions gets the shortest.
 *
 * @param op symmetric (n, n)
 * @param b (n,)
 * @returns always a report, with the residual measured; where `signal` was aborted with reason 'aborted'
 * @throws ArgumentError, ArgumentTypeError; NonFiniteError, OperatorError when a product fails
 * Cost: one product an iteration and one for each measured residual; 18 n flops and 9 n numbers. Source: [paige1975].
 * @example
 * const A = diagonal(Float64Array.of(1, -2, 4));
 * const { x, reason } = await minres(A, [1, 1, 1]);
 * x[1]; // -0.5
 */
export async function minres(
  op: LinearOperator,
  b: ArrayLike<number>,
  { preconditioner, shift = 0, ...options }: SymmetricSolveOptions = {},
): Promise<SolveReport> {
  assertOperator(op, 'minres');
  const { size, dtype } = op;
  const resolved = resolveSolve('minres', b, dtype, [size, size], options, 'SymmetricSolveOptions');
  requireSymmetricOptions('minres', { preconditioner, shift });
  const system = symmetricSystem(op, 'minres', resolved.signal, shift);
  const precondition = preconditionerOf({ preconditioner, signal: resolved.signal }, size, 'minres');
  const eps = dtype === 'float32' ? 2 ** -23 : 2 ** -52;
  return solveByCorrections(system, b, resolved, minimalResiduals(precondition, eps));
}

type Precondition = (r: Float64Array, z: Float64Array) => Promise<Float64Array>;

function minimalResiduals(precondition: Precondition, eps: number): Method {
  return async (system, task) => {
    const { residual, x, target, tol, seen, step } = task;
    const n = residual.length;
    const run = new Lanczos(residual, Float64Array.from(await precondition(residual, new Float64Array(n))));
    if (!(run.beta > 0)) return { ended: 'preconditioner' };
    const scale = norm(residual) / run.beta;
    const triangle = new Triangle(n, run.beta);
    try {
      for (;;) {
        if (triangle.residual * scale <= target) return { ended: 'converged' };
        if (!(await step(triangle.residual * scale))) return { ended: 'max-matvecs' };
        if (!(await run.advance(system.product, precondition))) return { ended: 'preconditioner' };
        const ended = triangle.rotate(run, tol, eps);
        note(seen, triangle);
        if (ended) return { ended: 'least-squares' };
        // the space is exhausted
        if (run.beta <= eps * triangle.norm)
          return { ended: triangle.residual * scale <= target ? 'converged' : 'least-squares' };
      }
    } finally {
      addCorrection(x, triangle.x);
    }
  };
}

function note(seen: Task['seen'], { norm: size, condition }: Triangle): void {
  seen.norm = Math.max(seen.norm, size);
  seen.condition = Math.max(seen.condition, condition);
}

/** The Lanczos process of M A from a residual: A V = V T, V orthonormal in the norm of M. */
class Lanczos {
  alpha = 0;
  /** of this step and the last */
  beta: number;
  before = 0;
  /** (n,) the current vector */
  readonly v: Float64Array;
  readonly #y: Float64Array;
  #older: Float64Array;
  #newer: Float64Array;

  constructor(residual: Float64Array, preconditioned: Float64Array) {
    this.#older = residual.slice();
    this.#newer = residual.slice();
    this.#y = preconditioned;
    this.v = new Float64Array(residual.length);
    this.beta = Math.sqrt(Math.max(0, dot(residual, preconditioned)));
  }

  /** One step; false where the preconditioner is not positive definite. */
  async advance(
    product: (x: Float64Array, out: Float64Array) => Promise<Float64Array>,
    precondition: Precondition,
  ): Promise<boolean> {
    const [v, y, first] = [this.v, this.#y, this.before === 0];
    for (let i = 0; i < v.length; i++) v[i] = y[i] / this.beta;
    await product(v, y);
    if (!first) for (let i = 0; i < v.length; i++) y[i] -= (this.beta / this.before) * this.#older[i];
    this.alpha = dot(v, y);
    for (let i = 0; i < v.length; i++) y[i] -= (this.alpha / this.beta) * this.#newer[i];
    [this.#older, this.#newer] = [this.#newer, this.#older];
    this.#newer.set(y);
    await precondition(this.#newer, y);
    const square = dot(this.#newer, y);
    this.before = this.beta;
    this.beta = Math.sqrt(Math.max(0, square));
    return square >= 0;
  }
}

/** T = Q R by rotations, and the solution that goes with it. */
class Triangle {
  readonly x: Float64Array;
  /** ‖residual‖ in the norm of M */
  residual: number;
  #first = true;
  #largest = 0;
  #smallest = Infinity;
  #cosine = -1;
  #sine = 0;
  #delta = 0;
  #epsilon = 0;
  #w: readonly [Float64Array, Float64Array, Float64Array];

  constructor(n: number, beta: number) {
    this.residual = beta;
    this.x = new Float64Array(n);
    this.#w = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  }

  /** norm of the largest column of T so far: at most ‖A‖, and seldom far below it */
  norm = 0;

  get condition(): number {
    return this.#largest / this.#smallest;
  }

  /** Takes the next column of T; true where x before it already was a least-squares solution: nothing is added then. */
  rotate({ alpha, beta, before, v }: Lanczos, tol: number, eps: number): boolean {
    this.norm = Math.max(this.norm, hypotenuse(hypotenuse(alpha, beta), this.#first ? 0 : before));
    this.#first = false;
    const old = this.#epsilon;
    const delta = this.#cosine * this.#delta + this.#sine * alpha;
    const bar = this.#sine * this.#delta - this.#cosine * alpha;
    this.#epsilon = this.#sine * beta;
    this.#delta = -this.#cosine * beta;
    // ‖A r‖ = ‖r‖ · this
    const root = hypotenuse(bar, this.#delta);
    const gamma = hypotenuse(bar, beta);
    if (root <= tol * this.norm || gamma <= eps * this.norm) return true;
    [this.#cosine, this.#sine] = [bar / gamma, beta / gamma];
    const phi = this.#cosine * this.residual;
    this.residual *= this.#sine;
    const [oldest, older, w] = [this.#w[1], this.#w[2], this.#w[0]];
    for (let i = 0; i < w.length; i++) {
      w[i] = (v[i] - old * oldest[i] - delta * older[i]) / gamma;
      this.x[i] += phi * w[i];
    }
    this.#w = [oldest, older, w];
    this.#largest = Math.max(this.#largest, gamma);
    this.#smallest = Math.min(this.#smallest, gamma);
    return false;
  }
}
