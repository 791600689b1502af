// Oracle: what must hold of every operator whatever its numbers are.
import { describe, expect, it } from 'vitest';
import { type Case, cases, operators, settings } from './cases.js';
import { product, relativeDistance, someVector } from './smallExamples.js';

// one smooth activation stands for all
const plain = cases.filter(({ loss, name }) => loss === 'cross-entropy' && !/sigmoid|gelu|softplus|linear$/.test(name));
const dot = (x: Float64Array, y: Float64Array): number => x.reduce((sum, a, i) => sum + a * y[i], 0);
/** Relative to the larger of the two; 0 where both vanish. */
const off = (a: ArrayLike<number>, b: Float64Array): number =>
  b.every((x) => x === 0) ? Math.max(...Array.from(a, Math.abs)) : relativeDistance(a, b);

describe.each(plain.map((of) => [of.name, of] as const))('%s', (_, of: Case) => {
  const { network, examples, build } = of;
  const v = someVector(network.size);
  const { count } = examples;

  it('does not depend on how the same examples are cut into chunks', () => {
    const whole = build({ chunkSize: 100 });
    expect(whole.info).toMatchObject({ chunks: 1, chunkSize: count, examples: count });
    for (const chunkSize of [1, 4]) {
      const cut = build({ chunkSize });
      expect(cut.info.chunks).toBe(Math.ceil(count / chunkSize));
      expect(off(product(cut, v), product(whole, v))).toBeLessThan(1e-13);
      expect(Math.abs(cut.loss - whole.loss)).toBeLessThan(1e-14 * Math.max(1, whole.loss));
      expect(off(cut.gradient(), whole.gradient())).toBeLessThan(1e-13);
    }
  });

  it('under a mean is 1/n of the sum, for the product, loss and gradient', () => {
    const [mean, sum] = [build(), build({ reduction: 'sum' })];
    const scaled = product(mean, v).map((x) => count * x);
    expect(off(product(sum, v), scaled)).toBeLessThan(1e-14);
    expect(Math.abs(sum.loss - count * mean.loss)).toBeLessThan(1e-12);
    expect(Math.abs(sum.gradientNorm - count * mean.gradientNorm)).toBeLessThan(1e-12);
    expect(sum.gradientNorm).toBe(Math.sqrt(dot(sum.gradient(), sum.gradient())));
  });

  it('has the same bits with residuals kept and recomputed, and in every product', () => {
    const kept = build({ chunkSize: 2, dtype: 'float32' });
    // of few chunks one always stays
    const less = Number(kept.info.chunks > 2);
    const recomputed = build({ chunkSize: 2, dtype: 'float32', memoryLimit: kept.info.bytes - less });
    expect(recomputed.info.residentChunks).toBeLessThanOrEqual(kept.info.residentChunks - less);
    const first = product(kept, v);
    expect(product(recomputed, v)).toEqual(first);
    product(kept, someVector(network.size, 9));
    expect(product(kept, v)).toEqual(first);
    expect([kept.matvecs, recomputed.matvecs]).toEqual([3, 1]);
  });

  it('is symmetric, and semidefinite where it should be', () => {
    const A = build();
    const u = someVector(network.size, 8);
    const [Av, Au] = [product(A, v), product(A, u)];
    const size = Math.sqrt(dot(Av, Av) * dot(u, u)) + Math.sqrt(dot(Au, Au) * dot(v, v));
    expect(Math.abs(dot(u, Av) - dot(v, Au))).toBeLessThanOrEqual(1e-14 * size);
    if (operators[of.operator].semidefinite) expect(dot(v, Av)).toBeGreaterThanOrEqual(-1e-14 * size);
  });

  it('in float32 is the float64 operator up to its rounding', () => {
    const expected = product(build(), v);
    const narrow = build({ dtype: 'float32' });
    const got = new Float32Array(network.size);
    narrow.apply(Float32Array.from(v), got);
    expect(narrow.dtype).toBe('float32');
    expect(off(got, expected)).toBeLessThan(5e-6);
  });
});

describe('degenerate data', () => {
  const at = (operator: string, name: string, loss = 'cross-entropy'): Case =>
    cases.find((of) => of.name === `${operator}, ${loss}, ${name}`)!;
  const v = someVector(settings['distinct examples'].network.size);

  it.each(Object.keys(operators).filter((operator) => operator !== 'fisher sampled'))(
    '%s: examples that are there three times count as once, under a mean',
    (operator) => {
      const once = at(operator, 'distinct examples').build();
      const thrice = at(operator, 'the same examples three times').build();
      expect(relativeDistance(product(thrice, v), product(once, v))).toBeLessThan(1e-13);
      expect(Math.abs(thrice.loss / once.loss - 1)).toBeLessThan(1e-14);
    },
  );

  it.each(Object.keys(operators).filter((operator) => operator !== 'logitJacobian'))(
    '%s: the cross-entropy of a single class is flat',
    (operator) => {
      const flat = at(operator, 'one class').build();
      expect([flat.loss, flat.gradientNorm]).toEqual([0, 0]);
      expect(product(flat, someVector(flat.size)).every((x) => x === 0)).toBe(true);
    },
  );

  it('of zero weights every class is as likely: the loss is the logarithm of their number', () => {
    expect(Math.abs(at('hessian', 'zero weights').build().loss - Math.log(3))).toBeLessThan(1e-15);
  });
});
