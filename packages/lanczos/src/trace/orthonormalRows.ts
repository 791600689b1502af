import type { FloatArray } from '@hyperribbon/kernels';

/**
 * rows (b, n) = R Q in place, Q with orthonormal rows, R (b, b) lower triangular: modified Gram-Schmidt, each row twice.
 * A row that depends on those before it becomes zero, and so does its diagonal of R.
 */
export function orthonormalRows(rows: FloatArray, b: number, n: number, eps: number): Float64Array {
  const r = new Float64Array(b * b);
  for (let i = 0; i < b; i++) {
    const row = rows.subarray(i * n, (i + 1) * n);
    const start = norm(row);
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        const other = rows.subarray(j * n, (j + 1) * n);
        let s = 0;
        for (let c = 0; c < n; c++) s += row[c] * other[c];
        for (let c = 0; c < n; c++) row[c] -= s * other[c];
        r[i * b + j] += s;
      }
    }
    const left = norm(row);
    const kept = left > 100 * eps * start;
    r[i * b + i] = kept ? left : 0;
    for (let c = 0; c < n; c++) row[c] = kept ? row[c] / left : 0;
  }
  return r;
}

function norm(x: FloatArray): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += x[i] * x[i];
  return Math.sqrt(s);
}
