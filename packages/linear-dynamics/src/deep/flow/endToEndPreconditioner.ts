import { requireCounts, requireFiniteEntries, requireInteger } from '@hyperribbon/contract';
import { pow } from '@hyperribbon/kernels';
import { eigvalsh } from '@hyperribbon/lanczos';
import { multiply, transpose } from '../dense.js';
import { dotRange, sumOfSquares } from '../../sums.js';
import { jacobiSvd } from '../jacobiSvd.js';
import { vectorOf } from '../../vectors.js';

/** Shape of a map and depth of the network behind it. */
export interface EndToEndShape {
  readonly inputs: number;
  readonly outputs: number;
  /** N, number of weight matrices */
  readonly depth: number;
}

/** How a balanced depth-N network reshapes the gradient of its map: diagonal in the basis u_r v_cᵀ. */
export interface EndToEndPreconditioner extends EndToEndShape {
  /** K_rc = Σ_j σ_r^{2(j−1)/N} σ_c^{2(N−j)/N}, (outputs, inputs) row-major; 0⁰ = 1 */
  readonly eigenvalues: Float64Array;
  /** singular values of W, (min(inputs, outputs),) */
  readonly singularValues: Float64Array;
  /** rows are u_r, (outputs, outputs) */
  readonly left: Float64Array;
  /** rows are v_c, (inputs, inputs) */
  readonly right: Float64Array;
}

/**
 * The preconditioner of the end-to-end flow of a balanced linear network of depth N at W = U S Vᵀ:
 * dW/dt = −Σ_j (W Wᵀ)^{(j−1)/N} G (Wᵀ W)^{(N−j)/N}, that is (Uᵀ dW/dt V)_rc = −K_rc (Uᵀ G V)_rc.
 *
 * It comes from one singular value decomposition with exact zeros, never from powers of W Wᵀ: rounding of 1e-17 there becomes
 * 3e-6 at N = 3 and stalls integrators.
 * @param map W, (outputs, inputs) row-major
 * @throws ArgumentError when shapes do not fit
 * Cost: a full singular value decomposition. Source: [arora2018], from memory, checked numerically.
 * @example endToEndPreconditioner([2], { inputs: 1, outputs: 1, depth: 2 }).eigenvalues // Float64Array [4]
 */
export function endToEndPreconditioner(map: ArrayLike<number>, shape: EndToEndShape): EndToEndPreconditioner {
  requireShape('endToEndPreconditioner', map, shape);
  return heldPreconditioner(map, shape, Infinity);
}

/** The same with all singular values from number `rank` on taken as 0. */
export function heldPreconditioner(
  map: ArrayLike<number>,
  { inputs, outputs, depth }: EndToEndShape,
  rank: number,
): EndToEndPreconditioner {
  const { values, left, right } = jacobiSvd(Float64Array.from(map), outputs, inputs, true);
  if (rank < values.length) values.fill(0, rank);
  const power = (i: number, p: number): number => (p === 0 ? 1 : (values[i] ?? 0) === 0 ? 0 : pow(values[i]!, p));
  const eigenvalues = new Float64Array(outputs * inputs);
  for (let j = 1; j <= depth; j++) {
    const rows = Float64Array.from({ length: outputs }, (_, r) => power(r, (2 * (j - 1)) / depth));
    const columns = Float64Array.from({ length: inputs }, (_, c) => power(c, (2 * (depth - j)) / depth));
    for (let r = 0; r < outputs; r++)
      for (let c = 0; c < inputs; c++) eigenvalues[r * inputs + c]! += rows[r]! * columns[c]!;
  }
  return { inputs, outputs, depth, eigenvalues, singularValues: values, left, right };
}

/** The map U S Vᵀ that it belongs to, (outputs, inputs). */
export function mapOf({ inputs, outputs, singularValues, left, right }: EndToEndPreconditioner): Float64Array {
  const k = singularValues.length;
  const scaled = Float64Array.from(
    { length: k * inputs },
    (_, p) => singularValues[Math.floor(p / inputs)]! * right[p]!,
  );
  return multiply(transpose(left.subarray(0, k * outputs), k, outputs), scaled, outputs, k, inputs);
}

/**
 * Velocity of the map: −U (K ∘ (Uᵀ G V)) Vᵀ.
 *
 * @param gradient G = dL/dW, (outputs, inputs) row-major
 * @returns dW/dt, (outputs, inputs)
 * Cost: 4 products of matrices. Source: [arora2018].
 * @example endToEndVelocity(endToEndPreconditioner([2], { inputs: 1, outputs: 1, depth: 2 }), [1]) // [-4]
 */
