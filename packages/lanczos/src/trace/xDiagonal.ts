import { doubt } from '../density/estimate.js';
import type { Moments } from './moments.js';
import type { Sampling } from './multiply.js';
import { dot, outside, sketchRange } from './sketch.js';

/**
 * XDiag [epperly2024, §1.3] for a symmetric operator: every probe ω in turn is the test vector while all others sketch the range, on which the
 * diagonal is exact: diag(QᵀQ A) + ω ∘ (I − QᵀQ) A ω.
 *
 * @param moments receive samples/2 exchangeable estimates, whose mean is the estimate and whose spread its error
 */
export async function xDiagonal({ multiply, draw, normal, n, samples }: Sampling, moments: Moments): Promise<void> {
  const omega = draw(Math.min(n, Math.floor(samples / 2)), 0);
  const sketch = await sketchRange(multiply, omega, n); //                      1, 2, 3
  const { b, q, r, z, rank, without } = sketch;
  const range = new Float64Array(n);
  for (let j = 0; j < b; j++) for (let c = 0; c < n; c++) range[c] += q[j * n + c] * z[j * n + c];
  const qs = new Float64Array(n);
  const zs = new Float64Array(n);
  for (let i = 0; i < b; i++) {
    const s = without(i);
    qs.fill(0);
    zs.fill(0);
    for (let j = 0; j < b; j++) {
      for (let c = 0; c < n; c++) {
        qs[c] += s[j] * q[j * n + c];
        zs[c] += s[j] * z[j * n + c];
      }
    }
    // A ωᵢ = Σ rᵢⱼ qⱼ lies in the range; what is outside the one without probe i is its part along Q s
    const along = dot(r.subarray(i * b), s, b);
    moments.note(
      (c) => range[c] - qs[c] * zs[c] + omega[i * n + c] * along * qs[c], //    4
      (c) => along * qs[c],
    );
  }
  if (rank < b && doubt(b) > 0) moments.suspect(outside(sketch, await multiply(normal(), 1), n));
}
