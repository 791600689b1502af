import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  ContractError,
  diagonal,
  fromDense,
  fromMatvec,
  verifyOperator,
  type LinearOperator,
} from '@hyperribbon/linop';

interface Row {
  name: string;
  n: number;
  seed: number;
  delta: number;
  pattern: 'full' | 'one';
  expect: 'accept' | 'reject' | 'either';
}

function dyadics(seed: number, n: number, bits: number): Float64Array {
  let a = seed;
  const half = 2 ** (bits - 1);
  return Float64Array.from({ length: n }, () => {
    a |= 0;
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) >>> (32 - bits)) / half - 1;
  });
}

function matrixOf(row: Row): Float64Array {
  const { n } = row;
  const s = dyadics(row.seed, (n * (n + 1)) / 2, 12);
  const k = dyadics(row.seed + 1, (n * (n + 1)) / 2, 12);
  const a = new Float64Array(n * n);
  for (let i = 0, p = 0; i < n; i++) for (let j = 0; j <= i; j++, p++) a[i * n + j] = a[j * n + i] = s[p];
  if (row.pattern === 'one') a[(n - 1) * n] += row.delta * 0.75;
  else {
    for (let i = 0, p = 0; i < n; i++) {
      for (let j = 0; j < i; j++, p++) {
        a[i * n + j] += row.delta * (k[p] || 0.5);
        a[j * n + i] -= row.delta * (k[p] || 0.5);
      }
    }
  }
  return a;
}

const rows = (JSON.parse(readFileSync(new URL('./golden/nonsym.json', import.meta.url), 'utf8')) as { rows: Row[] })
  .rows;
const failed = async (op: LinearOperator): Promise<string[]> =>
  (await verifyOperator(op)).checks.filter((c) => !c.passed).map((c) => c.name);

describe('golden verdicts on symmetry', () => {
  for (const row of rows) {
    it(`${row.name}: ${row.expect}, for 100 seeds`, async () => {
      let rejected = 0;
      for (let seed = 0; seed < 100; seed++) {
        const report = await verifyOperator(fromDense(matrixOf(row), row.n), { seed });
        if (!report.passed) {
          rejected++;
          expect(report.errors[0]).toBeInstanceOf(ContractError);
          expect(report.checks.filter((c) => !c.passed).map((c) => c.name)).toEqual(['symmetric']);
        }
      }
      if (row.expect === 'reject') expect(rejected).toBeGreaterThanOrEqual(99);
      if (row.expect === 'accept') expect(rejected).toBe(0);
    });
  }
});

