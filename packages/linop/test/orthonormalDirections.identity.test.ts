// Oracle: what orthonormal rows of a space must satisfy, whatever rows spanned it before.
import { describe, expect, it } from 'vitest';
import { directionsDefect, orthonormalDirections } from '@hyperribbon/linop/directions';

/** Numbers without a pattern that makes rows alike. */
const normals = (count: number, seed: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => Math.sin(seed + i * i));

describe('orthonormal directions', () => {
  it('span what the rows spanned, to rounding of their type', () => {
    const rows = normals(4 * 30, 52);
    const double = orthonormalDirections(rows, 30);
    expect(directionsDefect(double, 30)).toBeLessThan(1e-13);
    expect(directionsDefect(orthonormalDirections(Float32Array.from(rows), 30), 30)).toBeLessThan(3e-7);
    expect(directionsDefect(rows, 30)).toBeGreaterThan(1);
    // every row is its own projection
    for (let r = 0; r < 4; r++) {
      const left = rows.slice(30 * r, 30 * (r + 1));
      for (let i = 0; i <= r; i++) {
        const u = double.subarray(30 * i, 30 * (i + 1));
        const c = left.reduce((sum, x, j) => sum + x * u[j], 0);
        for (let j = 0; j < 30; j++) left[j] -= c * u[j];
      }
      expect(Math.sqrt(left.reduce((sum, x) => sum + x * x, 0))).toBeLessThan(1e-13);
    }
  });
  it('refuse rows that depend on each other, and sizes that do not fit', () => {
    const rows = normals(2 * 30, 53);
    expect(() => orthonormalDirections(Float64Array.of(...rows, ...rows.subarray(0, 30)), 30)).toThrow(/row 2/);
    expect(() => orthonormalDirections(rows, 29)).toThrow(/\(k, 29\)/);
    expect(() => directionsDefect(rows, 7)).toThrow(RangeError);
  });
});
