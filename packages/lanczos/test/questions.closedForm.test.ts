import { describe, expect, it } from 'vitest';
import { CheckpointError, eigsh, eigshCost, type EigenReport } from '@hyperribbon/lanczos';
import { bulkEdge } from '@hyperribbon/lanczos/density';
import { svds } from '@hyperribbon/lanczos/svd';
import { diagonal, fromDenseRectangular, fromMatvec, type LinearOperator } from '@hyperribbon/linop';
import { assertAtMost } from './goldenData.js';
import { dyadics, householderProduct, implicitCases, implicitOperator, tops } from './goldenOperators.js';

/** Eigenvalues d behind two reflections, so that no axis is an eigenvector. */
const hidden = (d: Float64Array): LinearOperator => fromMatvec(d.length, householderProduct(d, 2, 5));
const bulkAnd = (n: number, outliers: number[]): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => outliers[i] ?? -1 + (2 * (i + 0.5)) / n);
const off = (values: Float64Array, reference: readonly number[]): number =>
  values.length === reference.length
    ? Math.max(0, ...reference.map((x, i) => Math.abs(values[i] - x)))
    : Number.POSITIVE_INFINITY;
/** Residuals by products of the operator itself. */
function trueResiduals(op: LinearOperator, { values, vectors }: EigenReport): number[] {
  const n = op.size;
  const out = vectors.slice(0, n);
  return Array.from(values, (lambda, i) => {
    const v = vectors.subarray(i * n, (i + 1) * n);
    void op.apply(v, out);
    return Math.sqrt(Array.from(out).reduce((s, y, j) => s + (y - lambda * v[j]) ** 2, 0));
  });
}

describe('all eigenvalues beyond a threshold', () => {
  const outliers = [9, 7, 7, 7, 5, 4, 4, 2.5];
  it('above: as many as there are, with multiplicity', async () => {
    const op = hidden(bulkAnd(1500, outliers));
    for (const [above, count] of [
      [2, 8],
      [3, 7],
      [6, 4],
      [8, 1],
    ] as const) {
      const report = await eigsh(op, { above, tol: 1e-9, seed: 3 });
      expect(report.converged, report.message).toBe(true);
      assertAtMost(off(report.values, outliers.slice(0, count)), 1e-8, `above ${above}`);
    }
  });
  it('none above: an empty list that is proven', async () => {
    const report = await eigsh(hidden(bulkAnd(1200, [])), { above: 1.5, tol: 1e-6 });
    expect([report.values.length, report.converged, report.completeness.verified]).toEqual([0, true, true]);
  });
  it('below: the same for the smallest', async () => {
    const d = bulkAnd(1300, outliers).map((x) => -x);
    const report = await eigsh(hidden(d), { below: -3, tol: 1e-9, seed: 2 });
    expect(report.converged).toBe(true);
    assertAtMost(off(report.values, [-4, -4, -5, -7, -7, -7, -9]), 1e-8, 'below');
  });
  it('more than k are there: said so, with the first k', async () => {
    const report = await eigsh(hidden(bulkAnd(1500, outliers)), { above: 2, k: 5, tol: 1e-9 });
    expect([report.converged, report.reason, report.values.length]).toEqual([false, 'more-than-k', 5]);
  });
  it('golden counts: hypercube above 17, whose values have multiplicities 1, 10, 45', async () => {
    const c = implicitCases.find((x) => x.name === 'hypercube_10')!;
    const report = await eigsh(implicitOperator(c), { above: 17, tol: 1e-8, denseBelow: 0, seed: 1 });
    expect(report.converged).toBe(true);
    assertAtMost(off(report.values, [20, ...Array.from({ length: 10 }, () => 18)]), 1e-7, 'values');
  });
  it('small orders and dense operators answer the same questions', async () => {
    const d = Float64Array.of(5, 4, 4, 1, 0, -2);
    expect(Array.from((await eigsh(diagonal(d), { above: 3 })).values)).toEqual([5, 4, 4]);
    expect(Array.from((await eigsh(diagonal(d), { below: 0.5 })).values)).toEqual([0, -2]);
    expect((await eigsh(diagonal(d), { above: 3, k: 2 })).reason).toBe('more-than-k');
  });
  it('bad combinations are refused', async () => {
    const op = diagonal(new Float64Array(9));
    await expect(eigsh(op, { above: 1, below: 2 })).rejects.toThrow(/above or below/);
    await expect(eigsh(op, { above: 1, which: 'SA' })).rejects.toThrow(/which=SA/);
    await expect(eigsh(op, { above: NaN })).rejects.toThrow(/above must be finite, got above=NaN/);
    for (const none of [undefined, null, 5] as never[]) {
      await expect(eigsh(op, none)).rejects.toThrow(/^eigsh: options must be an object with k, above or below, got /);
      expect(() => eigshCost(op, none)).toThrow(/^eigshCost: options must be an object/);
    }
    await expect(svds(fromDenseRectangular(new Float64Array(6), 2, 3), undefined as never)).rejects.toThrow(
      /^svds: k must be a number, got undefined/,
    );
    await expect(eigsh(op, {} as never)).rejects.toThrow(/k must be a number, got undefined/);
  });
});

