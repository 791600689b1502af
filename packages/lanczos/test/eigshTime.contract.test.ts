import { describe, expect, it } from 'vitest';
import { AbortError, ArgumentError } from '@hyperribbon/contract';
import { eigsh, eigshCost, type EigshOptions } from '@hyperribbon/lanczos';
import { eigshTime } from '@hyperribbon/lanczos/time';
import { diagonal, fromMatvec, NonFiniteError, type LinearOperator } from '@hyperribbon/linop';

/** An operator on whose clock each product takes the next of `seconds`, the last one again and again, and nothing else takes any time. */
function timed(
  n: number,
  seconds: readonly number[],
): { op: LinearOperator; clock: () => number; calls: () => number } {
  let now = 5;
  let calls = 0;
  const op = fromMatvec(n, (x, out) => {
    now += 1000 * seconds[Math.min(calls++, seconds.length - 1)];
    for (let i = 0; i < n; i++) out[i] = (i % 7) * x[i];
  });
  return { op, clock: () => now, calls: () => calls };
}

/** A clock that ticks once each time it is read: every interval is one millisecond. */
function ticking(): () => number {
  let now = 0;
  return () => now++;
}

const caught = (p: Promise<unknown>): Promise<unknown> => p.then(() => null).catch((e: unknown) => e);

describe('the pace of products', () => {
  it('is the median of three after one that does not count; the least time is at the fastest', async () => {
    const { op, clock, calls } = timed(900, [50, 0.3, 0.1, 0.2]);
    const estimate = await eigshTime(op, { k: 5, clock });
    expect([estimate.matvecs, calls()]).toEqual([4, 4]);
    expect(estimate.secondsPerMatvec).toBeCloseTo(0.2, 12);
    expect(estimate.leastMatvecs).toBe(6);
    expect(estimate.leastSeconds).toBeCloseTo(6 * 0.1, 12);
    expect(estimate.secondsAroundMatvec).toBe(0);
    expect(estimate.mostSeconds).toBeCloseTo(3000 * 0.2, 9);
  });
  it('takes fewer products when they are slow: two of 0.6 s, one of a minute', async () => {
    expect((await eigshTime(...spread(timed(900, [0.6])))).matvecs).toBe(3);
    expect((await eigshTime(...spread(timed(900, [60])))).matvecs).toBe(2);
  });
  it('waits for products that are promises', async () => {
    let now = 0;
    const op = fromMatvec(900, async (x, out) => {
      await new Promise((resolve) => setTimeout(resolve, 0));
      now += 250;
      out.set(x);
    });
    expect((await eigshTime(op, { k: 1, clock: () => now })).secondsPerMatvec).toBe(0.25);
  });
  it('is that of one column of a block where the run starts with a block', async () => {
    let now = 0;
    const columns: number[] = [];
    const op: LinearOperator = {
      size: 900,
      dtype: 'float64',
      apply: () => expect.fail('no single product was asked for'),
      applyBlock: (x, out, count) => {
        columns.push(count);
        now += 100;
        out.set(x);
      },
    };
    const estimate = await eigshTime(op, { k: 5, blockSize: 4, clock: () => now });
    expect(columns).toEqual([4, 4, 4, 4]);
    expect(estimate.matvecs).toBe(16);
    expect(estimate.secondsPerMatvec).toBeCloseTo(0.025, 12);
  });
});

function spread({ op, clock }: ReturnType<typeof timed>): [LinearOperator, { k: number; clock: () => number }] {
  return [op, { k: 5, clock }];
}

