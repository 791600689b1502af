import { describe, expect, it } from 'vitest';
import { ArgumentError, MemoryLimitError } from '@hyperribbon/contract';
import { eigsh, eigshCost, initialize } from '@hyperribbon/lanczos';
import { diagonal, fromMatvec, scale, shift, type LinearOperator } from '@hyperribbon/linop';
import { implicitCases, implicitOperator } from './goldenOperators.js';
import { caught, ladder } from './ladder.js';

describe('arguments', () => {
  it('are refused with their values', async () => {
    const op = ladder(10);
    await expect(eigsh(op, { k: 12 })).rejects.toThrow(
      new ArgumentError('eigsh: k must be an integer in [1, 10], got k=12'),
    );
    await expect(eigsh(op, { k: 0 })).rejects.toThrow(/k=0/);
    await expect(eigsh(op, { k: 1.5 })).rejects.toThrow(/k=1.5/);
    await expect(eigsh(op, { k: 2, which: 'SM' as 'LA' })).rejects.toThrow(
      /which must be one of 'LA', 'SA', 'LM', 'BE', got "SM"/,
    );
    await expect(eigsh(op, { k: 2, tol: NaN })).rejects.toThrow(/tol/);
    await expect(eigsh(op, { k: 2, maxMatvecs: 0 })).rejects.toThrow(/maxMatvecs/);
    await expect(eigsh({ size: 3 } as LinearOperator, { k: 1 })).rejects.toThrow(/^eigsh: op must be a LinearOperator/);
    await expect(eigsh(ladder(500), { k: 2, v0: new Float64Array(3) })).rejects.toThrow(
      /v0 must be rows of n=500 numbers, got 3/,
    );
  });
  it('are refused in the name of the function that was called, not of one within', async () => {
    const seeds = [-1, 1.5, NaN, 2 ** 53];
    // on the way of the search and on that of the matrix
    for (const op of [ladder(500), ladder(10)]) {
      const n = op.size;
      for (const seed of seeds) {
        const error = new ArgumentError(`eigsh: seed must be an integer in [0, 2^53 - 1], got seed=${seed}`);
        expect(await caught(eigsh(op, { k: 2, seed }))).toEqual(error);
      }
      for (const basisSize of [0, 40.5, NaN, Infinity]) {
        const error = new ArgumentError(`eigsh: basisSize must be an integer >= 1, got basisSize=${basisSize}`);
        expect(await caught(eigsh(op, { k: 2, basisSize }))).toEqual(error);
      }
      const v0 = new Float64Array(n).fill(1);
      v0[3] = NaN;
      expect(await caught(eigsh(op, { k: 2, v0 }))).toEqual(
        new ArgumentError('eigsh: v0 must be finite, got v0[3]=NaN; remove or repair it'),
      );
      expect(await caught(eigsh(op, { k: 2, v0: new Float64Array(3) }))).toEqual(
        new ArgumentError(`eigsh: v0 must be rows of n=${n} numbers, got 3`),
      );
      expect(await caught(eigsh(op, { k: 2, memoryLimit: NaN }))).toEqual(
        new ArgumentError('eigsh: memoryLimit must be finite and >= 0, got memoryLimit=NaN'),
      );
    }
    // beyond what 32-bit pointers reach, whatever the limit allows
    const vast = await caught(eigsh(ladder(30_000), { k: 2, basisSize: 25_000, memoryLimit: 1e15, maxMatvecs: 100 }));
    expect(vast).toBeInstanceOf(MemoryLimitError);
    expect(String(vast)).toMatch(/eigsh: \d+ bytes needed .* limit 4294901760; lower basisSize/);
    expect(() => eigshCost(ladder(10), { k: 12 })).toThrow(
      new ArgumentError('eigshCost: k must be an integer in [1, 10], got k=12'),
    );
  });
  it('of a process by hand are refused in the name of initialize', () => {
    const op = ladder(500);
    for (const seed of [-1, 1.5, NaN])
      expect(() => initialize(op, { seed })).toThrow(
        new ArgumentError(`initialize: seed must be an integer in [0, 2^53 - 1], got seed=${seed}`),
      );
    expect(() => initialize(op, { v0: new Float64Array(3) })).toThrow(
      new ArgumentError('initialize: v0 must be n=500 numbers, got 3'),
    );
    expect(() => initialize(op, { v0: new Float64Array(500).fill(-Infinity) })).toThrow(
      new ArgumentError('initialize: v0 must be finite, got v0[0]=-Infinity; remove or repair it'),
    );
    expect(() => initialize(op, { capacity: 1e7 })).toThrow(
      /^initialize: capacity 10000000 takes \d+ bytes, more than 4294901760; lower it$/,
    );
  });
  it('n = 0, 1, 2, 3 and k = n work', async () => {
    const empty = await eigsh(ladder(0), { k: 0 });
    expect([empty.values.length, empty.vectors.length, empty.converged]).toEqual([0, 0, true]);
    for (const n of [1, 2, 3, 40]) {
      const report = await eigsh(ladder(n), { k: n });
      expect(Array.from(report.values, (x) => Math.round(x * 1e9) / 1e9)).toEqual(
        Array.from({ length: n }, (_, i) => n - 1 - i),
      );
      expect(report.converged).toBe(true);
      expect(report.vectors.length).toBe(n * n);
    }
    const large = await eigsh(ladder(150), { k: 150, tol: 1e-10, denseBelow: 0 });
    expect(large.converged).toBe(true);
    expect(Math.max(...large.values.map((x, i) => Math.abs(x - (149 - i))))).toBeLessThan(1e-8);
  });
  it('the documented defaults are those used', async () => {
    const op = implicitOperator(implicitCases.find((c) => c.name === 'deepnet_h_2000')!);
    const plain = await eigsh(op, { k: 3 });
    const spelled = await eigsh(op, {
      k: 3,
      which: 'LA',
      tol: 1e-8,
      seed: 0,
      basisSize: 40,
      blockSize: 1,
      failureProbability: 1e-4,
      maxMatvecs: 3000,
    });
    expect(Array.from(spelled.vectors)).toEqual(Array.from(plain.vectors));
    expect(spelled.matvecs).toBe(plain.matvecs);
  });
});