describe('the edge of the bulk', () => {
  // eigenvalues of the semicircle: quantiles of its distribution, found by bisection
  const semicircle = (n: number): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => {
      let [low, high] = [-1, 1];
      for (let s = 0; s < 60; s++) {
        const x = (low + high) / 2;
        const share = 0.5 + (x * Math.sqrt(1 - x * x) + Math.asin(x)) / Math.PI;
        if (share < (i + 0.5) / n) low = x;
        else high = x;
      }
      return low;
    });
  it('of a semicircle with outliers is one, within its own evidence, at either side', async () => {
    const d = semicircle(2000);
    d.set([3, 2.5, -4]);
    const upper = await bulkEdge(hidden(d), { seed: 1 });
    const lower = await bulkEdge(hidden(d), { seed: 1, side: 'lower' });
    assertAtMost(Math.abs(upper.value - 1), 0.03, 'upper');
    assertAtMost(Math.abs(lower.value + 1), 0.03, 'lower');
    expect(upper.high).toBeGreaterThanOrEqual(upper.value + upper.truncationBias);
    expect([upper.probes, upper.matvecs, upper.seed]).toEqual([4, 192, 1]);
  });
  it('its upper bound is a threshold beyond which eigsh finds the outliers', async () => {
    const d = semicircle(2000);
    d.set([3, 2.5, 2.5, 1.6]);
    const { high } = await bulkEdge(hidden(d), { seed: 1 });
    const report = await eigsh(hidden(d), { above: high, tol: 1e-8, seed: 1 });
    expect(report.converged).toBe(true);
    assertAtMost(off(report.values, [3, 2.5, 2.5, 1.6]), 1e-7, 'outliers');
    expect(high).toBeLessThan(1.6);
  });
});

