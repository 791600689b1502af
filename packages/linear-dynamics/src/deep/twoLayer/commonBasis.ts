import { refuse } from '@hyperribbon/contract';
import { eigh } from '@hyperribbon/lanczos';
import { multiply, transpose } from '../dense.js';
import { dotRange, sumOfSquares } from '../../sums.js';
import { jacobiSvd } from '../jacobiSvd.js';
import { vectorOf } from '../../vectors.js';

const EPS = 2.220446049250313e-16;
const SWEEPS = 30;

/** Σ_yx = Σ_k singularValues[k] u_k v_kᵀ; rows are vectors. */
export interface Modes {
  /** (min(inputs, outputs),), descending */
  readonly singularValues: Float64Array;
  /** (min, outputs) and (min, inputs) */
  readonly left: Float64Array;
  readonly right: Float64Array;
  /** δ_k with Σ_xx v_k = δ_k v_k; 0 only where the singular value is */
  readonly variances: Float64Array;
}

/**
 * Singular vectors of Σ_yx (outputs, inputs) that are eigenvectors of Σ_xx too, which there are whenever Σ_xx commutes with Σ_yxᵀ Σ_yx.
 *
 * A decomposition knows the vectors of equal singular values up to a rotation only. Rotations of pairs (v_p, v_q), the same for (u_p, u_q), make
 * Σ_xx diagonal and keep Σ_yx so; where singular values are 0 the v alone turn, to the eigenvectors of Σ_xx among
 * them, largest first.
 * @throws ArgumentError when the two do not commute
 */
export function commonBasis(
  caller: string,
  target: Float64Array,
  correlation: ArrayLike<number>,
  inputs: number,
  outputs: number,
): Modes {
  const sigma = vectorOf(caller, 'inputCorrelation', correlation, [inputs, inputs]);
  const least = Math.min(inputs, outputs);
  const { values, left, right } = jacobiSvd(target, outputs, inputs, true);
  const rank = values.filter((s) => s > 0).length;
  turnPairs(left, right, values, sigma, rank, [inputs, outputs]);
  if (rank < inputs) {
    const silent = right.subarray(rank * inputs);
    const count = inputs - rank;
    const inside = multiply(
      multiply(silent, sigma, count, inputs, inputs),
      transpose(silent, count, inputs),
      count,
      inputs,
      count,
    );
    const { vectors } = eigh(inside, count, { vectors: true, deterministic: true });
    silent.set(multiply(vectors!, silent, count, count, inputs));
  }
  const image = multiply(right, sigma, least, inputs, inputs);
  const scale = Math.sqrt(sumOfSquares(sigma));
  const variances = Float64Array.from({ length: least }, (_, k) => {
    const variance = dotRange(right, k * inputs, image, k * inputs, inputs);
    const rest = right.subarray(k * inputs, (k + 1) * inputs).map((v, j) => image[k * inputs + j]! - variance * v);
    const residual = Math.sqrt(sumOfSquares(rest));
    if (residual > 1e-10 * scale) {
      refuse(
        caller,
        `inputCorrelation must have the right singular vectors of inputOutput as eigenvectors, mode ${k} misses by ${residual}; use gradientFlow`,
      );
    }
    if (variance > inputs * EPS * scale) return variance;
    if (values[k]! > 0) {
      refuse(
        caller,
        `inputCorrelation must be > 0 along each mode that is to be learned, got ${variance} for mode ${k}`,
      );
    }
    return 0;
  });
  return {
    singularValues: values,
    left: left.subarray(0, least * outputs),
    right: right.subarray(0, least * inputs),
    variances,
  };
}

/** Rotates the first `rank` vectors of both sides until Σ_xx is diagonal between them, as far as that keeps Σ_yx diagonal. */
function turnPairs(
  left: Float64Array,
  right: Float64Array,
  values: Float64Array,
  sigma: Float64Array,
  rank: number,
  [inputs, outputs]: readonly [number, number],
): void {
  const rows = right.subarray(0, rank * inputs);
  const b = multiply(multiply(rows, sigma, rank, inputs, inputs), transpose(rows, rank, inputs), rank, inputs, rank);
  const s = new Float64Array(rank * rank);
  for (let k = 0; k < rank; k++) s[k * (rank + 1)] = values[k]! / values[0]!;
  const size = Math.sqrt(sumOfSquares(sigma));
  const floor = 8 * inputs * EPS;
  for (let sweep = 0, turned = true; turned && sweep < SWEEPS; sweep++) {
    turned = false;
    for (let p = 0; p < rank; p++) {
      for (let q = p + 1; q < rank; q++) {
        const across = b[p * rank + q]! / size;
        if (!(Math.abs(across) > floor)) continue;
        // the rotation that makes both off-diagonals least: dominant eigenvector of Σ h hᵀ, h = (a_pp − a_qq, 2 a_pq)
        let [xx, xy, yy] = [0, 0, 0];
        for (const [a, scale] of [
          [b, size],
          [s, 1],
        ] as const) {
          const [x, y] = [(a[p * (rank + 1)]! - a[q * (rank + 1)]!) / scale, (2 * a[p * rank + q]!) / scale];
          [xx, xy, yy] = [xx + x * x, xy + x * y, yy + y * y];
        }
        const turn = rotationOf(xx - yy, 2 * xy);
        if (Math.abs(turn[1]) < EPS) continue;
        turned = true;
        for (const a of [b, s]) {
          turnRows(a, rank, p, q, turn);
          turnColumns(a, rank, p, q, turn);
        }
        turnRows(right, inputs, p, q, turn);
        turnRows(left, outputs, p, q, turn);
      }
    }
  }
  for (let k = 0; k < rank; k++) values[k] = s[k * (rank + 1)]! * values[0]!;
}

type Rotation = readonly [cos: number, sin: number];

/** Half the angle of the dominant eigenvector (cos 2θ, sin 2θ) of a symmetric 2 × 2 matrix with xx − yy = x and 2 xy = y. */
function rotationOf(x: number, y: number): Rotation {
  const along = x + Math.sqrt(x * x + y * y);
  const norm = Math.sqrt(along * along + y * y);
  if (norm === 0) return x < 0 ? [Math.SQRT1_2, Math.SQRT1_2] : [1, 0];
  const c = Math.sqrt((1 + along / norm) / 2);
  return [c, y / norm / (2 * c)];
}

/** Rows p and q, n long ← c p + s q, c q − s p */
function turnRows(a: Float64Array, n: number, p: number, q: number, [c, s]: Rotation): void {
  for (let j = 0; j < n; j++) {
    const [x, y] = [a[p * n + j]!, a[q * n + j]!];
    a[p * n + j] = c * x + s * y;
    a[q * n + j] = c * y - s * x;
  }
}

function turnColumns(a: Float64Array, n: number, p: number, q: number, [c, s]: Rotation): void {
  for (let i = 0; i < n; i++) {
    const [x, y] = [a[i * n + p]!, a[i * n + q]!];
    a[i * n + p] = c * x + s * y;
    a[i * n + q] = c * y - s * x;
  }
}
