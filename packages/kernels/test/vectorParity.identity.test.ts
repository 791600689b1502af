import { expect, test } from 'vitest';
import type { Dtype } from '../src/index.js';
import { firstDifference, numbers, place, side, type Side } from './pairedWorkspaces.js';

const dtypes: readonly Dtype[] = ['float32', 'float64'];
// 0, 1, lanes and 2 · unroll around 2, 4, 8 and 16 lanes; a chunk of the long sums; several of them
const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 19, 35, 257, 1023, 1024, 1025, 3001];

/** Runs a kernel on both engines over arrays of the given lengths (guarded, off alignment) and compares every array and result. */
function compare(
  dtype: Dtype,
  arrays: readonly Float64Array[],
  kernel: (on: Side, pointers: number[]) => unknown,
  bytes = 1 << 23,
): void {
  const outcome = (['wasm', 'typescript'] as const).map((engine) => {
    const on = side(engine, dtype, bytes);
    const placed = arrays.map((values, i) => place(on, values, i % 4));
    const result = kernel(
      on,
      placed.map(({ pointer }) => pointer),
    );
    expect(placed.every((array) => array.intact())).toBe(true);
    return { result, placed };
  });
  const [wasm, twin] = outcome as [(typeof outcome)[0], (typeof outcome)[0]];
  expect(Object.is(wasm.result, twin.result) || `${String(wasm.result)} and ${String(twin.result)}`).toBe(true);
  wasm.placed.forEach(({ values }, i) => {
    const at = firstDifference(values, twin.placed[i]!.values);
    expect(at < 0 || `array ${i} [${at}]: ${values[at]} and ${twin.placed[i]!.values[at]}`).toBe(true);
  });
}

