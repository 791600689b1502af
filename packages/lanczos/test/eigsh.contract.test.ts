import { describe, expect, it } from 'vitest';
import { ArgumentError } from '@hyperribbon/contract';
import { CheckpointError, eigsh, eigshCost, initialize, solverReasons } from '@hyperribbon/lanczos';
import {
  ContractError,
  diagonal,
  fromMatvec,
  NonFiniteError,
  OperatorError,
  scale,
  shift,
  type LinearOperator,
} from '@hyperribbon/linop';
import { MemoryLimitError } from '@hyperribbon/contract';
import { implicitCases, implicitOperator } from './goldenOperators.js';

const ladder = (n: number): LinearOperator => diagonal(Float64Array.from({ length: n }, (_, i) => (i * 7919) % n));
const caught = (p: Promise<unknown>): Promise<unknown> => p.then(() => null).catch((e: unknown) => e);

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
    await expect(eigsh(ladder(500), { k: 2, v0: new Float64Array(3) })).rejects.toThrow(/length 500, got 3/);
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
        new ArgumentError(`eigsh: v0 must have length ${n}, got 3`),
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
      new ArgumentError('initialize: v0 must have length 500, got 3'),
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

describe('misuse and interruption', () => {
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