describe('each broken promise is found and named', () => {
  const n = 20;
  const d = Float64Array.from({ length: n }, (_, i) => i - 3);
  it('a good operator passes every check, in both dtypes', async () => {
    expect(
      (
        await verifyOperator(diagonal(d), {
          dense: Array.from({ length: n * n }, (_, p) => (p % (n + 1) === 0 ? p / (n + 1) - 3 : 0)),
          adjoint: diagonal(d),
        })
      ).passed,
    ).toBe(true);
    expect((await verifyOperator(diagonal(Float32Array.from(d)))).passed).toBe(true);
    expect((await verifyOperator(diagonal(new Float64Array(n)))).passed).toBe(true);
    expect((await verifyOperator(diagonal(new Float64Array(0)))).passed).toBe(true);
  });
  const times = (x: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < n; i++) out[i] = d[i] * x[i];
  };
  it('unwritten entries', async () =>
    expect(await failed(fromMatvec(n, (x, out) => void (out[0] = x[0])))).toContain('writes-all'));
  it('a changed input', async () =>
    expect(
      await failed(
        fromMatvec(n, (x, out) => {
          times(x, out);
          x[3] = 7;
        }),
      ),
    ).toEqual(['keeps-input']));
  it('randomness', async () => {
    let call = 0;
    expect(
      await failed(
        fromMatvec(n, (x, out) => {
          times(x, out);
          out[1] *= 1 + 1e-3 * call++;
        }),
      ),
    ).toContain('deterministic');
  });
  it('a constant term', async () =>
    expect(
      await failed(
        fromMatvec(n, (x, out) => {
          times(x, out);
          out[0] += 1;
        }),
      ),
    ).toEqual(expect.arrayContaining(['zero', 'linear'])));
  it('non-linearity', async () =>
    expect(await failed(fromMatvec(n, (x) => x.map((v) => v * Math.abs(v))))).toContain('linear'));
  it('NaN', async () =>
    expect(await failed(fromMatvec(n, (x) => x.map((v, i) => (i === 5 ? NaN : v))))).toContain('finite'));
  it('a negative direction where positive was claimed', async () => {
    expect((await verifyOperator(diagonal(d.map(() => -1)), { positive: true })).errors[0].message).toMatch(
      /positive semidefinite/,
    );
    expect((await verifyOperator(diagonal(d.map(() => 1)), { positive: true })).passed).toBe(true);
  });
  it('a kept output array', async () => {
    let kept: Float64Array | null = null;
    expect(
      await failed(
        fromMatvec(n, (x, out) => {
          if (kept) kept[0] = 5;
          times(x, out);
          kept = out;
        }),
      ),
    ).toContain('keeps-nothing');
  });
  it('applyBlock that disagrees', async () => {
    const op = {
      ...diagonal(d),
      applyBlock: (_: unknown, out: { fill(v: number): unknown }) => void out.fill(1),
    } as LinearOperator;
    expect(await failed(op)).toEqual(['block']);
  });
  it('applyBlock that takes no more than four columns, or only an even number of them', async () => {
    const least = (columns: number): number => Math.min(columns, 4);
    const even = (columns: number): number => 2 * Math.floor(columns / 2);
    for (const width of [least, even, (columns: number): number => columns]) {
      const one = diagonal(d);
      const op: LinearOperator = {
        ...one,
        applyBlock(x, out, columns) {
          out.fill(0);
          for (let j = 0; j < width(columns); j++)
            void one.apply(x.subarray(j * n, (j + 1) * n), out.subarray(j * n, (j + 1) * n));
        },
      };
      expect(await failed(op)).toEqual(width === least || width === even ? ['block'] : []);
      if (width === least) expect((await verifyOperator(op, { columns: 4 })).passed).toBe(true);
    }
  });
  it('a wrong dense matrix and a wrong adjoint', async () => {
    expect(
      (await verifyOperator(diagonal(d), { dense: new Float64Array(n * n) })).checks.find((c) => c.name === 'dense')
        ?.passed,
    ).toBe(false);
    expect(
      (await verifyOperator(diagonal(d), { adjoint: diagonal(d.map((v) => v + 1)) })).checks.find(
        (c) => c.name === 'adjoint',
      )?.passed,
    ).toBe(false);
  });
  it('an out that apply detached, in a product or in a block', async () => {
    const detach = (out: ArrayBufferView): void => void structuredClone(out, { transfer: [out.buffer as ArrayBuffer] });
    const plain = { size: 4, dtype: 'float64' } as const;
    const single = { ...plain, apply: (_: unknown, out: ArrayBufferView) => detach(out) } as LinearOperator;
    await expect(verifyOperator(single)).rejects.toThrow(
      new ContractError('verifyOperator: apply detached out; it may only write into it'),
    );
    const block = {
      ...diagonal(Float64Array.of(1, 2, 3, 4)),
      applyBlock: (_: unknown, out: ArrayBufferView) => detach(out),
    };
    const { errors } = await verifyOperator(block as LinearOperator);
    expect(errors.map((e) => e.message)).toEqual([expect.stringMatching(/applyBlock and apply disagree/)]);
  });
  it('wrong results of a returning matvec are typed errors at once', async () => {
    const op = (f: (x: Float64Array) => unknown): LinearOperator =>
      fromMatvec(n, f as (x: Float64Array) => Float64Array);
    await expect(verifyOperator(op((x) => x))).rejects.toThrow(/returned its own input/);
    await expect(verifyOperator(op(() => new Float64Array(3)))).rejects.toThrow(/length 3, expected 20/);
    await expect(verifyOperator(op(() => new Float32Array(n)))).rejects.toThrow(/returned a Float32Array of length 20/);
    await expect(verifyOperator(op(() => [1, 2]))).rejects.toThrow(ContractError);
    const memory = new WebAssembly.Memory({ initial: 1 });
    const view = new Float64Array(memory.buffer, 0, n);
    memory.grow(1);
    await expect(verifyOperator(op(() => view))).rejects.toThrow(/detached/);
  });
});
