import { requireNonNegative } from '@hyperribbon/contract';
import { assertRectangular, type LinearOperator, type RectangularOperator } from '@hyperribbon/linop';
import { addCorrection, type Method, solveByCorrections, type System } from './corrections.js';
import { damped, padded } from './rectangularSystem.js';
import { ScaledProduct } from './scaledProduct.js';
import { resolveSolve, type SolveOptions } from './solveOptions.js';
import type { SolveReport } from './solveReport.js';
import { hypotenuse, norm } from './vectors.js';

export interface LeastSquaresOptions extends SolveOptions {
  /** minimises ‖b − A x‖² + damp² ‖x‖²; default 0. Residuals are then those of [A; damp] x = [b; 0] */
  readonly damp?: number;
}

/**
 * The shortest x that minimises ‖b − A x‖, by LSQR: A rectangular, of any rank.
 *
 * @param op (m, n) with products by A and Aᵀ
 * @param b (m,)
 * @returns always a report: 'converged' where the residual is small, 'least-squares' where ‖Aᵀr‖ is and the residual is not
 * @throws ArgumentError, ArgumentTypeError; NonFiniteError, OperatorError when a product fails
 * Cost: one product with A and one with Aᵀ an iteration; 10 (m + n) flops and 3 n + 2 m numbers. Source: [paige1982].
 * @example
 * const A = fromDenseRectangular(Float64Array.of(1, 0, 1, 1, 1, 2), 3, 2);
 * const { x, reason } = await lsqr(A, [1, 2, 4]); // the line 0.8333 + 1.5 t
 * reason; // 'least-squares'
 */
export async function lsqr(
  op: RectangularOperator,
  b: ArrayLike<number>,
  { damp = 0, ...options }: LeastSquaresOptions = {},
): Promise<SolveReport> {
  assertRectangular(op, 'lsqr');
  const { rows, columns, dtype } = op;
  const resolved = resolveSolve('lsqr', b, dtype, [rows, columns], options, 'LeastSquaresOptions');
  requireNonNegative('lsqr', 'damp', damp);
  const eps = dtype === 'float32' ? 2 ** -23 : 2 ** -52;
  const whole = damp === 0 ? op : damped(op, damp);
  const right = damp === 0 ? b : Float64Array.from({ length: rows + columns }, (_, i) => (i < rows ? b[i] : 0));
  return solveByCorrections(systemOf(whole, resolved.signal), right, resolved, bidiagonalise(eps));
}

function systemOf(op: RectangularOperator, signal: AbortSignal | undefined): System {
  const { rows, columns, dtype } = op;
  const size = Math.max(rows, columns);
  const side = (operator: LinearOperator): ScaledProduct => new ScaledProduct(operator, 'lsqr', signal);
  const [forward, backward] = [side(padded(op, false)), side(padded(op, true))];
  const [x, y] = [new Float64Array(size), new Float64Array(size)];
  const through =
    (by: ScaledProduct, other: ScaledProduct, length: number): System['product'] =>
    async (from, out) => {
      x.fill(0).set(from);
      by.exponent ??= other.exponent;
      await by.multiply(x, y);
      out.set(y.subarray(0, length));
      return out;
    };
  return {
    caller: 'lsqr',
    dtype,
    unknowns: columns,
    equations: rows,
    product: through(forward, backward, rows),
    transposed: through(backward, forward, columns),
    matvecs: () => forward.matvecs,
    exponent: () => forward.exponent ?? backward.exponent ?? 0,
    keepScale: () => void (forward.exponent ??= 0),
  };
}

/** Golub-Kahan bidiagonalisation from a residual, its bidiagonal matrix solved by rotations as it grows. */
function bidiagonalise(eps: number): Method {
  return async (system, { residual: u, x, target, tol, seen, step }) => {
    const { unknowns } = system;
    const [v, w, d, t] = Array.from({ length: 4 }, () => new Float64Array(unknowns));
    const s = new Float64Array(u.length);
    let left = normalise(u);
    let alpha = normalise(await system.transposed(u, v));
    w.set(v);
    let [bar, squares, inverse] = [alpha, 0, 0];
    // Aᵀr is zero already
    if (alpha === 0) return { ended: 'least-squares' };
    try {
      for (;;) {
        if (left <= target) return { ended: 'converged' };
        if (!(await step(left))) return { ended: 'max-matvecs' };
        await system.product(v, s);
        for (let i = 0; i < u.length; i++) u[i] = s[i] - alpha * u[i];
        const beta = normalise(u);
        seen.norm = Math.max(seen.norm, hypotenuse(alpha, beta));
        squares += alpha * alpha + beta * beta;
        await system.transposed(u, t);
        for (let i = 0; i < unknowns; i++) v[i] = t[i] - beta * v[i];
        alpha = normalise(v);
        const rho = hypotenuse(bar, beta);
        if (rho <= eps * Math.sqrt(squares)) return { ended: 'least-squares' };
        const [cosine, sine] = [bar / rho, beta / rho];
        for (let i = 0; i < unknowns; i++) {
          d[i] += ((cosine * left) / rho) * w[i];
          inverse += (w[i] / rho) * (w[i] / rho);
          w[i] = v[i] - ((sine * alpha) / rho) * w[i];
        }
        bar = -cosine * alpha;
        left *= sine;
        seen.condition = Math.max(seen.condition, Math.sqrt(squares * inverse));
        if (alpha * Math.abs(cosine) <= tol * seen.norm && left > target) return { ended: 'least-squares' };
      }
    } finally {
      addCorrection(x, d);
    }
  };
}

/** Makes it a unit vector, or leaves zero; returns its norm. */
function normalise(x: Float64Array): number {
  const size = norm(x);
  if (size > 0) for (let i = 0; i < x.length; i++) x[i] /= size;
  return size;
}