export function endToEndVelocity(preconditioner: EndToEndPreconditioner, gradient: ArrayLike<number>): Float64Array {
  const { inputs, outputs } = preconditioner;
  return velocityOf(preconditioner, vectorOf('endToEndVelocity', 'gradient', gradient, [outputs, inputs]));
}

/** The same of a gradient that may not be finite: integrators try such steps, and take them back. */
export function velocityOf(
  { inputs, outputs, eigenvalues, left, right }: EndToEndPreconditioner,
  g: Float64Array,
): Float64Array {
  const image = multiply(left, g, outputs, outputs, inputs);
  const rotated = multiply(image, transpose(right, inputs, inputs), outputs, inputs, inputs);
  const scaled = rotated.map((g, p) => -eigenvalues[p]! * g);
  const half = multiply(transpose(left, outputs, outputs), scaled, outputs, outputs, inputs);
  return multiply(half, right, outputs, inputs, inputs);
}

/**
 * Velocity of the singular values forward in time: σ_r' = −N σ_r^{2−2/N} u_rᵀ G v_r. Small ones stand still: the deeper, the more.
 *
 * Equal ones (to rounding) part at the eigenvalues of the symmetric part of −N σ^{2−2/N} Uᵀ G V over their own vectors, those at zero at the
 * singular values of that block for N = 1, and not at all for N > 1.
 * @returns (min(inputs, outputs),), descending among equal singular values
 * Source: [arora2019], from memory, checked against finite differences of the flow; equal values derived here.
 * @example singularValueVelocities(endToEndPreconditioner([2], { inputs: 1, outputs: 1, depth: 2 }), [1]) // [-4]
 */
export function singularValueVelocities(
  preconditioner: EndToEndPreconditioner,
  gradient: ArrayLike<number>,
): Float64Array {
  const { inputs, outputs, depth, singularValues, left, right } = preconditioner;
  const g = vectorOf('singularValueVelocities', 'gradient', gradient, [outputs, inputs]);
  const image = multiply(left, g, outputs, outputs, inputs);
  const slope = (r: number, c: number): number => dotRange(image, r * inputs, right, c * inputs, inputs);
  const equal = 4 * Math.max(inputs, outputs) * Number.EPSILON * (singularValues[0] ?? 0);
  const velocities = new Float64Array(singularValues.length);
  for (let from = 0, to = 0; from < velocities.length; from = to) {
    const s = singularValues[from]!;
    while (to < velocities.length && s - singularValues[to]! <= equal && singularValues[to]! > 0 === s > 0) to++;
    if (s === 0 && depth > 1) continue;
    const [rows, columns] = s === 0 ? [outputs - from, inputs - from] : [to - from, to - from];
    const block = new Float64Array(rows * columns);
    for (let p = 0; p < block.length; p++) block[p] = slope(from + Math.floor(p / columns), from + (p % columns));
    if (s === 0) velocities.set(jacobiSvd(block, rows, columns).values, from);
    else {
      const factor = depth === 1 ? -1 : -depth * pow(s, 2 - 2 / depth);
      const mean = block.map((x, p) => (factor * (x + block[(p % rows) * rows + Math.floor(p / rows)]!)) / 2);
      velocities.set(rows === 1 ? mean : eigvalsh(mean, rows, { deterministic: true }), from);
    }
  }
  return velocities;
}

/**
 * The same for a single output: w' = −‖w‖^{2−2/N} (g + (N − 1) (g·w) w/‖w‖²).
 *
 * @param map w, (inputs,)
 * @param gradient g, (inputs,)
 * @returns w', (inputs,); 0 at w = 0 for N > 1
 * Source: [arora2018], from memory, checked against the general form.
 * @example singleOutputVelocity([1, 0], [1, 1], 2) // Float64Array [-2, -1]
 */
export function singleOutputVelocity(map: ArrayLike<number>, gradient: ArrayLike<number>, depth: number): Float64Array {
  const d = map.length;
  const w = vectorOf('singleOutputVelocity', 'map', map, d);
  const g = vectorOf('singleOutputVelocity', 'gradient', gradient, d);
  requireInteger('singleOutputVelocity', 'depth', depth, 1);
  const square = sumOfSquares(map);
  if (depth === 1) return g.map((x) => -x);
  if (square === 0) return new Float64Array(d);
  const factor = pow(square, 1 - 1 / depth);
  const along = ((depth - 1) * dotRange(w, 0, g, 0, d)) / square;
  return g.map((x, i) => -factor * (x + along * w[i]!));
}

export function requireShape(where: string, map: ArrayLike<number>, shape: EndToEndShape): void {
  const { inputs, outputs, depth } = shape;
  requireCounts(where, { inputs, outputs, depth });
  requireFiniteEntries(where, 'map', map, [outputs, inputs]);
}
