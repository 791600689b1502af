// Oracle: the promise of a run: finished steps are in the record, the others are named as missing, and lines end with what is true.
import { AbortError } from '@hyperribbon/contract';
import { describe, expect, it } from 'vitest';
import { here, StudyRun, type Executor, type StepLines } from '../src/index.js';
import { jobs } from './fixtures/jobs.mjs';

type Jobs = typeof jobs;

const values = Float64Array.of(1, 2, 3);
const sum = (power: number) => ({ job: { kind: 'sum' as const, values, power } });

function setup(executor: Executor<Jobs> = here(jobs)) {
  const controller = new AbortController();
  const words: string[] = [];
  const shares: number[] = [];
  const lines: StepLines = {
    start: (title) => {
      words.push(`start ${title}`);
      return {
        update: ({ done, of, detail = '' }) => {
          shares.push(done / of);
          words.push(`${title}: ${detail}`);
        },
        done: (summary) => words.push(`done ${title}: ${summary}`),
        stopped: (summary) => words.push(`stopped ${title}: ${summary}`),
      };
    },
  };
  return { run: new StudyRun<Jobs>(executor, { signal: controller.signal, lines }), controller, words, shares };
}

describe('a run', () => {
  it('names planned steps as missing until they are done', async () => {
    const { run } = setup();
    run.plan('one', 'two');
    expect(run.status).toEqual({ complete: false, missing: ['one', 'two'] });
    await run.jobs('one', [sum(1)]);
    expect(run.status).toEqual({ complete: false, missing: ['two'] });
    await run.job('the second', sum(2).job, { step: 'two' });
    expect(run.status).toEqual({ complete: true, missing: [] });
    expect(run.timings.map(({ step }) => step)).toEqual(['one', 'two']);
    for (const { seconds } of run.timings) expect(seconds).toBeGreaterThanOrEqual(0);
    expect(run.seconds).toBeGreaterThanOrEqual(run.timings[0].seconds);
  });

  it('has the results of a step in the order of its jobs, whatever ends first', async () => {
    const { run, words } = setup();
    const heard: number[] = [];
    const results = await run.jobs('sums', [sum(1), sum(2), sum(3)], {
      onResult: (_, index) => heard.push(index),
      counted: (done, of) => `${done} of ${of}`,
      summary: (found) => `${found.length} sums`,
    });
    expect(results.map(({ total }) => total)).toEqual([6, 14, 36]);
    expect(heard).toEqual([0, 1, 2]);
    expect(words[0]).toBe('start sums');
    expect(words).toContain('sums: 2 of 3');
    expect(words.at(-1)).toBe('done sums: 3 sums');
  });

  it('moves a line by the weights of the jobs, with their labels', async () => {
    const { run, shares, words } = setup();
    await run.jobs('sums', [
      { ...sum(1), weight: 3, label: 'heavy' },
      { ...sum(2), weight: 1 },
    ]);
    expect(shares).toContain(0.75);
    expect(Math.max(...shares)).toBeLessThan(1);
    expect(words).toContain('sums: heavy, 0 numbers');
  });

  it('lets the other jobs of a step end when one fails, and stays missing', async () => {
    const { run, words } = setup();
    run.plan('mixed');
    const heard: number[] = [];
    const mixed = run.jobs('mixed', [{ job: { kind: 'fail' as const, how: 'bug' } }, sum(1), sum(2)], {
      onResult: (_, index) => heard.push(index),
    });
    await expect(mixed).rejects.toThrow('x is not a function');
    expect(heard).toEqual([1, 2]);
    expect(run.status.missing).toEqual(['mixed']);
    expect(words.at(-1)).toBe('stopped mixed: failed: x is not a function');
    // and the run goes on with other steps
    expect(await run.job('next', sum(1).job)).toMatchObject({ total: 6 });
  });

  it('keeps what jobs return after an abort, and rejects the step', async () => {
    const { run, controller, words } = setup();
    run.plan('long', 'later');
    const kept: unknown[] = [];
    const long = run.jobs('long', [{ job: { kind: 'endless' as const } }, sum(1)], {
      onResult: (result) => kept.push(result),
      counted: (done, of) => `${done} of ${of}`,
    });
    setTimeout(() => controller.abort(), 10);
    await expect(long).rejects.toBeInstanceOf(AbortError);
    expect(kept).toMatchObject([{ reason: 'aborted' }]);
    expect(words.at(-1)).toBe('stopped long: stopped after 1 of 2');
    await expect(run.job('later', sum(1).job)).rejects.toBeInstanceOf(AbortError);
    expect(run.status).toEqual({ complete: false, missing: ['long', 'later'], reason: 'interrupted' });
  });

  it('ends a step of several only when its body has', async () => {
    const { run } = setup();
    run.plan('both');
    const value = await run.step('both', async () => {
      const { total } = await run.job('a part', sum(1).job);
      expect(run.status.missing).toEqual(['both']);
      return total;
    });
    expect(value).toBe(6);
    expect(run.status.complete).toBe(true);
    await expect(run.step('broken', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(run.timings.map(({ step }) => step)).toEqual(['a part', 'both']);
  });
});

describe('work in this thread', () => {
  it('has a line that it moves, and a sentence at its end', async () => {
    const { run, words } = setup();
    const value = await run.work('counting', (report) => (report({ done: 1, of: 2, detail: 'half' }), 7), {
      summary: (found) => `${found}`,
    });
    expect(value).toBe(7);
    expect(words).toEqual(['start counting', 'counting: half', 'done counting: 7']);
  });

  it('stays missing where it ended early, with what it returned', async () => {
    const { run, words } = setup();
    run.plan('fit');
    const partial = { finished: false };
    const whole = ({ finished }: { readonly finished: boolean }): boolean => finished;
    expect(await run.work('fit', () => partial, { whole })).toBe(partial);
    expect(run.status.missing).toEqual(['fit']);
    expect(words.at(-1)).toBe('stopped fit: stopped early');
    await run.work('fit', () => ({ finished: true }), { whole });
    expect(run.status.complete).toBe(true);
  });

  it('runs after an abort too: there is still something to tell', async () => {
    const { run, controller, words } = setup();
    controller.abort();
    expect(await run.work('certifying', () => 1)).toBe(1);
    expect(words.at(-1)).toBe('done certifying: ');
  });

  it.each([
    [new Error('broken'), 'failed: broken'],
    [new AbortError('fit', undefined), 'stopped'],
  ])('ends its line when it throws: %s', async (error, word) => {
    const { run, words } = setup();
    await expect(run.work('fit', () => Promise.reject(error))).rejects.toBe(error);
    expect(words.at(-1)).toBe(`stopped fit: ${word}`);
  });
});

describe('a part of a run', () => {
  it('that fails leaves the others, and the status tells its step and why', async () => {
    const { run, words } = setup();
    run.plan('bad', 'good', 'outside');
    const bad = () => run.job('bad', { kind: 'fail', how: 'argument' });
    const [first, second, third] = await Promise.all([
      run.part('around', () => run.step('also around', bad)),
      run.part('good', () => run.job('good', sum(1).job)),
      run.part('outside', () => Promise.reject(new Error('broken\nin two lines'))),
    ]);
    expect([first, second?.total, third]).toEqual([undefined, 6, undefined]);
    const failed = [
      { step: 'bad', why: 'k must be in [1, 3], got k=9' },
      { step: 'outside', why: 'broken' },
    ];
    // the innermost step is named, once; its reason names no function
    expect([...run.status.failed!].sort((a, b) => (a.step < b.step ? -1 : 1))).toEqual(failed);
    expect(run.status).toMatchObject({ complete: false, missing: ['bad', 'outside'], reason: 'a step failed' });
    expect(run.failures).toHaveLength(2);
    expect(words).toContain('stopped bad: failed: k must be in [1, 3], got k=9');
  });

  it('that is stopped is no failure', async () => {
    const { run, controller } = setup();
    controller.abort();
    expect(await run.part('x', () => run.job('x', sum(1).job))).toBeUndefined();
    expect(run.status).toEqual({ complete: true, missing: [], reason: 'interrupted' });
    expect(await run.part('y', () => 3)).toBe(3);
  });

  it('makes a run incomplete even where nothing was planned', async () => {
    const { run } = setup();
    await run.part('unplanned', () => Promise.reject(new Error('no')));
    expect(run.status).toEqual({
      complete: false,
      missing: [],
      failed: [{ step: 'unplanned', why: 'no' }],
      reason: 'a step failed',
    });
  });
});
