import { eigh } from '@hyperribbon/lanczos';

/** k(k + 1)/2 */
export function symmetricSize(k: number): number {
  return (k * (k + 1)) / 2;
}

/** Pairs i ≤ j of [0, k), in the order of coordinates: (0,0), (0,1), …, (1,1), … */
export function symmetricPairs(k: number): readonly (readonly [number, number])[] {
  return Array.from({ length: k }, (_, i) => Array.from({ length: k - i }, (_, j) => [i, i + j] as const)).flat();
}

/**
 * Coordinates of the symmetric part of a matrix (k, k): entries of the diagonal, and √2 times those above it, so that the dot product of coordinates is
 * ⟨X, Y⟩ = tr XY.
 * @example toCoordinates(Float64Array.of(1, 2, 2, 5), 2); // [1, 2√2, 5]
 */
export function toCoordinates(X: Float64Array, k: number): Float64Array {
  return Float64Array.from(symmetricPairs(k), ([i, j]) =>
    i === j ? X[i * k + i] : ((X[i * k + j] + X[j * k + i]) / 2) * Math.SQRT2,
  );
}

/** The symmetric matrix (k, k) with these coordinates. */
export function fromCoordinates(x: Float64Array, k: number): Float64Array {
  const X = new Float64Array(k * k);
  symmetricPairs(k).forEach(([i, j], c) => {
    X[i * k + j] = X[j * k + i] = i === j ? x[c] : x[c] / Math.SQRT2;
  });
  return X;
}

/** Coordinates of the negative semidefinite part Σ min(0, λ) v vᵀ of a symmetric matrix, from its coordinates. */
export function negativeOf(x: Float64Array, k: number): Float64Array {
  const { values, vectors } = eigh(fromCoordinates(x, k), k, { vectors: true });
  const X = new Float64Array(k * k);
  for (let p = 0; p < k; p++) {
    const value = Math.min(0, values[p]);
    for (let i = 0; i < k; i++)
      for (let j = 0; j < k; j++) X[i * k + j] += value * vectors[p * k + i] * vectors[p * k + j];
  }
  return toCoordinates(X, k);
}
