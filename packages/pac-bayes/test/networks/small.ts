import { mlp, type Examples, type Network } from '@hyperribbon/nn';
import { basisLayers, type KroneckerBasis } from '@hyperribbon/pac-bayes/networks';
import { stream } from '@hyperribbon/random';

/** Normal numbers of a named stream. */
export function normals(length: number, index: number, scale = 1): Float64Array {
  return stream({ seed: 1, purpose: 'test/networks', index })
    .normal(new Float64Array(length))
    .map((z) => scale * z);
}

/** Rows: an orthonormal basis of dimension n, by Gram and Schmidt, twice. */
export function orthonormal(n: number, index: number): Float64Array {
  const rows = normals(n * n, index);
  for (let pass = 0; pass < 2; pass++) {
    for (let i = 0; i < n; i++) {
      const v = rows.subarray(i * n, (i + 1) * n);
      for (let j = 0; j < i; j++) {
        const u = rows.subarray(j * n, (j + 1) * n);
        const along = v.reduce((sum, x, k) => sum + x * u[k], 0);
        for (let k = 0; k < n; k++) v[k] -= along * u[k];
      }
      const norm = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
      for (let k = 0; k < n; k++) v[k] /= norm;
    }
  }
  return rows;
}

export function randomBasis(network: Network): KroneckerBasis {
  return {
    layers: (basisLayers(network) ?? []).map(({ inputs, outputs }, l) => ({
      input: orthonormal(inputs, 100 + 2 * l),
      output: orthonormal(outputs, 101 + 2 * l),
    })),
  };
}

export const smallNet: Network = mlp([4, 5, 3], { activation: 'tanh' });

/** Points around one centre for each class. */
export function blobs(count: number, { features = 4, classes = 3, index = 7, spread = 0.7 } = {}): Examples {
  const centres = normals(classes * features, 3, 1.5);
  const noise = normals(count * features, index, spread);
  const labels = Int32Array.from({ length: count }, (_, i) => i % classes);
  const inputs = noise.map((z, k) => z + centres[labels[Math.floor(k / features)] * features + (k % features)]);
  return { inputs, labels, count, features, classes };
}
