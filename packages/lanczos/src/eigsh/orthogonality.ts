import type { FloatArray } from '@hyperribbon/kernels';

/** max |G − I| of the products G (k, k) of k vectors, zero above the diagonal. */
export function lossOf(gram: Float64Array, k: number): number {
  return gram.reduce((loss, g, i) => Math.max(loss, Math.abs(g - Number(i % (k + 1) === 0))), 0);
}

/** max |V Vᵀ − I| over the k rows of V (k, n). Cost: k² n flops. */
export function orthogonalityLoss(v: FloatArray, k: number, n: number): number {
  let loss = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) {
      let s = i === j ? -1 : 0;
      for (let c = 0, a = i * n, b = j * n; c < n; c++) s += v[a + c] * v[b + c];
      loss = Math.max(loss, Math.abs(s));
    }
  }
  return loss;
}
