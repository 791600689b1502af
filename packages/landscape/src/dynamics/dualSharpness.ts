import { floatArray, type FloatArray } from '@hyperribbon/contract';
import { eigh } from '@hyperribbon/lanczos';
import type { LinearOperator } from '@hyperribbon/linop';
import type { Network, Optimizer } from '@hyperribbon/nn';

/** The unit ball of a rule's norm, by its corners: what the rule steps along. */
export interface NormBall {
  /** out ← the d of the ball with the largest dᵀg, and returns that product: the dual norm of g. 0 where g is 0 */
  corner(g: FloatArray, out: Float64Array): number;
}

/** The largest dᵀ H d found over a ball. */
export interface DualSharpness {
  /** a lower bound: a maximum over the ball may be higher, and for entries of ±1 finding it is NP-hard */
  readonly value: number;
  readonly direction: Float64Array;
  readonly matvecs: number;
}

/**
 * The ball of a rule that steps to its corners: entries of at most 1 for sign descent; for Muon matrices of spectral norm at most 0.2 √max(rows, columns), the
 * length that its steps have, and 0 for arrays that AdamW moves.
 *
 * @returns undefined for a rule of another kind, or with momentum, which no longer steps to the corner of its gradient
 */
export function normBall(rule: Optimizer, network: Network): NormBall | undefined {
  if (rule.kind === 'sign' && rule.momentum === 0) return { corner: signs };
  if (rule.kind !== 'muon' || rule.momentum > 0) return undefined;
  let from = 0;
  const matrices = network.parameters.flatMap(({ name, shape }) => {
    const size = shape.reduce((product, n) => product * n, 1);
    const [start] = [from, (from += size)];
    if (shape.length < 2 || rule.except.includes(name)) return [];
    const [rows, columns] = [shape[0], size / shape[0]];
    return [{ from: start, rows, columns, scale: 0.2 * Math.sqrt(Math.max(rows, columns)) }];
  });
  return {
    corner(g, out) {
      out.fill(0);
      let norm = 0;
      for (const { from: at, rows, columns, scale } of matrices) {
        const part = out.subarray(at, at + rows * columns);
        polarFactor(Float64Array.from(g.subarray(at, at + rows * columns)), rows, columns, part);
        for (let i = 0; i < part.length; i++) {
          part[i] *= scale;
          norm += part[i] * g[at + i];
        }
      }
      return norm;
    },
  };
}

/**
 * The largest dᵀ H d over a ball that a climb finds: d ← the corner for H d, from each of the starts, as long as dᵀ H d grows. Where H is positive semidefinite
 * every step of it climbs; the best of all that was met is returned.
 *
 * @param starts directions whose corners the climb starts from: the gradient, the top eigenvector, the last `direction`
 * @returns a lower bound. Zero for no start but zeros
 * Cost: at most `steps` products for each start
 * Source: the quantity is that of [islamov2026]; the climb is a conditional gradient step of a convex quadratic.
 */
export async function dualSharpness(
  operator: LinearOperator,
  ball: NormBall,
  starts: readonly FloatArray[],
  steps: number = 6,
): Promise<DualSharpness> {
  const { size, dtype } = operator;
  const d = new Float64Array(size);
  let best: DualSharpness = { value: 0, direction: d.slice(), matvecs: 0 };
  let matvecs = 0;
  for (const start of starts) {
    let along: FloatArray = start;
    let last = -Infinity;
    for (let step = 0; step < steps; step++) {
      if (!(ball.corner(along, d) > 0)) break;
      const image = floatArray(dtype, size);
      await operator.apply(floatArray(dtype, d), image);
      matvecs++;
      let value = 0;
      for (let i = 0; i < size; i++) value += d[i] * image[i];
      if (value > best.value || best.matvecs === 0) best = { value, direction: d.slice(), matvecs };
      if (!(value > last * (1 + 1e-3))) break;
      last = value;
      along = image;
    }
  }
  return { ...best, matvecs };
}

function signs(g: FloatArray, out: Float64Array): number {
  let norm = 0;
  for (let i = 0; i < g.length; i++) {
    out[i] = Math.sign(g[i]);
    norm += Math.abs(g[i]);
  }
  return norm;
}

/** out ← U Vᵀ of M = U S Vᵀ, by the eigenvectors of the smaller Gram matrix; directions below 1e-7 of the largest are left out. */
function polarFactor(M: Float64Array, rows: number, columns: number, out: Float64Array): void {
  const wide = columns >= rows;
  const [n, m] = wide ? [rows, columns] : [columns, rows];
  // the short side's vectors, each of length m
  const A = wide ? M : transposed(M, rows, columns);
  const gram = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < m; k++) sum += A[i * m + k] * A[j * m + k]; // hot
      gram[i * n + j] = gram[j * n + i] = sum;
    }
  const { values, vectors } = eigh(gram, n, { vectors: true });
  const polar = new Float64Array(n * m);
  const row = new Float64Array(m);
  for (let q = 0; q < n && values[q] > 1e-14 * values[0]; q++) {
    row.fill(0);
    for (let i = 0; i < n; i++) {
      const c = vectors[q * n + i] / Math.sqrt(values[q]);
      for (let k = 0; k < m; k++) row[k] += c * A[i * m + k]; // hot
    }
    for (let i = 0; i < n; i++) {
      const c = vectors[q * n + i];
      for (let k = 0; k < m; k++) polar[i * m + k] += c * row[k]; // hot
    }
  }
  out.set(wide ? polar : transposed(polar, columns, rows));
}

function transposed(M: Float64Array, rows: number, columns: number): Float64Array {
  const T = new Float64Array(M.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) T[j * rows + i] = M[i * columns + j];
  return T;
}
