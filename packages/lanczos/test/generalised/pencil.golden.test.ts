import { describe, expect, it } from 'vitest';
import { eigshComplex, fromComplexDense } from '../../src/complex.js';
import { eigshGeneralised, fromDense } from '../../src/generalised.js';

// scipy 1.10.1, linalg.eigh(A, B), and numpy 1.24.2, linalg.eigvalsh(H), of the matrices that are written out below
const pencil = [
  6.4299693211838305, 2.891273980545176, 0.45547378250177684, 0.17736292662336633, -0.10473358033867529,
  -0.4022244053639731, -0.5061829853176059, -1.301934530732015, -9.00190083753509,
];
const hermitian = [
  4.5112886235777205, 2.4653790349728038, 1.8336750430489623, 0.937540147875878, 0.505743840364625, -1.1101197605287354,
  -1.9609703441701416, -2.763076369106069, -5.5587888587831324,
];
const n = 9;
const square = (entry: (i: number, j: number) => number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, at) => entry(Math.floor(at / n), at % n));

describe('against LAPACK', () => {
  it('A x = λ B x', async () => {
    const A = square((i, j) => Math.cos(i * j + i + j));
    const m = square((i, j) => Math.sin(1 + i + 2 * j + 0.3 * i * j));
    const B = square((i, j) => {
      let s = i === j ? 0.25 : 0;
      for (let t = 0; t < n; t++) s += m[t * n + i] * m[t * n + j];
      return s;
    });
    const report = await eigshGeneralised(fromDense(A, n), { matrix: B }, { k: n });
    report.values.forEach((value, i) => expect(value).toBeCloseTo(pencil[i], 11));
    const ends = await eigshGeneralised(fromDense(A, n), { matrix: B }, { k: 2, which: 'LM' });
    expect(Array.from(ends.values, (value) => value.toFixed(8))).toEqual([pencil[0].toFixed(8), pencil[8].toFixed(8)]);
  });
  it('a Hermitian matrix', async () => {
    const H = new Float64Array(2 * n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) H.set([Math.cos(i * j + i + j), Math.sin((i - j) * (1 + i + j))], 2 * (i * n + j));
    const report = await eigshComplex(fromComplexDense(n, H), { k: n });
    report.values.forEach((value, i) => expect(value).toBeCloseTo(hermitian[i], 11));
  });
});