describe('limits', () => {
  it('running out of products is a report, and more products make it converge', async () => {
    const op = implicitOperator(implicitCases.find((c) => c.name === 'pwtk_cluster_h_800')!);
    const few = await eigsh(op, { k: 8, tol: 1e-10, maxMatvecs: 30 });
    expect([few.converged, few.reason, few.matvecs]).toEqual([false, 'max-matvecs', 30]);
    expect(few.values.length).toBe(8);
    expect(Math.max(...few.residualNorms)).toBeGreaterThan(1e-10 * few.norm);
    const full = await eigsh(op, { k: 8, tol: 1e-10 });
    expect(full.reason).toBe('converged');
    const unverified = await eigsh(op, { k: 8, tol: 1e-10, maxMatvecs: full.matvecs - 1 });
    expect([unverified.converged, unverified.reason]).toEqual([false, 'unverified']);
  });
  it('memory is known beforehand and refused above the limit', async () => {
    const op = ladder(5000);
    const { bytes, capacity } = eigshCost(op, { k: 10 });
    expect(bytes).toBeGreaterThan(capacity * 5000 * 8);
    expect(bytes).toBeLessThan(capacity * 5000 * 8 * 1.3);
    await expect(eigsh(op, { k: 10, memoryLimit: bytes - 1 })).rejects.toThrow(MemoryLimitError);
    await expect(eigsh(op, { k: 10, memoryLimit: bytes - 1 })).rejects.toThrow(new RegExp(String(bytes)));
  });
  it('the matrix of a small order counts as memory, and its products as progress', async () => {
    const op = ladder(60);
    const { bytes, mostMatvecs } = eigshCost(op, { k: 60 });
    expect([bytes, mostMatvecs]).toEqual([56 * 3600, 6000]);
    await expect(eigsh(op, { k: 60, memoryLimit: bytes - 1 })).rejects.toThrow(MemoryLimitError);
    expect((await eigsh(op, { k: 60, memoryLimit: bytes })).converged).toBe(true);
    const left: (number | undefined)[] = [];
    const slow = fromMatvec(30, async (x, out) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      for (let i = 0; i < 30; i++) out[i] = i * x[i];
    });
    await eigsh(slow, {
      k: 30,
      onProgress({ done, of, detail, secondsLeft }) {
        expect([of, done + detail!.matvecsLeft!]).toEqual([30, 30]);
        left.push(secondsLeft);
      },
    });
    expect(left.length).toBeGreaterThan(0);
    expect(left.every((seconds) => seconds! > 0)).toBe(true);
  });
});

describe('invariances', () => {
  const c = implicitCases.find((x) => x.name === 'kronsum_3')!;
  it('A 2^k has values 2^k λ bit for bit', async () => {
    const base = await eigsh(implicitOperator(c), { k: 5, tol: 1e-6 });
    for (const k of [-700, -40, 40, 700]) {
      const scaled = await eigsh(scale(implicitOperator(c), 2 ** k), { k: 5, tol: 1e-6 });
      expect(Array.from(scaled.values)).toEqual(Array.from(base.values, (x) => x * 2 ** k));
    }
  });
  it('largest of A are minus the smallest of −A bit for bit; a shift moves all', async () => {
    const base = await eigsh(implicitOperator(c), { k: 6, tol: 1e-10 });
    const mirrored = await eigsh(scale(implicitOperator(c), -1), { k: 6, which: 'SA', tol: 1e-10 });
    expect(Array.from(mirrored.values.toReversed(), (x) => -x)).toEqual(Array.from(base.values));
    const moved = await eigsh(shift(implicitOperator(c), 100), { k: 6, tol: 1e-10 });
    moved.values.forEach((x, i) => expect(Math.abs(x - 100 - base.values[i])).toBeLessThan(1e-10 * 108));
  });
  it('seeds differ in all 53 bits, and the same seed gives the same bits', async () => {
    const run = (seed: number) => eigsh(implicitOperator(c), { k: 3, tol: 1e-4, seed });
    const [a, b, again] = [await run(7), await run(7 + 2 ** 32), await run(7)];
    expect(Array.from(again.vectors)).toEqual(Array.from(a.vectors));
    expect(Array.from(b.vectors)).not.toEqual(Array.from(a.vectors));
  });
  it('starts that miss the wanted vector still find it: an eigenvector, and one orthogonal to it', async () => {
    const n = 700;
    const op = diagonal(Float64Array.from({ length: n }, (_, i) => (i === 0 ? 5 : 1 / (i + 1))));
    const unit = new Float64Array(n);
    unit[3] = 1;
    const without = Float64Array.from({ length: n }, (_, i) => (i === 0 ? 0 : 1));
    for (const v0 of [unit, without]) {
      const report = await eigsh(op, { k: 2, v0, tol: 1e-10 });
      expect(report.converged).toBe(true);
      expect(Math.abs(report.values[0] - 5)).toBeLessThan(1e-9);
      expect(Math.abs(report.values[1] - 0.5)).toBeLessThan(1e-9);
    }
  });
});
