import { ArgumentError } from '@hyperribbon/contract';
import { describe, expect, it } from 'vitest';
import { initialize, krylovSteps, ritzPairs, type KrylovFactorization } from '@hyperribbon/lanczos';
import { hold, release } from '../src/factorization/holdCandidates.js';
import { selectColumns } from '../src/factorization/ritz.js';
import { diagonal, fromMatvec, type LinearOperator } from '@hyperribbon/linop';
import { assertAtMost } from './goldenData.js';
import { householderProduct } from './goldenOperators.js';

const EPS = 2 ** -52;
const n = 120;
const d = Float64Array.from({ length: n }, (_, i) => Math.sin(i + 1) * (1 + (i % 7)));
const single = fromMatvec(n, householderProduct(d, 2, 3));
const A: LinearOperator = {
  ...single,
  applyBlock(x, out, columns) {
    for (let j = 0; j < columns; j++)
      void single.apply(x.subarray(j * n, (j + 1) * n), out.subarray(j * n, (j + 1) * n));
  },
};

/** max |A Qᵀ − Qᵀ H − Fᵀ B| / ‖A‖ and max |Q Qᵀ − I| over basis and candidates. */
function defects(f: KrylovFactorization): [number, number] {
  const rows = Array.from({ length: f.size + f.candidates }, (_, i) => Float64Array.from(f.row(i)));
  let residual = 0;
  const out = new Float64Array(n);
  for (let j = 0; j < f.size; j++) {
    void A.apply(rows[j], out);
    for (let i = 0; i < rows.length; i++) {
      const h = f.unscale(f.entry(i, j));
      for (let c = 0; c < n; c++) out[c] -= h * rows[i][c];
    }
    residual = Math.max(residual, ...out.map(Math.abs));
  }
  let loss = 0;
  rows.forEach((x, i) =>
    rows.forEach((y, j) => {
      loss = Math.max(loss, Math.abs(x.reduce((s, v, c) => s + v * y[c], 0) - (i === j ? 1 : 0)));
    }),
  );
  return [residual / 7, loss];
}

function sound(f: KrylovFactorization): void {
  const [residual, loss] = defects(f);
  assertAtMost(residual, 100 * EPS, 'A Qᵀ − Qᵀ H − Fᵀ B');
  assertAtMost(loss, 100 * EPS, 'orthogonality');
}