describe('the edge of a bulk that is one eigenvalue', () => {
  for (const [name, n, rank, bulk, scale] of [
    ['nine above the identity', 800, 9, 1, 1],
    ['two and zeros', 100, 2, 0, 1],
    ['three and zeros', 1500, 3, 0, 1],
    ['five and zeros', 800, 5, 0, 1],
    ['one of eight', 8, 1, 0, 1],
    ['forty and zeros', 1500, 40, 0, 1],
    ['a multiple of the identity', 50, 0, 7, 1],
    ['zeros', 50, 0, 0, 1],
    ['order 1', 1, 0, 3, 1],
    ['at 1e150', 800, 4, 0.5, 1e150],
    ['at 1e-150', 800, 4, 0.5, 1e-150],
  ] as const) {
    it(`${name}: that value, and above it eigsh finds the others`, async () => {
      for (const side of ['upper', 'lower'] as const) {
        const sign = side === 'upper' ? 1 : -1;
        const d = Float64Array.from({ length: n }, (_, i) => sign * (i < rank ? rank - i + bulk : bulk) * scale);
        const edge = await bulkEdge(hidden(d), { seed: 1, side });
        const size = Math.max(rank + bulk, 1) * scale;
        assertAtMost(Math.abs(edge.value - sign * bulk * scale), 1e-13 * size, 'edge');
        assertAtMost(edge.truncationBias, 1e-14 * size, 'bias');
        const beyond = side === 'upper' ? { above: edge.high } : { below: edge.low };
        const report = await eigsh(hidden(d), { ...beyond, seed: 1 });
        expect([report.converged, report.values.length]).toEqual([true, rank]);
      }
    });
  }
  it('nothing that merely ends early is one: a cycle, whose eigenvalues are double', async () => {
    const d = Float64Array.from({ length: 60 }, (_, i) => 2 - 2 * Math.cos((2 * Math.PI * i) / 60));
    const edge = await bulkEdge(hidden(d), { seed: 1 });
    assertAtMost(Math.abs(edge.value - 4), 0.2, 'edge');
  });
});

describe('deflation of known pairs', () => {
  it('the next k are those a longer list would have had, in search and dense', async () => {
    for (const n of [1100, 60]) {
      const d = bulkAnd(n, [9, 8, 7, 7, 6, 5, 4, 3]);
      const op = hidden(d);
      const first = await eigsh(op, { k: 3, tol: 1e-10, seed: 1 });
      const next = await eigsh(op, { k: 4, tol: 1e-10, seed: 2, deflate: first });
      expect(next.converged, next.message).toBe(true);
      assertAtMost(off(next.values, [7, 6, 5, 4]), 1e-9, `n=${n}`);
      let largest = 0;
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 4; j++) {
          let s = 0;
          for (let c = 0; c < n; c++) s += first.vectors[i * n + c] * next.vectors[j * n + c];
          largest = Math.max(largest, Math.abs(s));
        }
      }
      assertAtMost(largest, 1e-9, 'overlap with the known');
    }
  });
  it('known vectors that are no eigenvectors show in the residuals', async () => {
    const n = 900;
    const op = hidden(bulkAnd(n, [9, 8, 7]));
    const report = await eigsh(op, { k: 2, tol: 1e-10, denseBelow: 0 });
    const tilted = report.vectors.slice(0, n);
    for (let c = 0; c < n; c++) tilted[c] = (report.vectors[c] + 1e-3 * report.vectors[n + c]) / Math.sqrt(1 + 1e-6);
    const next = await eigsh(op, {
      k: 2,
      tol: 1e-10,
      denseBelow: 0,
      deflate: { values: [9], vectors: tilted },
    });
    const residuals = trueResiduals(op, next);
    expect(Math.max(...residuals)).toBeGreaterThan(1e-4);
    residuals.forEach((r, i) => expect(next.residualNorms[i]).toBeGreaterThan(0.5 * r));
    expect([next.converged, next.reason]).toEqual([false, 'known-pairs']);
    // nothing is claimed from gaps either
    expect(Math.max(...next.enclosures.gap)).toBe(0);
    const small = diagonal(Float64Array.from({ length: 40 }, (_, i) => i));
    const wrong = { values: [39], vectors: new Float64Array(40).fill(1 / Math.sqrt(40)) };
    const dense = await eigsh(small, { k: 2, deflate: wrong });
    expect([dense.converged, dense.reason]).toEqual([false, 'known-pairs']);
  });
  it('shapes are checked', async () => {
    await expect(
      eigsh(diagonal(new Float64Array(5)), { k: 1, deflate: { values: [1], vectors: new Float64Array(3) } }),
    ).rejects.toThrow(/deflate .* got 1 values, n=5, 3 entries/);
  });
});

