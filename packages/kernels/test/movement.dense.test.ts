import { describe, expect, test } from 'vitest';
import { createWorkspace, type Dtype, type FloatArray } from '@hyperribbon/kernels';
import { tameNumbers } from './seeded.js';

// small integers: sums and products are exact in both types, so every comparison is an equality
const integers = (n: number, seed: number): number[] => tameNumbers(n, seed).map((x) => Math.round(4 * x));

describe.each([
  ['wasm', 'float32'],
  ['wasm', 'float64'],
  ['typescript', 'float32'],
  ['typescript', 'float64'],
] as const)('%s %s against the definition', (engine, dtype: Dtype) => {
  const space = createWorkspace({ bytes: 1 << 20, engine, deterministic: true });
  const kernels = space[dtype];
  const numbers = (values: readonly number[]): [number, FloatArray] => {
    const pointer = space.allocate(8 * values.length);
    const view =
      dtype === 'float32' ? space.float32View(pointer, values.length) : space.float64View(pointer, values.length);
    view.set(values);
    return [pointer, view];
  };
  const indices = (values: readonly number[]): [number, Int32Array] => {
    const pointer = space.allocate(4 * values.length);
    const view = space.int32View(pointer, values.length);
    view.set(values);
    return [pointer, view];
  };
  const blank = (n: number): [number, FloatArray] => numbers(Array.from({ length: n }, () => 77));

  test('reductions over rows and columns', () => {
    const [m, n] = [5, 37];
    const [x, X] = numbers(integers(m * n, 1));
    const [y, Y] = numbers(integers(m * n, 2));
    const row = (A: FloatArray, i: number): number[] => Array.from(A.subarray(i * n, (i + 1) * n));
    const add = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    const rows = Array.from({ length: m }, (_, i) => i);
    const [out, O] = blank(m);
    kernels.sumRows(m, n, x, out);
    expect([...O]).toEqual(rows.map((i) => add(row(X, i))));
    kernels.maxRows(m, n, x, out);
    expect([...O]).toEqual(rows.map((i) => Math.max(...row(X, i))));
    kernels.dotRows(m, n, x, y, out);
    expect([...O]).toEqual(rows.map((i) => add(row(X, i).map((v, j) => v * row(Y, i)[j]!))));
    const [columns, C] = blank(n);
    kernels.sumColumns(m, n, x, columns);
    expect([...C]).toEqual(Array.from({ length: n }, (_, i) => i).map((j) => add(rows.map((i) => X[i * n + j]!))));
    const [arg, A] = indices(Array.from({ length: m }, () => -5));
    kernels.argmaxRows(m, n, x, arg);
    expect([...A]).toEqual(rows.map((i) => row(X, i).indexOf(Math.max(...row(X, i)))));
  });

  test('argmax and max let NaN win; empty rows', () => {
    const [x] = numbers([1, NaN, Infinity, NaN, 5, 9, 9, 2, -0, 0, -1, -2]);
    const [arg, A] = indices([-1, -1, -1]);
    const [out, O] = blank(3);
    kernels.argmaxRows(3, 4, x, arg);
    kernels.maxRows(3, 4, x, out);
    expect([...A]).toEqual([1, 1, 0]);
    expect([...O]).toEqual([NaN, 9, 0]);
    kernels.maxRows(2, 0, x, out);
    kernels.argmaxRows(2, 0, x, arg);
    expect([...O]).toEqual([-Infinity, -Infinity, 0]);
    expect([...A]).toEqual([0, 0, 0]);
    kernels.logSumExpRows(1, 0, x, out);
    expect(O[0]).toBe(-Infinity);
  });

  test('logSumExp of infinite and huge entries', () => {
    const [x] = numbers([1e30, 1e30, -Infinity, -Infinity, Infinity, 3, NaN, 3]);
    const [out, O] = blank(4);
    kernels.logSumExpRows(4, 2, x, out);
    expect([...O]).toEqual([dtype === 'float32' ? Math.fround(1e30) : 1e30, -Infinity, Infinity, NaN]);
  });

  test('transpose', () => {
    const [m, n] = [7, 70];
    const [x, X] = numbers(integers(m * n, 3));
    const [out, O] = blank(m * n);
    kernels.transpose(m, n, x, out);
    for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) expect(O[j * m + i]).toBe(X[i * n + j]);
  });

  test('gather and scatter by row and by position', () => {
    const [x] = numbers([10, 11, 12, 20, 21, 22]);
    const [index] = indices([2, 0]);
    const [out, O] = blank(6);
    kernels.gatherRows(2, 3, x, index, out);
    expect([...O.subarray(0, 3)]).toEqual([12, 20, 77]);
    kernels.scatterRows(2, 3, x, index, out);
    expect([...O]).toEqual([0, 0, 10, 11, 0, 0]);
    const [places] = indices([5, -1, 0, 5]);
    kernels.gather(4, x, places, out);
    expect([...O]).toEqual([22, 0, 10, 22, 0, 0]);
    kernels.scatterAdd(4, x, places, out);
    // x = 10 → 5, 11 skipped, 12 → 0, 20 → 5
    expect([...O]).toEqual([34, 0, 10, 22, 0, 30]);
  });

  test('select takes every condition that is not ±0, NaN too', () => {
    const [c] = numbers([0, -0, 1, -2, NaN]);
    const [x] = numbers([1, 2, 3, 4, 5]);
    const [y] = numbers([-1, -2, -3, -4, -5]);
    const [out, O] = blank(5);
    kernels.select(5, c, x, y, out);
    expect([...O]).toEqual([-1, -2, 3, 4, 5]);
  });

  test('transposeRuns', () => {
    const [m, n, run] = [3, 5, 7];
    const [x, X] = numbers(integers(m * n * run, 3));
    const [out, O] = blank(m * n * run);
    kernels.transposeRuns(m, n, run, x, out);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        for (let l = 0; l < run; l++) expect(O[(j * m + i) * run + l]).toBe(X[(i * n + j) * run + l]);
      }
    }
  });
  test('im2col and its transpose', () => {
    const [b, h, w, c, kh, kw, sh, sw, top, left] = [2, 5, 4, 3, 3, 2, 2, 1, 1, 1];
    const [oh, ow] = [Math.floor((h + 2 * top - kh) / sh) + 1, Math.floor((w + 2 * left - kw) / sw) + 1];
    const [image, X] = numbers(integers(b * h * w * c, 4));
    const [patches, P] = blank(b * oh * ow * kh * kw * c);
    kernels.im2col(b, h, w, c, kh, kw, sh, sw, top, left, oh, ow, image, patches);
    const sums = new Float64Array(X.length);
    let at = 0;
    for (let i = 0; i < b; i++) {
      for (let p = 0; p < oh * ow; p++) {
        for (let k = 0; k < kh * kw * c; k++, at++) {
          const y = Math.floor(p / ow) * sh + Math.floor(k / (kw * c)) - top;
          const column = (p % ow) * sw + (Math.floor(k / c) % kw) - left;
          const inside = y >= 0 && y < h && column >= 0 && column < w;
          const place = ((i * h + y) * w + column) * c + (k % c);
          expect(P[at]).toBe(inside ? X[place] : 0);
          if (inside) sums[place]! += P[at]!;
        }
      }
    }
    const [back, B] = blank(X.length);
    kernels.col2im(b, h, w, c, kh, kw, sh, sw, top, left, oh, ow, patches, back);
    expect([...B]).toEqual([...sums]);
  });

  test('pooling: mean, its transpose, first largest', () => {
    const [b, h, w, c] = [2, 5, 6, 3];
    const [x, X] = numbers(integers(b * h * w * c, 5));
    const [oh, ow] = [2, 3];
    const [mean, M] = blank(b * oh * ow * c);
    const [largest, L] = indices(Array.from({ length: b * oh * ow * c }, () => -1));
    kernels.averagePool(b, h, w, c, 2, 2, 2, 2, x, mean);
    kernels.argmaxPool(b, h, w, c, 2, 2, 2, 2, x, largest);
    const spread = new Float64Array(X.length);
    for (let o = 0; o < M.length; o++) {
      const [channel, pixel] = [o % c, Math.floor(o / c)];
      const [ox, oy, i] = [pixel % ow, Math.floor(pixel / ow) % oh, Math.floor(pixel / (ow * oh))];
      const window = [0, 1, 2, 3].map((k) => ((i * h + 2 * oy + (k >> 1)) * w + 2 * ox + (k & 1)) * c + channel);
      const values = window.map((place) => X[place]!);
      expect(M[o]).toBe((values[0]! + values[1]! + values[2]! + values[3]!) / 4);
      expect(L[o]).toBe(window[values.indexOf(Math.max(...values))]);
      for (const place of window) spread[place]! += M[o]! / 4;
    }
    const [back, B] = blank(X.length);
    kernels.averageUnpool(b, h, w, c, 2, 2, 2, 2, mean, back);
    expect([...B]).toEqual([...spread]);
  });
});
