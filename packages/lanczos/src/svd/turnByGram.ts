import { createLinearWorkspace } from '@hyperribbon/kernels/linear';
import { eigh } from '../dense/eigh.js';
import { rowNorm } from './jacobi.js';

/** below this order plain rotations are as fast */
const SMALLEST = 32;
/** rows of lengths further apart than this are left alone: what makes their small singular values accurate is their grading */
const SPREAD = 64;

/**
 * Turns the rows of w (k, m) so that they are nearly orthogonal: by the eigenvectors of w wᵀ, which squaring spoils only where a
 * singular value is small. One-sided Jacobi then needs one or two sweeps in place of six or more [drmac2008].
 *
 * The turn is orthogonal to rounding, so no singular value moves by more than a few eps ‖w‖; rows of very different lengths, whose
 * small singular values are known better than that, are left as they are.
 * @returns the turn (k, k), or null when the rows were left alone
 * Cost: 4 k² m flops and one dense eigenproblem of order k, at the speed of the kernels.
 */
export function turnByGram(k: number, m: number, w: Float64Array): Float64Array | null {
  if (k < SMALLEST) return null;
  let [shortest, longest] = [Infinity, 0];
  for (let i = 0; i < k; i++) {
    const norm = rowNorm(w, i * m, m);
    shortest = Math.min(shortest, norm);
    longest = Math.max(longest, norm);
  }
  if (!(longest <= SPREAD * shortest)) return null;
  const space = createLinearWorkspace({ bytes: 8 * (2 * k * m + 2 * k * k) + 1024, deterministic: true });
  const rows = space.allocate(8 * k * m);
  const turned = space.allocate(8 * k * m);
  const gram = space.allocate(8 * k * k);
  const turn = space.allocate(8 * k * k);
  space.float64View(rows, k * m).set(w);
  space.float64.gemm(0, 1, k, k, m, 1, rows, m, rows, m, 0, gram, k, 0, 0);
  const { vectors } = eigh(space.float64View(gram, k * k).slice(), k, { vectors: true, deterministic: true });
  space.float64View(turn, k * k).set(vectors!);
  space.float64.gemm(0, 0, k, m, k, 1, turn, k, rows, m, 0, turned, m, 0, 0);
  w.set(space.float64View(turned, k * m));
  return vectors!;
}