describe('the factorization A Qᵀ = Qᵀ H + Fᵀ B', () => {
  it('holds after every expand and shrink, single or block', async () => {
    const f = initialize(A, { capacity: 40, seed: 2, blockWidth: 4 });
    for (let i = 0; i < 20; i++) await f.expand();
    sound(f);
    f.shrink(selectColumns(ritzPairs(f), [0, 1, 2, 18, 19]), 5);
    expect([f.size, f.candidates]).toEqual([5, 1]);
    sound(f);
    for (let i = 0; i < 8; i++) await f.expand();
    f.appendRandom();
    f.appendRandom();
    expect((await f.expandBlock(3)).length).toBe(3);
    expect(await f.expandBlock(2)).toHaveLength(2);
    sound(f);
  });
  it('a block product is as many single ones, in the same order', async () => {
    const make = (): KrylovFactorization => {
      const f = initialize(A, { capacity: 30, seed: 5, blockWidth: 3, deterministic: true });
      f.appendRandom();
      f.appendRandom();
      return f;
    };
    const [one, block] = [make(), make()];
    for (let i = 0; i < 6; i++) await one.expand();
    for (let i = 0; i < 2; i++) await block.expandBlock(3);
    expect(Array.from(block.projected)).toEqual(Array.from(one.projected));
    expect(Array.from(block.row(8))).toEqual(Array.from(one.row(8)));
    expect(block.guard.matvecs).toBe(6);
  });
  it('holds after candidates were set aside, searched around with a lifted operator, and taken back', async () => {
    const f = initialize(A, { capacity: 40, seed: 7 });
    for (let i = 0; i < 9; i++) await f.expand();
    const held = hold(f, Float64Array.of(0.75));
    f.appendRandom();
    for (let i = 0; i < 6; i++) await f.expand();
    // the lifted operator is A + 0.75 f fᵀ on the chain: its rows see it
    const y = Float64Array.from(f.row(11));
    const aside = Float64Array.from(f.row(held.first));
    const out = new Float64Array(n);
    void A.apply(y, out);
    const dot = (x: ArrayLike<number>, z: ArrayLike<number>): number =>
      Array.from(x).reduce((s, v, i) => s + v * z[i], 0);
    const lifted = dot(y, out) + 0.75 * dot(y, aside) ** 2;
    assertAtMost(Math.abs(f.entry(11, 11) - lifted), 100 * EPS * 7, 'lifted diagonal');
    release(f);
    expect(f.candidates).toBe(2);
    sound(f);
  });
  it('a vector within 1e-9 of the span is added orthogonal to the last bits: one pass would leave 1e-7', async () => {
    const f = initialize(A, { capacity: 30, seed: 3 });
    for (let i = 0; i < 10; i++) await f.expand();
    const x = Float64Array.from(f.row(4), (v, i) => v + 1e-9 * Math.cos(i));
    expect(f.append(x)).toBeGreaterThan(1e-10);
    sound(f);
  });
  it('what is left in along the basis stays below rounding: half an eps for each row, float32 and float64', async () => {
    for (const dtype of ['float32', 'float64'] as const) {
      const size = 3001;
      const op = diagonal(
        dtype === 'float32'
          ? Float32Array.from({ length: size }, (_, i) => Math.cos(i) / (1 + (i % 90)))
          : Float64Array.from({ length: size }, (_, i) => Math.cos(i) / (1 + (i % 90))),
      );
      const f = initialize(op, { capacity: 40, seed: 1 });
      while (f.size < 36) await f.expand();
      const rows = Array.from({ length: f.size + 1 }, (_, i) => Float64Array.from(f.row(i)));
      let loss = 0;
      for (let i = 0; i < rows.length; i++) {
        for (let j = 0; j < i; j++) loss = Math.max(loss, Math.abs(rows[i].reduce((s, x, c) => s + x * rows[j][c], 0)));
      }
      const eps = dtype === 'float32' ? 2 ** -23 : 2 ** -52;
      // half an eps and the rounding of what was taken out; in float64 the products themselves round
      assertAtMost(loss, (dtype === 'float32' ? 0.75 : 5) * eps, `${dtype}: largest product of two rows`);
      // the coefficients are measured against all rows whatever is left in: H is what it would be without rounding
      for (let i = 0; i < f.size; i++) {
        const along = rows[i].reduce((s, x, c) => s + x * x * (Math.cos(c) / (1 + (c % 90))), 0);
        assertAtMost(Math.abs(f.entry(i, i) * 2 ** (f.state.exponent ?? 0) - along), 8 * eps, `${dtype}: alpha ${i}`);
      }
    }
  });
  it('norm of the product and of the remainder are those of the vectors, however they were come by', async () => {
    const f = initialize(A, { capacity: 30, seed: 4 });
    const out = new Float64Array(n);
    let largest = 0;
    for (let i = 0; i < 12; i++) {
      const q = Float64Array.from(f.row(f.size));
      void A.apply(q, out);
      const left = await f.expand();
      largest = Math.max(largest, Math.hypot(...out));
      assertAtMost(Math.abs(f.norm - largest), 1e-14 * largest, 'norm of A q');
      for (let j = 0; j < f.size; j++) {
        const h = f.entry(j, f.size - 1);
        const row = f.row(j);
        for (let c = 0; c < n; c++) out[c] -= h * row[c];
      }
      assertAtMost(Math.abs(Math.hypot(...out) - left), 100 * EPS * largest, 'norm of the remainder');
    }
  });
  it('breakdown is relative: an operator of norm 1e-20 has as many steps as one of norm 1, whatever the restarts', async () => {
    const small = fromMatvec(n, (x, out) => {
      void A.apply(x, out);
      for (let i = 0; i < n; i++) out[i] *= 1e-20;
    });
    const f = initialize(small, { capacity: 40, seed: 3 });
    for (let i = 0; i < 20; i++) expect(await f.expand()).toBeGreaterThan(1e-21);
    f.shrink(selectColumns(ritzPairs(f), [0, 1, 2]), 3);
    for (let i = 0; i < 10; i++) expect(await f.expand()).toBeGreaterThan(1e-21);
    // two values: the space is exhausted after two steps at any scale
    const two = initialize(diagonal(Float64Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 1e20 : -1e20))), {
      seed: 1,
    });
    const left: number[] = [];
    while (two.candidates > 0) left.push(await two.expand());
    expect([left.length, left[1]]).toEqual([2, 0]);
  });
  it('errors show the numbers', async () => {
    for (const capacity of [0, 1, 2.5, NaN]) {
      const message = `initialize: capacity must be an integer >= 2, got capacity=${capacity}`;
      expect(() => initialize(A, { capacity })).toThrow(new ArgumentError(message));
    }
    const five = initialize(A, { capacity: 9 });
    while (five.size < 5) await five.expand();
    expect(() => five.shrink(new Float64Array(3), 2)).toThrow(/^shrink: s must be \(5, r\) .* got 3 numbers, r=2/);
    expect(() => five.shrink(new Float64Array(40), 8)).toThrow(/with r <= 5, got 40 numbers, r=8/);
    expect(five.size).toBe(5);
    const f = initialize(A, { capacity: 4 });
    await f.expand();
    await f.expand();
    await f.expand();
    await expect(f.expand()).rejects.toThrow(/all 4 rows/);
    await expect(f.expandBlock(2)).rejects.toThrow(/columns must be an integer in \[1, 1\], got columns=2/);
    expect(() => f.append(new Float64Array(3))).toThrow(/length 120, got 3/);
    expect(() => initialize(A, { v0: new Float64Array(n) })).toThrow(/v0 must not be zero/);
  });
});

describe('krylovSteps', () => {
  it('yields alphas and betas as they come; basis and residual are there to read', async () => {
    const f = initialize(A, { capacity: 30, seed: 1 });
    const seen: [number, number][] = [];
    for await (const { size, alpha, beta, factorization } of krylovSteps(f)) {
      seen.push([alpha, beta]);
      expect(factorization).toBe(f);
      expect(size).toBe(seen.length);
      if (size === 12) break;
    }
    expect(seen.map(([alpha]) => alpha)).toEqual(Array.from(f.alphas));
    expect(seen.map(([, beta]) => beta)).toEqual(Array.from(f.betas));
    expect(f.basis.length).toBe(12);
    expect(f.residual!.norm).toBe(f.betas[11]);
    assertAtMost(Math.abs(Array.from(f.residual!.row).reduce((s, x) => s + x * x, 0) - 1), 1e-14, 'unit residual row');
  });
  it('ends where the Krylov space does', async () => {
    const f = initialize(diagonal(Float64Array.of(1, 1, 2, 2, 3)), { seed: 1 });
    let last = NaN;
    let count = 0;
    for await (const step of krylovSteps(f)) [last, count] = [step.beta, step.size];
    expect([last, count]).toEqual([0, 3]);
    expect(f.residual).toBeNull();
  });
});
