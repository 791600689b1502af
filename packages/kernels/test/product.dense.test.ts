// Oracle: gemm called by place (whose own oracle is a plain triple loop, gemm.dense.test.ts), and the definition for small integers.
import { runInNewContext } from 'node:vm';
import { ArgumentError, ArgumentTypeError } from '@hyperribbon/contract';
import { expect, test } from 'vitest';
import { createLinearWorkspace, product, productIn } from '../src/linear.js';
import { numbers } from './pairedWorkspaces.js';

const flags = [false, true] as const;
const shapes = [
  [0, 0, 0],
  [1, 1, 1],
  [3, 1, 0],
  [1, 5, 4],
  [7, 3, 9],
  [17, 33, 65],
] as const;

function plain(
  m: number,
  n: number,
  k: number,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  ta: boolean,
  tb: boolean,
): Float64Array {
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++)
      for (let p = 0; p < k; p++) c[i * n + j]! += a[ta ? p * m + i : i * k + p]! * b[tb ? j * k + p : p * n + j]!;
  return c;
}

for (const transposeA of flags)
  for (const transposeB of flags)
    test.each(shapes)(
      `integers multiply exactly (%i, %i; %i) with transposes ${transposeA}, ${transposeB}`,
      (m, n, k) => {
        const [a, b] = [
          Float64Array.from({ length: m * k }, (_, i) => (i % 7) - 3),
          Float64Array.from({ length: k * n }, (_, i) => (i % 5) - 2),
        ];
        const expected = plain(m, n, k, a, b, transposeA, transposeB);
        expect(product({ m, n, k, a, transposeA, b, transposeB })).toEqual(expected);
        const narrow = product({
          m,
          n,
          k,
          a: Float32Array.from(a),
          transposeA,
          b: Float32Array.from(b),
          transposeB,
          alpha: 2,
        });
        expect(narrow).toEqual(Float32Array.from(expected, (x) => 2 * x));
      },
    );

test.each(flags)('productIn has the bits of gemm and fills in its places (transposed: %s)', (transposed) => {
  const [m, n, k, ld] = [5, 6, 11, 13];
  const space = createLinearWorkspace({ bytes: 1 << 14, deterministic: true });
  const [a, b, bias, c, d] = [0, 0, 0, 0, 0].map(() => space.allocate(8 * ld * ld));
  for (const [i, pointer] of [a, b, bias, c].entries())
    space.float64View(pointer!, ld * ld).set(numbers(ld * ld, i + 1));
  space.float64.copy(ld * ld, c!, d!);
  const t = transposed ? 1 : 0;
  const [widthA, widthB] = transposed ? [m, k] : [k, n];
  const compare = (): void => expect(space.float64View(c!, ld * ld)).toEqual(space.float64View(d!, ld * ld));
  const both = { m, n, k, a: a!, transposeA: transposed, b: b!, transposeB: transposed };
  productIn(space.float64, { ...both, c: c! });
  space.float64.gemm(t, t, m, n, k, 1, a!, widthA, b!, widthB, 0, d!, n, 0, 0);
  compare();
  productIn(space.float64, { ...both, alpha: -1.5, beta: 0.25, lda: ld, ldb: ld, ldc: ld, bias: bias!, c: c! });
  space.float64.gemm(t, t, m, n, k, -1.5, a!, ld, b!, ld, 0.25, d!, ld, bias!, 0);
  compare();
});

test('with beta at its default an old C of NaN does not leak', () => {
  const space = createLinearWorkspace({ bytes: 1024 });
  const [a, c] = [space.allocate(8), space.allocate(8)];
  space.float64View(a, 1)[0] = 3;
  space.float64View(c, 1)[0] = NaN;
  productIn(space.float64, { m: 1, n: 1, k: 1, a, b: a, c });
  expect(space.float64View(c, 1)[0]).toBe(9);
});

test('what does not fit is refused by name; arrays of another realm are taken', () => {
  const x = Float64Array.of(1, 2, 3, 4);
  const square = { m: 2, n: 2, k: 2, a: x, b: x };
  expect(() => product({ ...square, b: x.subarray(1) })).toThrow('product: b must have shape (2, 2), 4 numbers, got 3');
  expect(() => product({ ...square, m: -1 })).toThrow(ArgumentError);
  expect(() => product({ ...square, a: [1, 2, 3, 4] as never })).toThrow(ArgumentTypeError);
  expect(() => product<Float32Array | Float64Array>({ ...square, b: Float32Array.from(x) })).toThrow(
    'product: a and b must have one type',
  );
  const other = runInNewContext('Float64Array.of(1, 2, 3, 4)') as Float64Array;
  expect(product({ ...square, a: other })).toEqual(product(square));
});
