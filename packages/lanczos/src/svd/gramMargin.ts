import type { EigenReport } from '../eigsh/eigenReport.js';

/**
 * By how much eigenvalues of AᵀA that eigsh did not list may lie below those that it did: what it accepts, and rounding of products with A and Aᵀ. Noise that it
 * measured is no bound: of a matrix that is formed it is the difference of single entries.
 *
 * @param tol that eigsh was asked for
 * @param eps of the dtype of A
 */
export function gramMargin({ norm, noise, completeness }: EigenReport, tol: number, eps: number): number {
  const rounding = Math.max(50 * 2 ** -52, eps > 2 ** -52 ? 10 * eps : 0);
  return norm * Math.max(completeness.method === 'dense' ? 0 : tol, rounding, noise);
}
