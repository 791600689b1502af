import { assertOperator, type LinearOperator } from '@hyperribbon/linop';
import { addCorrection, type Method, solveByCorrections } from './corrections.js';
import { preconditionerOf } from './preconditioner.js';
import { requireSymmetricOptions, resolveSolve, type SymmetricSolveOptions } from './solveOptions.js';
import type { SolveReport } from './solveReport.js';
import { symmetricSystem } from './symmetricSystem.js';
import { addTo, dot, norm } from './vectors.js';

/**
 * Solves (A − shift) x = b by conjugate gradients, A − shift symmetric and positive definite.
 *
 * Each iterate has the smallest error in the norm of A over the Krylov space. A direction of no curvature above rounding ends it as
 * 'not-positive-definite': what there is of x then solves less than was asked.
 *
 * @param op symmetric (n, n)
 * @param b (n,)
 * @returns always a report, with the residual measured; where `signal` was aborted with reason 'aborted'
 * @throws ArgumentError, ArgumentTypeError; NonFiniteError, OperatorError when a product fails
 * Cost: one product an iteration and one for each measured residual; 10 n flops and 5 n numbers. Source: [hestenes1952].
 * @example
 * const A = diagonal(Float64Array.of(1, 2, 4));
 * const { x, converged } = await cg(A, [1, 1, 1]);
 * x[2]; // 0.25
 */
export async function cg(
  op: LinearOperator,
  b: ArrayLike<number>,
  { preconditioner, shift = 0, ...options }: SymmetricSolveOptions = {},
): Promise<SolveReport> {
  assertOperator(op, 'cg');
  const { size, dtype } = op;
  const resolved = resolveSolve('cg', b, dtype, [size, size], options, 'SymmetricSolveOptions');
  requireSymmetricOptions('cg', { preconditioner, shift });
  const system = symmetricSystem(op, 'cg', resolved.signal, shift);
  const precondition = preconditionerOf({ preconditioner, signal: resolved.signal }, size, 'cg');
  return solveByCorrections(
    system,
    b,
    resolved,
    conjugateGradients(precondition, dtype === 'float32' ? 2 ** -23 : 2 ** -52),
  );
}

type Precondition = (r: Float64Array, z: Float64Array) => Promise<Float64Array>;

function conjugateGradients(precondition: Precondition, eps: number): Method {
  return async (system, { residual: r, x, target, seen, step }) => {
    const n = r.length;
    const [d, q, z] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
    const p = Float64Array.from(await precondition(r, z));
    let rho = dot(r, z);
    let smallest = Infinity;
    try {
      for (;;) {
        const left = norm(r);
        if (left <= target) return { ended: 'converged' };
        if (!(rho > 0)) return { ended: 'preconditioner' };
        if (!(await step(left))) return { ended: 'max-matvecs' };
        await system.product(p, q);
        const [squares, curvature] = [dot(p, p), dot(p, q)];
        seen.norm = Math.max(seen.norm, norm(q) / Math.sqrt(squares));
        if (!(curvature > 4 * eps * seen.norm * squares)) return { ended: 'not-positive-definite' };
        smallest = Math.min(smallest, curvature / squares);
        seen.condition = Math.max(seen.condition, seen.norm / smallest);
        addTo(d, rho / curvature, p);
        addTo(r, -rho / curvature, q);
        await precondition(r, z);
        const next = dot(r, z);
        for (let i = 0; i < n; i++) p[i] = z[i] + (next / rho) * p[i];
        rho = next;
      }
    } finally {
      addCorrection(x, d);
    }
  };
}
