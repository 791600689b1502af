// Oracle: loss, gradient and Hessian products of the softmax's cross-entropy as sums over the classes that are not the largest, in float64,
// where nothing cancels. Of one example whose loss goes from 1e-30 to 60, in float32.
import {
  type Tensor,
  compile,
  dot,
  float32,
  float64,
  gatherRows,
  grad,
  int32,
  jvp,
  logSoftmax,
  neg,
  sum,
} from '@hyperribbon/autodiff';
import { type Loss, binaryCrossEntropy, softmaxCrossEntropy } from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';

const classes = 5;
const losses: Readonly<Record<string, Loss>> = {
  'cross-entropy of labels': softmaxCrossEntropy,
  'cross-entropy of targets': (z, y) => softmaxCrossEntropy(z, y),
  'the entry of logSoftmax': (z, y) => neg(gatherRows(logSoftmax(z), y)),
};
const sizes = [1e-30, 1e-12, 1e-9, 1e-7, 1e-5, 1e-3, 0.1, 1, 10, 60];

/** Logits of a loss of about this size at label 0, far from 0 or not. */
const logitsOf = (size: number, shift: number): Float32Array =>
  Float32Array.from({ length: classes }, (_, i) => {
    const apart = size < 2 ? -Math.log(Math.expm1(size) / 4) : -size;
    return shift + (i === 0 ? apart : Math.sin(3 * i));
  });
const direction = Float32Array.from({ length: classes }, (_, i) => Math.cos(2 * i) + 0.3);

function exact(z: Float32Array): { loss: number; gradient: number[]; product: number[] } {
  const ratios = Array.from(z, (x, c) => (c === 0 ? 0 : Math.exp(x - z[0]!)));
  const others = ratios.reduce((a, b) => a + b);
  const p = ratios.map((r, c) => (c === 0 ? 1 : r) / (1 + others));
  const gradient = p.map((x, c) => (c === 0 ? -others / (1 + others) : x));
  const top = p.indexOf(Math.max(...p));
  const shifted = Array.from(direction, (v) => v - direction[top]!);
  const mean = shifted.reduce((s, v, c) => s + v * p[c]!, 0);
  const product = shifted.map((v, c) => (c === top ? 0 : p[c]! * (v - mean)));
  product[top] = -product.reduce((a, b) => a + b);
  return { loss: Math.log1p(others), gradient, product };
}

function error(got: ArrayLike<number>, wanted: readonly number[]): number {
  const norm = Math.hypot(...wanted);
  return Math.hypot(...wanted.map((x, i) => (got[i]! - x) / norm));
}

for (const [name, loss] of Object.entries(losses))
  describe(`${name}, in float32`, () => {
    const targets = name.endsWith('targets');
    const answer = targets ? Float32Array.of(1, 0, 0, 0, 0) : Int32Array.of(0);
    const specs = [float32(1, classes), targets ? float32(1, classes) : int32(1)];
    const total = (z: Tensor, y: Tensor): Tensor => sum(loss(z, y));
    const value = compile(total, specs);
    const gradient = compile(grad(total), specs);
    const slope = (y: Tensor) => (z: Tensor) => grad(total)(z, y);
    const forward = compile((z: Tensor, y: Tensor, v: Tensor) => jvp(slope(y))([z], [v])[1], [...specs, specs[0]!]);
    const backward = compile(
      grad((z: Tensor, y: Tensor, v: Tensor) => dot(slope(y)(z), v)),
      [...specs, specs[0]!],
    );

    it('keeps its relative accuracy, and so do its first and second derivatives, in both modes', () => {
      for (const size of sizes) {
        // differences of logits of this size are rounded
        for (const shift of [0, 30, -200]) {
          const z = logitsOf(size, shift);
          const wanted = exact(z);
          const errors = [
            error(value(z, answer) as Float32Array, [wanted.loss]),
            error(gradient(z, answer) as Float32Array, wanted.gradient),
            error(forward(z, answer, direction) as Float32Array, wanted.product),
            error(backward(z, answer, direction) as Float32Array, wanted.product),
          ];
          for (const e of errors) expect(e).toBeLessThan(2e-5);
        }
      }
    });

    it('would show an error of a ten thousandth', () => {
      const { gradient: g } = exact(logitsOf(1e-7, 0));
      expect(
        error(
          g.map((x) => 1.0001 * x),
          g,
        ),
      ).toBeGreaterThan(2e-5);
    });
  });

describe('cross-entropy of logits', () => {
  const at = (z: readonly number[], label: number, dtype: 'float32' | 'float64' = 'float32'): number => {
    const spec = dtype === 'float32' ? float32 : float64;
    const logits = dtype === 'float32' ? Float32Array.from(z) : Float64Array.from(z);
    const run = compile((x: Tensor, y: Tensor) => softmaxCrossEntropy(x, y), [spec(1, z.length), int32(1)]);
    return (run(logits, Int32Array.of(label)) as Float32Array)[0]!;
  };

  it('of 1e8 twice is ln 2, of 100 and 84 it is e⁻¹⁶, of 0 and 700 it is 700', () => {
    expect(at([1e8, 1e8], 1)).toBe(Math.fround(Math.LN2));
    expect(at([100, 84], 0) / Math.exp(-16)).toBeCloseTo(1, 6);
    expect(at([0, 700], 0)).toBe(700);
    expect(at([0, -700], 0, 'float64') / Math.exp(-700)).toBeCloseTo(1, 12);
  });

  it('that are infinite: an impossible class adds nothing, an impossible label costs ∞, NaN stays', () => {
    expect(at([0, -Infinity, 0], 0)).toBe(Math.fround(Math.LN2));
    expect(at([0, -Infinity], 0)).toBe(0);
    expect(at([0, -Infinity], 1)).toBe(Infinity);
    for (const label of [0, 1]) expect(at([NaN, 0], label)).toBe(NaN);
    expect(at([NaN], 0)).toBe(NaN);
  });

  it('of one class is 0', () => {
    for (const z of [0, -5, 1e30]) expect(at([z], 0)).toBe(0);
  });
});

it('binary cross-entropy keeps its relative accuracy down to losses of 1e-30', () => {
  const run = compile((z: Tensor, y: Tensor) => binaryCrossEntropy(z, y), [float32(1, 1), int32(1)]);
  for (const z of [1, 10, 30, 69])
    for (const label of [0, 1]) {
      const [loss] = run(Float32Array.of(label === 1 ? z : -z), Int32Array.of(label)) as Float32Array;
      expect(Math.abs(loss! / Math.log1p(Math.exp(-z)) - 1)).toBeLessThan(1e-6);
    }
});
