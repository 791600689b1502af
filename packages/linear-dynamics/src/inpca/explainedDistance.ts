import { refuse } from '@hyperribbon/contract';
import { requireDistances, type SquaredDistances } from './centring.js';
import type { InpcaMap } from './inpca.js';

/**
 * Explained pairwise distance 1 − Σ_ij |D_ij − D_k,ij| / Σ_ij D_ij for the first k = 1, 2, ... axes, with
 * D_k,ij = Σ_{l ≤ k} s_l (X_il − X_jl)² [mao2024].
 *
 * Not monotone: an imaginary axis may lower it. With weights entry ij counts ω_i ω_j.
 * @returns (dimensions,); all 1 where every divergence is 0
 * Cost: 4 models² · dimensions flops.
 * @example explainedDistance(await inpca(distances), distances) // all of it with all axes
 */
export function explainedDistance(map: InpcaMap, distances: SquaredDistances): Float64Array {
  requireDistances('explainedDistance', distances);
  const { models, dimensions, coordinates, signs, weights } = map;
  if (distances.models !== models) {
    refuse('explainedDistance', `distances must be those of the map's ${models} models, got ${distances.models}`);
  }
  const { values } = distances;
  const rest = new Float64Array(models);
  const left = new Float64Array(dimensions);
  let total = 0;
  for (let i = 0; i < models; i++) {
    const w = weights[i]!;
    for (let j = 0; j < models; j++) {
      rest[j] = values[i * models + j]!;
      total += w * weights[j]! * rest[j]!;
    }
    for (let k = 0; k < dimensions; k++) {
      const [x, sign] = [coordinates[i * dimensions + k]!, signs[k]!];
      let sum = 0;
      for (let j = 0; j < models; j++) {
        const d = x - coordinates[j * dimensions + k]!;
        const r = rest[j]! - sign * d * d;
        rest[j] = r;
        sum += weights[j]! * Math.abs(r);
      }
      left[k] = left[k]! + w * sum;
    }
  }
  return left.map((sum) => (total === 0 ? 1 : 1 - sum / total));
}