describe('enclosures', () => {
  it('hold the eigenvalues; the gap is claimed inside the list only, and sharpens them to residual²/gap', async () => {
    const truth = [9, 8, 6.5, 6, 4];
    const op = hidden(bulkAnd(1400, truth));
    const report = await eigsh(op, { k: 5, tol: 1e-4, seed: 4, denseBelow: 0 });
    const { radius, gap } = report.enclosures;
    report.values.forEach((value, i) => assertAtMost(Math.abs(value - truth[i]), radius[i], `value ${i}`));
    expect(Array.from(gap.slice(0, 4), (g) => Math.round(g * 10) / 10)).toEqual([1, 1, 0.5, 0.5]);
    expect(gap[4]).toBe(0);
    for (let i = 0; i < 4; i++) {
      const limit = report.residualNorms[i] ** 2 / gap[i] + 10 * 2 ** -52 * report.norm;
      assertAtMost(radius[i], limit * (1 + 1e-12), `radius ${i}`);
    }
    expect(radius[4]).toBeGreaterThanOrEqual(report.residualNorms[4]);
    const partial = await eigsh(op, { k: 5, tol: 1e-9, seed: 4, denseBelow: 0, maxMatvecs: 25 });
    expect(partial.converged).toBe(false);
    expect(Math.max(...partial.enclosures.gap)).toBe(0);
  });
});

describe('operators with noise', () => {
  const n = 1200;
  const d = bulkAnd(n, [9, 8, 7, 6, 1e-7]);
  /** products through float32, in an operator that calls itself float64 */
  const mixed = (): LinearOperator => {
    const exact = householderProduct(d, 2, 5);
    return fromMatvec(n, (x, out) => {
      exact(Float64Array.from(x, Math.fround), out);
      for (let i = 0; i < n; i++) out[i] = Math.fround(out[i]);
    });
  };
  it('are refused unless the noise is admitted; then it is measured, respected and named', async () => {
    const strict = await eigsh(mixed(), { k: 4, tol: 1e-12 });
    expect([strict.converged, strict.reason]).toEqual([false, 'not-symmetric']);
    const report = await eigsh(mixed(), { k: 4, tol: 1e-12, noise: 'estimate', denseBelow: 0 });
    expect([report.converged, report.reason]).toEqual([true, 'noise-floor']);
    expect(report.noise).toBeGreaterThan(1e-9);
    expect(report.noise).toBeLessThan(1e-6);
    assertAtMost(off(report.values, [9, 8, 7, 6]), 2 * report.noise * report.norm, 'values');
    trueResiduals(mixed(), report).forEach((r, i) => assertAtMost(r, 2 * report.residualNorms[i], `residual ${i}`));
  });
  it('values below the noise are marked', async () => {
    const spectrum = Float64Array.from({ length: 900 }, (_, i) => (i < 3 ? 1 - i / 4 : 1e-9 * (900 - i)));
    const report = await eigsh(hidden(spectrum), { k: 5, tol: 1e-8, noise: 1e-5, denseBelow: 0 });
    expect(report.resolution).toBeGreaterThan(0.9e-5);
    expect(Array.from(report.belowResolution)).toEqual([0, 0, 0, 1, 1]);
  });
});

describe('storage', () => {
  it('float32 vectors of a float64 operator: half the memory, its rounding as noise', async () => {
    const op = hidden(bulkAnd(1100, [9, 8, 7]));
    const report = await eigsh(op, { k: 3, storage: 'float32', tol: 1e-9 });
    expect(report.vectors).toBeInstanceOf(Float32Array);
    expect([report.converged, report.reason]).toEqual([true, 'noise-floor']);
    assertAtMost(off(report.values, [9, 8, 7]) / 9, 10 * 2 ** -23, 'values');
  });
  it('float64 vectors of a float32 operator: orthogonal to 1e-13', async () => {
    const product = householderProduct(bulkAnd(1100, [9, 8, 7]), 2, 5);
    const [x64, y64] = [new Float64Array(1100), new Float64Array(1100)];
    const op = fromMatvec(
      1100,
      (x, out) => {
        x64.set(x);
        product(x64, y64);
        out.set(y64);
      },
      { dtype: 'float32' },
    );
    const report = await eigsh(op, { k: 3, storage: 'float64', tol: 1e-9 });
    expect(report.vectors).toBeInstanceOf(Float64Array);
    expect(report.converged, report.message).toBe(true);
    assertAtMost(report.orthogonality, 100 * 2 ** -52, 'orthogonality');
    assertAtMost(off(report.values, [9, 8, 7]) / 9, 20 * 2 ** -23, 'values');
  });
});

