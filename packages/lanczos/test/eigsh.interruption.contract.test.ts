import { describe, expect, it } from 'vitest';
import { CheckpointError, eigsh, solverReasons } from '@hyperribbon/lanczos';
import { fromMatvec } from '@hyperribbon/linop';
import { implicitCases, implicitOperator } from './goldenOperators.js';
import { ladder } from './ladder.js';

describe('aborts', () => {
  it('an abort ends the run between two products, with what was there', async () => {
    const controller = new AbortController();
    let call = 0;
    const op = fromMatvec(600, (x, out) => {
      if (++call === 40) controller.abort('enough');
      for (let i = 0; i < 600; i++) out[i] = i * x[i];
    });
    let state: Uint8Array | undefined;
    const settings = { k: 5, tol: 1e-12, onCheckpoint: (bytes: Uint8Array) => void (state = bytes) };
    const found = await eigsh(op, { ...settings, signal: controller.signal });
    expect([found.reason, found.values.length, found.matvecs, call]).toEqual(['aborted', 5, 40, 40]);
    expect(found.message).toBe(solverReasons.aborted);
    const early = await eigsh(op, { k: 5, signal: AbortSignal.abort('early') });
    expect([early.reason, early.converged, early.values.length, early.matvecs, call]).toEqual([
      'aborted',
      false,
      0,
      0,
      40,
    ]);
    // an aborted signal adds no product to a run that is resumed, which still shows what it had
    const resumed = await eigsh(op, { ...settings, resume: state!, signal: AbortSignal.abort() });
    expect([resumed.reason, call]).toEqual(['aborted', 40]);
    expect(resumed.values).toEqual(found.values);
    const [whole, rest] = [await eigsh(op, settings), await eigsh(op, { ...settings, resume: state! })];
    expect([rest.converged, rest.values, rest.matvecs]).toEqual([true, whole.values, whole.matvecs]);
  });
  it('whatever is asked for and however small the order, a signal aborted before costs no product', async () => {
    const signal = AbortSignal.abort();
    for (const n of [1, 2, 5, 500, 3000]) {
      const asked = [
        { k: 1, which: 'SA' },
        { k: 1, which: 'LM' },
        { k: Math.min(2, n), which: 'BE' },
        { above: 3 },
        { k: 1, blockSize: Math.min(4, n), v0: new Float64Array(n).fill(1) },
        { k: 1, storage: 'float32' },
      ] as const;
      const known = { values: [1], vectors: Float64Array.from({ length: n }, (_, i) => Number(i === 0)) };
      for (const options of [...asked, ...(n > 1 ? [{ k: 1, deflate: known }] : [])]) {
        const { reason, converged, values, matvecs } = await eigsh(ladder(n), { ...options, signal });
        expect([reason, converged, values.length, matvecs]).toEqual(['aborted', false, 0, 0]);
      }
    }
  });
  it('also while the products form a matrix: no further one, and what a search before it had found', async () => {
    for (const [n, at, searched] of [
      [50, 20, false],
      [300, 310, true],
    ] as const) {
      const controller = new AbortController();
      let call = 0;
      let state: Uint8Array | undefined;
      // a lower end so dense that the search gives way to the matrix after n products
      const op = fromMatvec(n, (x, out) => {
        if (++call === at) controller.abort();
        for (let i = 0; i < n; i++) out[i] = (i / n) ** 6 * x[i];
      });
      const settings = { k: 5, which: 'SA', tol: 1e-14 } as const;
      const report = await eigsh(op, {
        ...settings,
        signal: controller.signal,
        onCheckpoint: (bytes) => (state = bytes),
      });
      expect([report.reason, report.converged, report.matvecs, call]).toEqual(['aborted', false, at, at]);
      expect(report.values.length).toBe(searched ? 5 : 0);
      expect(state !== undefined).toBe(searched);
    }
  });
  it('a timer can abort a synchronous operator, and progress arrives', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 150);
    let events = 0;
    const slow = fromMatvec(2000, (x, out) => {
      for (let r = 0; r < 50; r++)
        for (let i = 0; i < 2000; i++) out[i] = i * 1e-3 * x[i] + (i > 0 ? x[i - 1] : 0) + (i < 1999 ? x[i + 1] : 0);
    });
    const { reason } = await eigsh(slow, {
      k: 20,
      tol: 1e-14,
      maxMatvecs: 1e6,
      signal: controller.signal,
      onProgress: ({ of }) => void (of === 1e6 && events++),
    });
    expect(reason).toBe('aborted');
    expect(events).toBeGreaterThan(0);
  });
  it('abort while verifying: no further product, and the pairs found so far', async () => {
    let calls = 0;
    let stop = Infinity;
    const controller = new AbortController();
    const op = fromMatvec(1200, async (x, out) => {
      if (++calls === stop) controller.abort();
      await Promise.resolve();
      for (let i = 0; i < 1200; i++) out[i] = (i < 5 ? 10 - i : i / 1200) * x[i];
    });
    const options = { k: 5, tol: 1e-3, signal: controller.signal } as const;
    const whole = await eigsh(op, options);
    expect(whole.completeness.matvecs).toBeGreaterThan(3);
    [calls, stop] = [0, whole.matvecs - 2];
    const report = await eigsh(op, options);
    expect(calls).toBe(stop);
    expect([report.reason, report.converged, report.completeness.searches]).toEqual(['aborted', false, 1]);
    expect(Array.from(report.values)).toEqual(Array.from(whole.values));
  });
  it('a deadline of 1 ms ends with the best so far, not converged', async () => {
    const op = implicitOperator(implicitCases.find((c) => c.name === 'lap2d_60x60')!);
    const start = performance.now();
    const report = await eigsh(op, { k: 10, tol: 1e-12, signal: AbortSignal.timeout(1) });
    expect([report.reason, report.converged]).toEqual(['aborted', false]);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('checkpoints', () => {
  const c = implicitCases.find((x) => x.name === 'hypercube_10')!;
  const options = { k: 20, tol: 1e-9, seed: 2 ** 40 + 5 } as const;
  it('a resumed run has the same bits, from every point', async () => {
    const states: Uint8Array[] = [];
    const whole = await eigsh(implicitOperator(c), {
      ...options,
      checkpointEvery: 9,
      onCheckpoint: (s) => states.push(s),
    });
    expect(states.length).toBeGreaterThan(10);
    for (const state of states.filter((_, i) => i % 4 === 0)) {
      const resumed = await eigsh(implicitOperator(c), { ...options, resume: state });
      expect(Array.from(resumed.values)).toEqual(Array.from(whole.values));
      expect(resumed.vectors.every((x, i) => Object.is(x, whole.vectors[i]))).toBe(true);
      expect([resumed.matvecs, resumed.restarts, resumed.completeness]).toEqual([
        whole.matvecs,
        whole.restarts,
        whole.completeness,
      ]);
    }
  });
  it('also in the middle of a verification that was restarted', async () => {
    const path = fromMatvec(500, (x, out) => {
      for (let i = 0; i < 500; i++) out[i] = 2 * x[i] - (x[i - 1] ?? 0) - (x[i + 1] ?? 0);
    });
    const states: Uint8Array[] = [];
    const choice = { k: 5, tol: 1e-4, denseBelow: 0, seed: 1 } as const;
    const whole = await eigsh(path, { ...choice, checkpointEvery: 60, onCheckpoint: (s) => states.push(s) });
    // more verification steps than rows: its basis was restarted
    expect(whole.completeness.matvecs / whole.completeness.searches).toBeGreaterThan(60);
    for (const state of states.slice(-4)) {
      const resumed = await eigsh(path, { ...choice, resume: state });
      expect(Array.from(resumed.vectors)).toEqual(Array.from(whole.vectors));
      expect(resumed.completeness).toEqual(whole.completeness);
    }
  });
  it('a limit leaves a state to go on from', async () => {
    let state = new Uint8Array();
    const part = await eigsh(implicitOperator(c), {
      ...options,
      maxMatvecs: 50,
      onCheckpoint: (s) => void (state = s as Uint8Array<ArrayBuffer>),
    });
    expect(part.converged).toBe(false);
    const rest = await eigsh(implicitOperator(c), { ...options, resume: state });
    const whole = await eigsh(implicitOperator(c), options);
    expect(Array.from(rest.vectors)).toEqual(Array.from(whole.vectors));
  });
  it('damaged, shortened, foreign states are refused', async () => {
    let state = new Uint8Array();
    await eigsh(implicitOperator(c), {
      ...options,
      maxMatvecs: 30,
      onCheckpoint: (s) => void (state = s as Uint8Array<ArrayBuffer>),
    });
    const edited = state.slice();
    edited[edited.length - 100] ^= 1;
    const version = state.slice();
    version[7] = 99;
    for (const bad of [edited, version, state.slice(0, -8), state.slice(0, 5), new Uint8Array(0)]) {
      await expect(eigsh(implicitOperator(c), { ...options, resume: bad })).rejects.toThrow(CheckpointError);
    }
    await expect(eigsh(implicitOperator(c), { ...options, seed: 1, resume: state })).rejects.toThrow(/saved for/);
    await expect(eigsh(ladder(1000), { ...options, resume: state })).rejects.toThrow(CheckpointError);
    await expect(eigsh(implicitOperator(c), { ...options, resume: 'x' as never })).rejects.toThrow(TypeError);
  });
});
