// Oracle: the same jobs in this thread. What travels, what dies and what is stopped must not show in any result.
import { isArgumentError } from '@hyperribbon/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { here, shareArray, threads, type Executor } from '../src/index.js';
import { jobs } from './fixtures/jobs.mjs';

type Jobs = typeof jobs;

const script = { url: new URL('./fixtures/worker.mjs', import.meta.url) };
const open: Executor<Jobs>[] = [];
const ofThreads = (count: number): Executor<Jobs> => {
  const executor = threads<Jobs>(count, script);
  open.push(executor);
  return executor;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((executor) => executor.close()));
});

const values = Float64Array.from({ length: 2000 }, (_, i) => Math.sin(i));
const sums = [1, 2, 3, 4, 5].map((power) => ({ kind: 'sum' as const, values, power }));

describe('an executor', () => {
  it('gives the same bits here and for 1, 2 and 3 threads', async () => {
    const all = (executor: Executor<Jobs>) => Promise.all(sums.map((job) => executor.run(job)));
    const expected = await all(here(jobs));
    for (const count of [1, 2, 3]) expect(await all(ofThreads(count))).toEqual(expected);
    expect(expected[0].total).not.toBe(expected[1].total);
  });

  it.each(['here', 'threads'])('%s: tells how far a job is, in order', async (kind) => {
    const executor = kind === 'here' ? here(jobs) : ofThreads(1);
    const heard: number[] = [];
    let started = 0;
    await executor.run(sums[0], { onStart: () => started++, onProgress: ({ done }) => heard.push(done) });
    expect(started).toBe(1);
    expect(heard).toEqual([...heard].sort((a, b) => a - b));
    if (kind === 'here') expect(heard).toHaveLength(20);
  });

  it.each(['here', 'threads'])('%s: of those that wait takes the highest priority, then the oldest', async (kind) => {
    const executor = kind === 'here' ? here(jobs) : ofThreads(1);
    const order: string[] = [];
    const run = (name: string, priority: number) =>
      executor.run(sums[0], { priority, onStart: () => order.push(name) });
    await Promise.all([run('first', 0), run('low', 0), run('high', 2), run('middle', 1), run('high, later', 2)]);
    expect(order).toEqual(['first', 'high', 'high, later', 'middle', 'low']);
  });

  it.each(['here', 'threads'])('%s: rejects with the error of the job, and goes on', async (kind) => {
    const executor = kind === 'here' ? here(jobs) : ofThreads(1);
    const error = (how: string) => executor.run({ kind: 'fail', how }).catch((reason: unknown) => reason);
    expect(await error('argument')).toSatisfy(isArgumentError);
    expect(await error('argument')).toMatchObject({ message: 'fail: k must be in [1, 3], got k=9' });
    expect(await error('format')).toMatchObject({ name: 'FormatError', message: 'parse: no such header' });
    const fault = await error('bug');
    expect(fault).toMatchObject({ name: 'TypeError', message: 'x is not a function' });
    expect(isArgumentError(fault)).toBe(false);
    expect((fault as Error).stack).toContain('jobs.mjs');
    expect((await executor.run(sums[0])).total).toBeTypeOf('number');
  });

  it.each(['here', 'threads'])('%s: stops a job that runs, which returns what it has', async (kind) => {
    const executor = kind === 'here' ? here(jobs) : ofThreads(1);
    const controller = new AbortController();
    const job = executor.run(
      { kind: 'endless' },
      { signal: controller.signal, onProgress: ({ done }) => done > 500 && controller.abort() },
    );
    const { rounds, reason } = await job;
    expect(reason).toBe('aborted');
    expect(rounds).toBeGreaterThan(500);
  });

  it.each(['here', 'threads'])(
    '%s: rejects with AbortError what waits, and what has nothing to return',
    async (kind) => {
      const executor = kind === 'here' ? here(jobs) : ofThreads(1);
      const controller = new AbortController();
      const { signal } = controller;
      const running = executor.run(
        { kind: 'endless', stubborn: true },
        { signal, onStart: () => setTimeout(() => controller.abort(), 20) },
      );
      const waiting = executor.run(sums[0], { signal });
      const failures = await Promise.allSettled([running, waiting]);
      for (const outcome of failures)
        expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'AbortError' } });
      await expect(executor.run(sums[0], { signal })).rejects.toMatchObject({ name: 'AbortError' });
      // whoever has no signal is not concerned
      expect((await executor.run(sums[0])).total).toBeTypeOf('number');
    },
  );
});

describe('threads', () => {
  it('send a large array once to each thread, whichever job it is in', async () => {
    const executor = ofThreads(1);
    const array = values.slice();
    const meet = (a: Float64Array) => executor.run({ kind: 'meet', array: a });
    expect(await meet(array)).toEqual({ before: false, first: 0 });
    expect(await meet(array)).toEqual({ before: true, first: 0 });
    // equal bits are the same array; others are not
    expect((await meet(values.slice())).before).toBe(true);
    expect((await meet(values.map((x) => x + 1))).before).toBe(false);
    // small ones travel as they are
    const small = Float64Array.of(1, 2);
    expect((await meet(small)).before).toBe(false);
    expect((await meet(small)).before).toBe(false);
  });

  it('replace a thread that died, and what it had been sent', async () => {
    const executor = ofThreads(1);
    const array = values.slice();
    await executor.run({ kind: 'meet', array });
    await expect(executor.run({ kind: 'fail', how: 'exit' })).rejects.toMatchObject({
      name: 'WorkerError',
      reason: 'exit',
    });
    expect(await executor.run({ kind: 'meet', array })).toEqual({ before: false, first: 0 });
  });

  it('reject what is under way when they are closed', async () => {
    const executor = threads<Jobs>(1, script);
    let begun = (): void => {};
    const started = new Promise<void>((resolve) => (begun = resolve));
    const job = executor.run({ kind: 'endless' }, { onProgress: () => begun() });
    await Promise.all([started.then(() => executor.close()), expect(job).rejects.toMatchObject({ reason: 'closed' })]);
  });

  it('say which script could not be started', async () => {
    const executor = threads<Jobs>(1, { url: new URL('./fixtures/nowhere.mjs', import.meta.url) });
    const job = executor.run({ kind: 'endless' });
    await expect(job).rejects.toThrow(/; tried file:\/\/.*\/fixtures\/nowhere\.mjs$/);
    await executor.close();
  });

  it.each([0, 1.5, 257])('refuse to be %s', (count) => {
    expect(() => threads<Jobs>(count, script)).toThrow(/threads: count must be an integer in \[1, 256\]/);
  });
});

describe('shareArray', () => {
  it('puts the same numbers into shared memory, once', () => {
    for (const array of [values, Float32Array.of(1, 2.5), Int32Array.of(-1, 7)]) {
      const shared = shareArray(array);
      expect(shared.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(Array.from(shared)).toEqual(Array.from(array));
      expect(shared.constructor).toBe(array.constructor);
      expect(shareArray(shared)).toBe(shared);
    }
  });

  it('shows a thread what is written later: it is not copied', async () => {
    const executor = ofThreads(1);
    const shared = shareArray(values);
    await executor.run({ kind: 'meet', array: shared });
    shared[0] = 42;
    expect((await executor.run({ kind: 'meet', array: shared })).first).toBe(42);
  });
});