describe('blocks', () => {
  it('an operator with applyBlock is given several vectors at once, and the list is the same', async () => {
    const c = implicitCases.find((x) => x.name === 'hypercube_10')!;
    const single = implicitOperator(c);
    const widths: number[] = [];
    const op: LinearOperator = {
      ...single,
      applyBlock(x, out, columns) {
        widths.push(columns);
        for (let j = 0; j < columns; j++)
          void single.apply(x.subarray(j * c.n, (j + 1) * c.n), out.subarray(j * c.n, (j + 1) * c.n));
      },
    };
    const report = await eigsh(op, { k: 20, tol: 1e-9, blockSize: 4, denseBelow: 0 });
    expect(report.converged).toBe(true);
    assertAtMost(off(report.values, tops(c).slice(0, 20)) / c.norm2, 1e-9, 'values');
    expect(Math.max(...widths)).toBeGreaterThanOrEqual(4);
  });
});

describe('slow searches', () => {
  const n = 6000;
  // gaps of 1e-5 of the norm at the top: a plain search restarts many times
  const d = Float64Array.from({ length: n }, (_, i) => Math.cos((Math.PI * (i + 1)) / (n + 1)));
  const path = fromMatvec(n, (x, out) => {
    for (let i = 0; i < n; i++) out[i] = 0.5 * ((x[i - 1] ?? 0) + (x[i + 1] ?? 0));
  });
  const options = { k: 4, tol: 1e-9, seed: 1, maxMatvecs: 60_000 } as const;
  it('go over to a polynomial: right, and with the same bits when resumed inside', async () => {
    const states: Uint8Array[] = [];
    const report = await eigsh(path, {
      ...options,
      checkpointEvery: 1000,
      onCheckpoint: (s) => {
        states.push(s);
        states.splice(0, states.length - 3);
      },
    });
    expect(report.converged, report.message).toBe(true);
    expect(report.filter!.degree % 2).toBe(1);
    assertAtMost(off(report.values, Array.from(d.subarray(0, 4))), 1e-9, 'values');
    trueResiduals(path, report).forEach((r, i) => assertAtMost(Math.abs(r - report.residualNorms[i]), 1e-12, `${i}`));
    const resumed = await eigsh(path, { ...options, resume: states[0] });
    expect(resumed.vectors.every((x, i) => Object.is(x, report.vectors[i]))).toBe(true);
    expect([resumed.matvecs, resumed.completeness]).toEqual([report.matvecs, report.completeness]);
    await expect(eigsh(path, { ...options, k: 5, resume: states[0] })).rejects.toThrow(CheckpointError);
  });
});

it('random dyadic matrices: both storage kinds and a threshold agree with the dense solver', async () => {
  const n = 200;
  const s = dyadics(4, n * n, 12);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = s[i * n + j];
  const op = fromMatvec(n, (x, out) => {
    for (let i = 0; i < n; i++) {
      out[i] = 0;
      for (let j = 0; j < n; j++) out[i] += a[i * n + j] * x[j];
    }
  });
  const all = await eigsh(op, { k: n });
  const above = all.values[10] + 0.5 * (all.values[9] - all.values[10]);
  const some = await eigsh(op, { above, k: 20, tol: 1e-10, basisSize: 60 });
  expect(some.values.length).toBe(10);
  assertAtMost(off(some.values, Array.from(all.values.subarray(0, 10))), 1e-8, 'values');
});