describe("the solver's own work", () => {
  // every interval is 1 ms: 2 ms in all, of which each part is known
  it('is a restart of a small search, in proportion to rows and numbers, and an eigenproblem, in proportion to order³', async () => {
    for (const [n, k, basisSize, known] of [
      [900, 5, 40, 0],
      [2 ** 19, 20, 60, 0],
      [900, 30, 80, 0],
      [900, 5, 40, 10],
    ] as const) {
      const options: EigshOptions = { k, basisSize, ...(known === 0 ? {} : { deflate: unitPairs(n, known) }) };
      const op = fromMatvec(n, (x, out) => out.set(x));
      const { secondsAroundMatvec, secondsPerMatvec, mostSeconds } = await eigshTime(op, {
        ...options,
        clock: ticking(),
      });
      const kept = k + Math.floor((basisSize - 1 - k) / 2);
      const steps = 40 - Math.round((40 * kept) / basisSize);
      const search = ((0.001 / steps) * (basisSize + known) * n) / 40 / Math.min(n, 2 ** 17);
      const eigenproblem = (0.001 * (basisSize / Math.min(basisSize, 128)) ** 3) / (basisSize - kept);
      expect(Math.abs(secondsAroundMatvec / (search + eigenproblem) - 1)).toBeLessThan(1e-12);
      expect(secondsPerMatvec).toBe(0.001);
      expect(Math.abs(mostSeconds / (3000 * (0.001 + secondsAroundMatvec)) - 1)).toBeLessThan(1e-12);
    }
  });
  it('of a matrix that is formed is its eigenproblem alone', async () => {
    const estimate = await eigshTime(timed(30, [0]).op, { k: 5, clock: ticking() });
    expect(estimate.secondsAroundMatvec).toBeCloseTo(0.001 / 30, 15);
    const large = await eigshTime(timed(256, [0]).op, { k: 120, basisSize: 256, clock: ticking() });
    expect(large.secondsAroundMatvec).toBeCloseTo((0.001 * 2 ** 3) / 256, 15);
  });
  it('is measured where the space is smaller than a basis, too', async () => {
    for (const n of [1, 2, 3, 10, 41]) {
      for (const options of [{ maxMatvecs: Math.max(1, n - 1) }, { resume: new Uint8Array(20) }]) {
        const { secondsAroundMatvec } = await eigshTime(timed(n, [0]).op, {
          k: 1,
          ...options,
          clock: ticking(),
        });
        expect(secondsAroundMatvec).toBeGreaterThan(0);
        expect(secondsAroundMatvec).toBeLessThan(0.01);
      }
    }
  });
  it('is measured with the clock of the machine where none is given', async () => {
    const estimate = await eigshTime(diagonal(new Float64Array(2000).fill(1)), { k: 5 });
    expect(estimate.secondsAroundMatvec).toBeGreaterThan(0);
    expect(estimate.leastSeconds).toBeLessThan(estimate.mostSeconds);
  });
});

function unitPairs(n: number, count: number): { values: Float64Array; vectors: Float64Array } {
  const vectors = new Float64Array(count * n);
  for (let i = 0; i < count; i++) vectors[i * n + i] = 1;
  return { values: new Float64Array(count), vectors };
}

