import { describe, expect, it } from 'vitest';
import { eigsh, solverReasons } from '@hyperribbon/lanczos';
import { ContractError, fromMatvec, NonFiniteError, OperatorError } from '@hyperribbon/linop';
import { caught, ladder } from './ladder.js';

describe('operators that fail', () => {
  it('NaN at product 57 is a NonFiniteError with that number', async () => {
    for (const at of [1, 57]) {
      let call = 0;
      const op = fromMatvec(900, (x, out) => {
        call++;
        for (let i = 0; i < 900; i++) out[i] = i * x[i];
        if (call === at) out[17] = NaN;
      });
      const error = await caught(eigsh(op, { k: 5, tol: 1e-12 }));
      expect(error).toBeInstanceOf(NonFiniteError);
      expect((error as NonFiniteError).call).toBe(at);
    }
  });
  it('what the operator throws is the cause', async () => {
    const cause = new Error('lost');
    const error = await caught(
      eigsh(
        fromMatvec(300, () => {
          throw cause;
        }),
        { k: 2 },
      ),
    );
    expect(error).toBeInstanceOf(OperatorError);
    expect((error as OperatorError).cause).toBe(cause);
  });
  it('an operator that is not symmetric, or not the same twice, ends as not-symmetric', async () => {
    const n = 400;
    const skewed = fromMatvec(n, (x, out) => {
      for (let i = 0; i < n; i++) out[i] = (i % 50) * x[i] + 1e-6 * ((x[i + 1] ?? 0) - (x[i - 1] ?? 0));
    });
    let call = 0;
    const noisy = fromMatvec(n, (x, out) => {
      call++;
      for (let i = 0; i < n; i++) out[i] = (i % 50) * x[i] * (1 + 1e-3 * ((i * call) % 7));
    });
    for (const op of [skewed, noisy]) {
      const report = await eigsh(op, { k: 4, tol: 1e-10, denseBelow: 0 });
      expect([report.converged, report.reason]).toEqual([false, 'not-symmetric']);
      expect(report.message).toBe(solverReasons['not-symmetric']);
    }
    expect(
      (
        await eigsh(
          fromMatvec(2, (x) => Float64Array.of(x[1], 0)),
          { k: 1 },
        )
      ).reason,
    ).toBe('not-symmetric');
  });
  it('may call the solver themselves', async () => {
    const inner = ladder(20);
    const op = fromMatvec(300, async (x, out) => {
      const { values } = await eigsh(inner, { k: 1, tol: 1e-3 });
      for (let i = 0; i < 300; i++) out[i] = ((i * 7919) % 300) * x[i] + 0 * values[0];
    });
    const report = await eigsh(op, { k: 2, tol: 1e-3 });
    expect(report.converged).toBe(true);
    expect(Math.abs(report.values[0] - 299)).toBeLessThan(0.3);
  });
});

describe('misuse', () => {
  it('an operator that returns the wrong array is a ContractError at the first product, and nothing is left behind', async () => {
    for (const wrong of [new Float64Array(2), new Float32Array(300)]) {
      const op = fromMatvec(300, () => wrong as Float64Array);
      expect(await caught(eigsh(op, { k: 2 }))).toBeInstanceOf(ContractError);
    }
    expect((await eigsh(ladder(300), { k: 1, tol: 1e-3 })).converged).toBe(true);
  });
  it('one that keeps and overwrites the vectors it was given gets the same answer as one that does not', async () => {
    const n = 300;
    const kept: Float64Array[] = [];
    const hostile = fromMatvec(n, (x, out) => {
      for (const array of kept) array.fill(1e3);
      for (let i = 0; i < n; i++) out[i] = ((i * 7919) % n) * x[i];
      kept.push(x);
    });
    const [a, b] = [await eigsh(hostile, { k: 3, tol: 1e-8 }), await eigsh(ladder(n), { k: 3, tol: 1e-8 })];
    expect(Array.from(a.vectors)).toEqual(Array.from(b.vectors));
  });
  it('an infinity in one entry is found, too', async () => {
    const op = fromMatvec(300, (x, out) => void out.set(x.map((v, i) => (i === 299 ? -Infinity : v))));
    expect(await caught(eigsh(op, { k: 2 }))).toMatchObject({ name: 'NonFiniteError', call: 1, position: 299 });
  });
  it('fifty solves, aborted and failing ones among them, leave the array buffers where they were', async () => {
    const gc = (globalThis as { gc?: () => void }).gc;
    const run = async (seed: number): Promise<void> => {
      const controller = new AbortController();
      let calls = 0;
      const op = fromMatvec(2000, (x, out) => {
        if (++calls === 12 && seed % 3 === 0) controller.abort();
        for (let i = 0; i < 2000; i++) out[i] = calls === 12 && seed % 3 === 1 ? NaN : (i / 2000) * x[i];
      });
      await eigsh(op, { k: 2, tol: 1e-2, maxMatvecs: 30, seed, signal: controller.signal }).catch(() => null);
    };
    const settle = async (): Promise<number> => {
      for (let i = 0; i < 4; i++) {
        gc?.();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return process.memoryUsage().arrayBuffers;
    };
    for (let i = 0; i < 10; i++) await run(i);
    const before = await settle();
    for (let i = 0; i < 50; i++) await run(i);
    const after = await settle();
    // without --expose-gc the bound is only that garbage is collected at all: 50 leaked workspaces would be 46 MB
    expect(after - before).toBeLessThan(gc === undefined ? 40e6 : 2e6);
  });
});
