import { refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { dotRows, requireBasis } from './requireBasis.js';

export interface DisplacementFractions {
  /** (k,) (u_i·Δ)²/‖Δ‖² */
  readonly perDirection: Float64Array;
  /** (k,) ‖U_iᵀ Δ‖²/‖Δ‖² of the first i vectors; i/size on average for random directions */
  readonly cumulative: Float64Array;
}

/**
 * How much of a displacement of the weights lies in the stiff directions.
 *
 * @param basis (k, size) row-major, orthonormal rows, stiffest first
 * @param displacement (size,) Δ = w − w₀, not zero
 * @throws RangeError for lengths that do not fit and a displacement of length zero or not finite, and rows not of unit length
 * Cost: 2 k size flops. Source: [yang2022]'s published code.
 * @example
 * displacementFractions(Float64Array.of(1, 0), Float64Array.of(3, 4)).cumulative; // [0.36]
 */
export function displacementFractions(basis: FloatArray, displacement: FloatArray): DisplacementFractions {
  const size = displacement.length;
  const rows = requireBasis('displacementFractions', 'basis', basis, size);
  const squared = dotRows(displacement, 0, displacement, 0, size);
  if (!(squared > 0 && squared < Infinity)) {
    refuse('displacementFractions', `displacement must have a finite length above 0, got ${Math.sqrt(squared)}`);
  }
  const perDirection = new Float64Array(rows);
  const cumulative = new Float64Array(rows);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const along = dotRows(basis, row, displacement, 0, size);
    perDirection[row] = (along * along) / squared;
    total += perDirection[row];
    cumulative[row] = total;
  }
  return { perDirection, cumulative };
}
