import { refuse } from '@hyperribbon/contract';
import { createLinearWorkspace, type FloatArray } from '@hyperribbon/kernels/linear';

const EPSILON = 2.220446049250313e-16;

/**
 * Rows made orthonormal in float64 and rounded to the type of the input: two passes of U ← L⁻¹ U with L Lᵀ = U Uᵀ.
 *
 * Eigenvectors from single-precision products are orthonormal to 1e-3 at worst; a KL that calls them orthonormal would be wrong by as much.
 *
 * @param directions (k, size) row-major, linearly independent rows; not changed
 * @returns a new array (k, size) that spans the same space, row i in the span of the first i + 1
 * @throws ArgumentError for sizes that do not fit, and for rows that depend on each other
 * @example
 * orthonormalDirections(Float64Array.of(3, 4, 0, 5), 2); // [0.6, 0.8, -0.8, 0.6]
 *
 * Cost: 4 k² size products
 */
export function orthonormalDirections<T extends FloatArray>(directions: T, size: number): T {
  const k = rowsOf('orthonormalDirections', directions, size);
  let rows: FloatArray = directions;
  for (let pass = 0; pass < 2; pass++) rows = rotated(rows, k, size, inverseFactor(gramOf(rows, k, size), k));
  return rows as T;
}

/** |U Uᵀ − I|, Frobenius, of rows (k, size), with what rounding may have hidden. Cost: k² size products. */
export function directionsDefect(directions: FloatArray, size: number): number {
  const k = rowsOf('directionsDefect', directions, size);
  const gram = gramOf(directions, k, size);
  let sum = 0;
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) sum += (gram[i * k + j] - (i === j ? 1 : 0)) ** 2;
  return Math.sqrt(sum) + k * size * EPSILON;
}

function rowsOf(caller: string, directions: FloatArray, size: number): number {
  const k = directions.length / size;
  if (!Number.isInteger(k) || k < 1 || k > size) {
    refuse(caller, `directions must be (k, ${size}) with 1 ≤ k ≤ ${size}, got length ${directions.length}`);
  }
  return k;
}

/** U Uᵀ (k, k), sums in float64. */
function gramOf(rows: FloatArray, k: number, size: number): Float64Array {
  const single = rows.BYTES_PER_ELEMENT === 4;
  const workspace = createLinearWorkspace({
    bytes: k * size * rows.BYTES_PER_ELEMENT + k * k * 8 + 1024,
    deterministic: true,
  });
  const at = workspace.allocate(k * size * rows.BYTES_PER_ELEMENT);
  if (single) workspace.float32View(at, k * size).set(rows);
  else workspace.float64View(at, k * size).set(rows);
  const gram = workspace.allocate(k * k * 8);
  const table = single ? workspace.float32 : workspace.float64;
  table.projectionCoefficients(k, k, size, at, size, at, size, gram);
  return workspace.float64View(gram, k * k).slice();
}

/** L⁻¹ of the Cholesky factor, lower triangular, row-major. */
function inverseFactor(gram: Float64Array, k: number): Float64Array {
  const L = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) {
      let s = gram[i * k + j];
      for (let m = 0; m < j; m++) s -= L[i * k + m] * L[j * k + m];
      if (i !== j) L[i * k + j] = s / L[j * k + j];
      else if (s > 1e-10 * gram[i * k + i]) L[i * k + i] = Math.sqrt(s);
      else refuse('orthonormalDirections', `row ${i} depends on those before it, or is zero or not finite`);
    }
  }
  const inverse = new Float64Array(k * k);
  for (let j = 0; j < k; j++) {
    for (let i = j; i < k; i++) {
      let s = i === j ? 1 : 0;
      for (let m = j; m < i; m++) s -= L[i * k + m] * inverse[m * k + j];
      inverse[i * k + j] = s / L[i * k + i];
    }
  }
  return inverse;
}

/** T U with T (k, k) in float64. */
function rotated(rows: FloatArray, k: number, size: number, T: Float64Array): FloatArray {
  const single = rows.BYTES_PER_ELEMENT === 4;
  const bytes = rows.BYTES_PER_ELEMENT;
  const workspace = createLinearWorkspace({ bytes: 2 * k * size * bytes + k * k * 8 + 1024, deterministic: true });
  const [from, to, s] = [
    workspace.allocate(k * size * bytes),
    workspace.allocate(k * size * bytes),
    workspace.allocate(k * k * 8),
  ];
  const view = (at: number): FloatArray =>
    single ? workspace.float32View(at, k * size) : workspace.float64View(at, k * size);
  view(from).set(rows);
  const S = workspace.float64View(s, k * k);
  // rotateBasis takes Sᵀ
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) S[j * k + i] = T[i * k + j];
  (single ? workspace.float32 : workspace.float64).rotateBasis(k, k, size, s, from, size, to, size);
  return view(to).slice();
}
