import { eigh } from '@hyperribbon/lanczos';
import type { FloatArray } from '@hyperribbon/kernels';
import { refuse } from '@hyperribbon/contract';

/** Two orthonormal directions of a trajectory with their shares. */
export interface TrajectoryAxes {
  readonly directions: readonly [Float64Array, Float64Array];
  /** shares of Σ ‖w_t − w‖² that lie along each */
  readonly shares: readonly [number, number];
}

/**
 * The two principal directions of the weights of a run around `centre`: right singular vectors of the matrix with rows w_t − w [li2018, section 7].
 *
 * @param records two or more weight vectors (size,), of which two differ from the centre in different directions
 * @returns directions whose largest entry is positive
 * @throws ArgumentError for a trajectory that is a point or a line
 * Cost: T² · size / 2 multiply-adds for T records
 */
export function trajectoryAxes(caller: string, records: readonly FloatArray[], centre: FloatArray): TrajectoryAxes {
  const rows = records.map((record) => Float64Array.from(record, (w, i) => w - centre[i]));
  const many = rows.length;
  const gram = new Float64Array(many * many);
  for (let a = 0; a < many; a++)
    for (let b = 0; b <= a; b++) gram[a * many + b] = gram[b * many + a] = dot(rows[a], rows[b]);
  const { values, vectors } = eigh(gram, many, { vectors: true });
  const total = values.reduce((sum, value) => sum + Math.max(value, 0), 0);
  if (many < 2 || !(values[1] > 1e-12 * total))
    refuse(
      caller,
      `trajectory must leave its last point in two directions, got ${many} records ${total > 0 ? 'on a line' : 'at one point'}; take axes 'filter' or 'hessian'`,
    );
  const direction = (axis: number): Float64Array => {
    const out = new Float64Array(centre.length);
    for (let t = 0; t < many; t++) {
      const weight = vectors![axis * many + t] / Math.sqrt(values[axis]);
      for (let i = 0; i < out.length; i++) out[i] += weight * rows[t][i];
    }
    return towardsLargest(out);
  };
  return { directions: [direction(0), direction(1)], shares: [values[0] / total, values[1] / total] };
}

/** The direction, turned so that its entry of largest magnitude is positive. */
export function towardsLargest(direction: Float64Array): Float64Array {
  let largest = 0;
  for (const x of direction) if (Math.abs(x) > Math.abs(largest)) largest = x;
  return largest < 0 ? direction.map((x) => -x) : direction;
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** ‖x‖, without overflow on the way. */
export function norm(x: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]));
  if (largest === 0) return 0;
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] / largest) * (x[i] / largest);
  return largest * Math.sqrt(sum);
}