describe('the number of products', () => {
  const n = 300;
  const flat: [string, LinearOperator][] = [
    ['the identity', fromMatvec(n, (x, out) => out.set(x))],
    ['zero', fromMatvec(n, (_, out) => out.fill(0))],
  ];
  const others: [string, LinearOperator][] = [
    ['a ladder', diagonal(Float64Array.from({ length: n }, (_, i) => i * i))],
    ['rank 3', diagonal(Float64Array.from({ length: n }, (_, i) => (i < 3 ? 3 + i : 0)))],
  ];
  const asked: EigshOptions[] = [{ k: 1 }, { k: 7 }, { k: 3, blockSize: 3 }, { k: 3, which: 'BE' }, { above: 1e6 }];
  it('of a run that converges lies between the least and the most', async () => {
    for (const [name, op] of [...flat, ...others]) {
      for (const options of [...asked, { k: 290 }]) {
        const { leastMatvecs, mostMatvecs } = await eigshTime(op, { ...options, clock: () => 0 });
        const { reason, matvecs } = await eigsh(op, { tol: 1e-6, ...options });
        expect([name, reason, matvecs >= leastMatvecs, matvecs <= mostMatvecs]).toEqual([
          name,
          'converged',
          true,
          true,
        ]);
      }
    }
  });
  it('is the least of all where every vector is an eigenvector: no larger bound holds', async () => {
    for (const [name, op] of flat) {
      for (const options of asked) {
        const { leastMatvecs } = await eigshTime(op, { ...options, clock: () => 0 });
        expect([name, leastMatvecs]).toEqual([name, (await eigsh(op, options)).matvecs]);
      }
    }
  });
  it('is n where the matrix is formed, at most maxMatvecs, and nothing is promised of a run that goes on', async () => {
    const { op } = timed(50, [0]);
    // all of the options that count products
    const of = async (options: EigshOptions): Promise<[number, number]> => {
      const { leastMatvecs, mostMatvecs } = await eigshTime(op, { ...options, clock: () => 0 });
      return [leastMatvecs, mostMatvecs];
    };
    expect(await of({ k: 5 })).toEqual([50, 50]);
    expect(await of({ k: 5, maxMatvecs: 3 })).toEqual([3, 3]);
    expect(await of({ k: 5, resume: new Uint8Array(20) })).toEqual([0, 3000]);
    const empty = await eigshTime(diagonal(new Float64Array(0)), { k: 0 });
    expect([empty.matvecs, empty.leastMatvecs, empty.mostMatvecs, empty.mostSeconds]).toEqual([0, 0, 0, 0]);
  });
  it('and bytes are those of eigshCost, of the dtype that is stored', async () => {
    const { op } = timed(5000, [0]);
    for (const storage of ['float32', 'float64'] as const) {
      const { bytes, capacity, flopsPerMatvec } = await eigshTime(op, { k: 5, storage, clock: () => 0 });
      expect(eigshCost(op, { k: 5, storage })).toMatchObject({ bytes, capacity, flopsPerMatvec });
    }
    const [narrow, wide] = (['float32', 'float64'] as const).map((storage) => eigshCost(op, { k: 5, storage }).bytes);
    expect(wide - narrow).toBeGreaterThan(57 * 5000 * 4);
    // what eigsh itself reserves: one byte less is refused
    const refused = await caught(eigsh(op, { k: 5, storage: 'float32', memoryLimit: narrow - 1 }));
    expect(String(refused)).toContain(`${narrow} bytes needed`);
  });
});

describe('refusal and errors', () => {
  it('refuses a run that takes longer at least, with the numbers, before any further work', async () => {
    const { op, clock, calls } = timed(900, [2, 0.5]);
    const error = await caught(eigshTime(op, { k: 19, clock, timeLimit: 9.9 }));
    expect(error).toEqual(
      new ArgumentError(
        'eigshTime: timeLimit must be at least 10.0 s, got 9.9: at least 20 products of 0.500 s each are needed; ' +
          'raise timeLimit, ask for fewer pairs, or make products cheaper',
      ),
    );
    expect(calls()).toBe(3);
    const again = timed(900, [2, 0.5]);
    expect((await eigshTime(again.op, { k: 19, clock: again.clock, timeLimit: 10 })).leastSeconds).toBe(10);
  });
  it('names itself in errors of options', async () => {
    const op = diagonal(new Float64Array(10));
    for (const timeLimit of [0, -1, NaN])
      await expect(eigshTime(op, { k: 1, timeLimit })).rejects.toThrow(
        new ArgumentError(`eigshTime: timeLimit must be seconds > 0, got ${timeLimit}`),
      );
    await expect(eigshTime(op, { k: 12 })).rejects.toThrow(
      new ArgumentError('eigshTime: k must be an integer in [1, 10], got k=12'),
    );
    await expect(eigshTime(null as unknown as LinearOperator, { k: 1 })).rejects.toThrow(/^eigshTime:/);
    const broken = fromMatvec(900, (_, out) => out.fill(NaN));
    const error = await caught(eigshTime(broken, { k: 1 }));
    expect(error).toBeInstanceOf(NonFiniteError);
    expect(String(error)).toContain('eigshTime: product 1');
  });
  it('ends between two products when its signal is aborted', async () => {
    const controller = new AbortController();
    const { op, clock, calls } = timed(900, [0.1]);
    const stopping = fromMatvec(900, (x, out) => {
      if (calls() === 1) controller.abort('enough');
      return op.apply(x, out);
    });
    const error = await caught(eigshTime(stopping, { k: 5, clock, signal: controller.signal }));
    expect(error).toBeInstanceOf(AbortError);
    expect([(error as AbortError).message, (error as AbortError).cause]).toEqual([
      'eigshTime: aborted by its signal',
      'enough',
    ]);
    expect(calls()).toBe(2);
  });
});
