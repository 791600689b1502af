import { type Arbitrary, array, assert, configureGlobal, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as ad from './everything.js';
import type { Tensor } from './everything.js';
import { composite } from './goldenComposites.js';
import { golden } from './goldenData.js';

configureGlobal({
  seed: 20261122,
  numRuns: 12,
  endOnFailure: false,
  interruptAfterTimeLimit: 20_000,
  markInterruptAsFailure: true,
});

const vector = (n: number): Arbitrary<Float64Array> =>
  array(integer({ min: -4096, max: 4096 }), { minLength: n, maxLength: n }).map((numbers) =>
    Float64Array.from(numbers, (x) => x / 2048),
  );
const inner = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i], 0);
const norm = (a: Float64Array): number => Math.sqrt(inner(a, a));

describe.each(golden.composites)('$name', (c) => {
  const f = composite(c);
  const theta = Float64Array.from(c.theta);
  const { program } = ad.trace(ad.hvp(f), [ad.float64(c.n)]);
  const H = (v: Float64Array): Float64Array => ad.evaluate(program, [theta, v])[0] as Float64Array;

  it('has a symmetric Hessian: |⟨u, Hv⟩ − ⟨v, Hu⟩| ≤ 1e-13 (|Hu||v| + |Hv||u|)', () => {
    assert(
      property(vector(c.n), vector(c.n), (u, v) => {
        const [Hu, Hv] = [H(u), H(v)];
        const scale = norm(Hu) * norm(v) + norm(Hv) * norm(u);
        // diag(p) − ppᵀ of a saturated softmax is a difference of numbers near gain², exact to their rounding only
        const rounding = c.kind === 'logsumexp' ? 2 ** -52 * c.params.gain ** 2 * norm(u) * norm(v) : 0;
        expect(Math.abs(inner(u, Hv) - inner(v, Hu))).toBeLessThanOrEqual(1e-13 * scale + rounding);
      }),
    );
  });

  it('scales with powers of two bit for bit: H(2ᵏ v) = 2ᵏ Hv', () => {
    assert(
      property(vector(c.n), integer({ min: -20, max: 20 }), (v, k) => {
        const scaled = H(v.map((x) => x * 2 ** k));
        expect(scaled).toEqual(H(v).map((x) => x * 2 ** k));
      }),
    );
  });

  it('has the same product from the linearised gradient: primal once, tangent per vector', () => {
    const gradient = ad.trace(ad.grad(f), [ad.float64(c.n)]).program;
    const { primal, tangent, residuals } = ad.linearizeProgram(gradient);
    const kept = ad.evaluate(primal, [theta]);
    const held = residuals.map((residual) => ('input' in residual ? theta : kept[residual.output]));
    assert(
      property(vector(c.n), (v) => {
        const Hv = H(v);
        const [split] = ad.evaluate(tangent, [...held, v]) as Float64Array[];
        expect(norm(split.map((x, i) => x - Hv[i]))).toBeLessThanOrEqual(1e-13 * (1 + norm(Hv)));
      }),
    );
  });

  it('has Taylor remainders of second and third order', () => {
    const valueProgram = ad.trace(f, [ad.float64(c.n)]).program;
    const value = (x: Float64Array): number => ad.evaluate(valueProgram, [x])[0][0];
    const v = Float64Array.from(c.v);
    const slope = c.directional[0];
    const curvature = c.vHv[0];
    const base = value(theta);
    // steps small enough for the next term of the series not to matter, large enough for rounding not to
    const rates = (remainder: (h: number) => number): number[] => {
      const floor = 2e-13 * Math.abs(base) + 1e-15;
      const steps = Array.from({ length: 9 }, (_, i) => 2 ** -(i + 4));
      const sizes = steps.map(remainder).filter((size) => size > 64 * floor);
      return sizes.slice(1).map((size, i) => Math.log2(sizes[i] / size));
    };
    const at = (h: number): number => value(theta.map((x, i) => x + h * v[i]));
    const first = rates((h) => Math.abs(at(h) - base - h * slope)).at(-1);
    const second = rates((h) => Math.abs(at(h) - base - h * slope - (h * h * curvature) / 2)).at(-1);
    // nothing is left to see of functions that are linear or quadratic to rounding
    const flat = ['linear_zero_hessian', 'lse_extreme'].includes(c.name);
    expect(first === undefined).toBe(flat);
    expect(second === undefined).toBe(flat || c.name === 'quadratic_graded');
    expect(Math.abs((first ?? 2) - 2)).toBeLessThanOrEqual(0.1);
    expect(Math.abs((second ?? 3) - 3)).toBeLessThanOrEqual(0.1);
  });
});

describe('forward and reverse mode of one map', () => {
  const map = (x: Tensor, W: Tensor): Tensor[] => {
    const y = ad.dense(x, W, undefined, 'gelu');
    return [ad.softmax(y), ad.logSumExp(ad.transpose(y)), ad.max(y, 0)];
  };

  it('are adjoint: ⟨w, J v⟩ = ⟨Jᵀ w, v⟩ within 1e-13 of the sum of sizes', () => {
    const X = { data: Float64Array.from({ length: 6 }, (_, i) => (i - 2.3) / 3), shape: [2, 3] };
    const W = { data: Float64Array.from({ length: 12 }, (_, i) => ((i * 7) % 11) / 5 - 1), shape: [3, 4] };
    assert(
      property(vector(6), vector(12), vector(8), vector(4), vector(4), (vx, vw, w1, w2, w3) => {
        const tangents = [
          { data: vx, shape: X.shape },
          { data: vw, shape: W.shape },
        ];
        const cotangents = [{ data: w1, shape: [2, 4] }, w2, w3];
        const [, forward] = ad.evaluateFunction(ad.jvp(map), [[X, W], tangents]) as Float64Array[][];
        const [, back] = ad.evaluateFunction(ad.vjp(map), [[X, W], cotangents]) as Float64Array[][];
        const left = [w1, w2, w3].reduce((sum, w, i) => sum + inner(w, forward[i]), 0);
        const right = inner(back[0], vx) + inner(back[1], vw);
        const scale = [w1, w2, w3].reduce((sum, w, i) => sum + norm(w) * norm(forward[i]), 1);
        expect(Math.abs(left - right)).toBeLessThanOrEqual(1e-13 * scale);
      }),
    );
  });
});
