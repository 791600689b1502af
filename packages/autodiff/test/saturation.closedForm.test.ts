// Oracle: derivatives of the softmax as sums over the entries that are not the largest, in float64, where nothing cancels.
import { describe, expect, it } from 'vitest';
import { compile, dot, float32, grad, jvp, logSumExp, softmax, vjp, type Tensor } from './everything.js';

const n = 4;
const spec = float32(n);
/** the largest entry is so far above the others */
const gaps = [0, 0.5, 1, 5, 10, 16, 20, 30, 60];
const logits = (gap: number): Float32Array => Float32Array.from({ length: n }, (_, i) => (i === 2 ? gap : Math.sin(i)));
const direction = Float32Array.of(0.7, -0.2, 1.1, 0.4);

/** (diag p − p pᵀ) v */
function product(z: Float32Array, v: Float32Array): number[] {
  const top = z.indexOf(Math.max(...z));
  const ratios = Array.from(z, (x) => Math.exp(x - z[top]!));
  const total = ratios.reduce((a, b) => a + b);
  const shifted = Array.from(v, (x) => x - v[top]!);
  const mean = shifted.reduce((s, x, i) => s + (x * ratios[i]!) / total, 0);
  const out = shifted.map((x, i) => (i === top ? 0 : (ratios[i]! / total) * (x - mean)));
  out[top] = -out.reduce((a, b) => a + b);
  return out;
}

const derivatives: Readonly<Record<string, (z: Tensor, v: Tensor) => Tensor>> = {
  'of the softmax, forward': (z, v) => jvp((x: Tensor) => softmax(x))([z], [v])[1],
  'of the softmax, backward': (z, v) => vjp((x: Tensor) => softmax(x))([z], v)[1][0],
  'of logSumExp twice, forward over reverse': (z, v) => jvp(grad((x: Tensor) => logSumExp(x)))([z], [v])[1],
  'of logSumExp twice, reverse over reverse': (z, v) =>
    grad((x: Tensor) => dot(grad((y: Tensor) => logSumExp(y))(x), v))(z),
};

describe('derivatives of a saturated softmax in float32', () => {
  for (const [name, f] of Object.entries(derivatives))
    it(`keep their relative accuracy: ${name}`, () => {
      const run = compile(f, [spec, spec]);
      for (const gap of gaps) {
        const wanted = product(logits(gap), direction);
        const got = run(logits(gap), direction) as Float32Array;
        const norm = Math.hypot(...wanted);
        expect(Math.hypot(...wanted.map((x, i) => (got[i]! - x) / norm))).toBeLessThan(2e-6);
      }
    });

  it('are not hidden by the tolerance: one millionth of the tangent is far above the result', () => {
    expect(Math.hypot(...product(logits(20), direction))).toBeLessThan(2e-8);
  });
});