for (const dtype of dtypes) {
  test(`BLAS-1 kernels have the bits of their twins (${dtype})`, () => {
    for (const n of lengths) {
      const [x, y] = [numbers(n, 1), numbers(n, 2)];
      compare(dtype, [x, y], ({ table }, [px, py]) => table.dot(n, px!, py!));
      compare(dtype, [x], ({ table }, [px]) => table.norm2(n, px!));
      compare(dtype, [x], ({ table }, [px]) => table.sum(n, px!));
      compare(dtype, [x], ({ table }, [px]) => table.maxAbs(n, px!));
      compare(dtype, [x, y], ({ table }, [px, py]) => table.axpy(n, 0.1, px!, py!));
      compare(dtype, [x, y, x], ({ table }, [px, py, pz]) => table.axpby(n, 0.1, px!, -1.7, py!, pz!));
      compare(dtype, [x, y], ({ table }, [px, py]) => table.axpby(n, 0.1, px!, -1.7, py!, py!));
      compare(dtype, [x], ({ table }, [px]) => table.scale(n, 0.3, px!));
      compare(dtype, [x], ({ table }, [px]) => table.fill(n, 0.3, px!));
      compare(dtype, [x, y], ({ table }, [px, py]) => table.copy(n, px!, py!));
    }
  });

  test(`maxAbs reports NaN wherever it stands (${dtype})`, () => {
    for (const n of [1, 5, 8, 19]) {
      for (let at = 0; at < n; at++) {
        const x = numbers(n, 3);
        x[at] = NaN;
        compare(dtype, [x], ({ table }, [px]) => {
          expect(table.maxAbs(n, px!)).toBeNaN();
          return 0;
        });
      }
    }
  });

  test(`gemv and its transpose have the bits of their twins (${dtype})`, () => {
    for (const [m, n] of [
      [0, 3],
      [3, 0],
      [1, 1],
      [4, 8],
      [5, 1025],
      [7, 2051],
      [257, 9],
      [5, 65600],
    ] as const) {
      const lda = n + (m % 3);
      for (const [alpha, beta] of [
        [1, 0],
        [0.7, -1.3],
      ] as const) {
        const a = numbers(m * lda, 1);
        compare(dtype, [a, numbers(n, 2), numbers(m, 3)], ({ table }, [pa, px, py]) =>
          table.gemv(m, n, alpha, pa!, lda, px!, beta, py!),
        );
        compare(dtype, [a, numbers(m, 2), numbers(n, 3)], ({ table }, [pa, px, py]) =>
          table.gemvTransposed(m, n, alpha, pa!, lda, px!, beta, py!),
        );
      }
    }
  });

  test(`symv has the bits of its twin and reads only the lower triangle (${dtype})`, () => {
    for (const n of [0, 1, 2, 3, 4, 5, 8, 11, 35, 257, 1031]) {
      const lda = n + (n % 3);
      const a = numbers(n * lda, 1);
      for (let i = 0; i < n; i++) a.fill(NaN, i * lda + i + 1, (i + 1) * lda);
      compare(
        dtype,
        [a, numbers(n, 2), numbers(n, 3)],
        ({ table, view }, [pa, px, py]) => {
          table.symv(n, pa!, lda, px!, py!);
          return view(py!, n).some(Number.isNaN) ? 1 : 0;
        },
        1 << 24,
      );
    }
  });

  test(`symv is the product with the whole matrix (${dtype})`, () => {
    for (const n of [1, 6, 9, 35]) {
      const a = numbers(n * n, 1);
      for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[j * n + i] = a[i * n + j]!;
      const on = side('wasm', dtype, 1 << 18);
      const [pa, px, py] = [a, numbers(n, 2), new Float64Array(n)].map((values) => place(on, values, 0).pointer);
      on.table.symv(n, pa!, n, px!, py!);
      const found = Float64Array.from(on.view(py!, n));
      on.table.gemv(n, n, 1, pa!, n, px!, 0, py!);
      const tolerance = n * (dtype === 'float32' ? 2 ** -24 : 2 ** -53);
      on.view(py!, n).forEach((value, i) => expect(Math.abs(value - found[i]!)).toBeLessThan(2 * tolerance));
      expect(Math.abs(found[0]! + 20 * tolerance - on.view(py!, n)[0]!)).toBeGreaterThan(2 * tolerance);
    }
  });

  test(`with beta = 0 gemv never reads the old y (${dtype})`, () => {
    const old = new Float64Array(3).fill(NaN);
    const on = side('wasm', dtype, 1 << 12);
    const [a, x, y] = [numbers(9, 1), numbers(3, 2), old].map((values) => place(on, values, 0)) as [
      ReturnType<typeof place>,
      ReturnType<typeof place>,
      ReturnType<typeof place>,
    ];
    on.table.gemv(3, 3, 1, a.pointer, 3, x.pointer, 0, y.pointer);
    expect(y.values.some(Number.isNaN)).toBe(false);
    y.values.fill(NaN);
    on.table.gemvTransposed(3, 3, 1, a.pointer, 3, x.pointer, 0, y.pointer);
    expect(y.values.some(Number.isNaN)).toBe(false);
  });

  test(`projections and rotations have the bits of their twins, past every block (${dtype})`, () => {
    for (const [k, b, n] of [
      [0, 2, 5],
      [3, 0, 5],
      [3, 2, 0],
      [1, 1, 1],
      [4, 1, 1029],
      [6, 3, 2050],
      [5, 17, 35],
      [3, 65, 7],
      [5, 2, 8201],
      [6, 9, 1030],
      [700, 5, 190],
      [2, 1, 65_541],
    ] as const) {
      const [ldq, ldx] = [n + 1, n + 2];
      const [q, x] = [numbers(k * ldq, 1), numbers(b * ldx, 2)];
      const coefficients = numbers(k * b, 3);
      const outcome = (['wasm', 'typescript'] as const).map((engine) => {
        const on = side(engine, dtype, 1 << 22);
        const [pq, px, out] = [place(on, q, 1), place(on, x, 2), place(on, x, 3)];
        const c = on.space.allocate(k * b * 8 + 16);
        const viewC = on.space.float64View(c, k * b + 1);
        viewC.fill(5);
        on.table.projectionCoefficients(k, b, n, pq.pointer, ldq, px.pointer, ldx, c);
        const found = Float64Array.from(viewC);
        viewC.set(coefficients);
        on.table.rotateBasis(k, b, n, c, pq.pointer, ldq, out.pointer, ldx);
        on.table.subtractProjection(k, b, n, pq.pointer, ldq, px.pointer, ldx, c);
        expect([pq, px, out].every((array) => array.intact())).toBe(true);
        expect(found[k * b]).toBe(5);
        return [found, out.values, px.values];
      });
      outcome[0]!.forEach((array, i) => {
        const at = firstDifference(array, outcome[1]![i]!);
        expect(at < 0 || `(${k}, ${b}, ${n}) ${i} [${at}]`).toBe(true);
      });
    }
  });

  test(`one vector: rows without weight are not read, and leave no trace (${dtype})`, () => {
    for (const k of [1, 3, 4, 5, 9, 14]) {
      for (const n of [1, 2, 7, 2051]) {
        const [q, x] = [numbers(k * n, 1), numbers(n, 2)];
        const weights = numbers(k, 3).map((w, i) => (i % 3 === 1 ? 0 : w));
        const kept = Array.from(weights).flatMap((w, i) => (w === 0 ? [] : [i]));
        const dense = Float64Array.from(kept.flatMap((i) => Array.from(q.subarray(i * n, (i + 1) * n))));
        for (let i = 1; i < k; i += 3) q.fill(NaN, i * n, (i + 1) * n);
        const subtracted = (engine: 'wasm' | 'typescript', rows: Float64Array, w: Float64Array): ArrayLike<number> => {
          const on = side(engine, dtype, 1 << 20);
          const [pq, px, out] = [place(on, rows, 1), place(on, x, 2), place(on, x, 3)];
          const c = on.space.allocate(8 * w.length + 16);
          on.space.float64View(c, w.length).set(w);
          on.table.subtractProjection(w.length, 1, n, pq.pointer, n, px.pointer, n, c);
          on.table.rotateBasis(w.length, 1, n, c, pq.pointer, n, out.pointer, n);
          return Float64Array.from([...px.values, ...out.values]);
        };
        const expected = subtracted(
          'typescript',
          dense,
          Float64Array.from(kept, (i) => weights[i]!),
        );
        for (const engine of ['wasm', 'typescript'] as const)
          expect(subtracted(engine, q, Float64Array.from(weights))).toEqual(expected);
      }
    }
  });
}
