import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { interval, pacer, secondsLeft, watch, yieldToEventLoop } from '../src/index.js';

let now = 0;
beforeEach(() => {
  now = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test('a pacer lets the event loop run once its time is over, and answers at once before', async () => {
  const pause = pacer(40);
  const others = vi.fn();
  setImmediate(others);
  now += 39.9;
  expect(pause()).toBe(false);
  expect(others).not.toHaveBeenCalled();
  now += 0.1;
  expect(await pause()).toBe(true);
  expect(others).toHaveBeenCalledOnce();
});

test('the next pause counts from the end of the last, so that a busy page does not pause at every unit', async () => {
  const pause = pacer(40);
  now += 100;
  const first = pause();
  now += 500;
  expect(await first).toBe(true);
  now += 39;
  expect(pause()).toBe(false);
  now += 1;
  expect(await pause()).toBe(true);
});

test('its time is 40 ms where none is given; with 0 every unit pauses', async () => {
  const pause = pacer();
  now += 39.99;
  expect(pause()).toBe(false);
  now += 0.01;
  expect(await pause()).toBe(true);
  const always = pacer(0);
  expect([await always(), await always()]).toEqual([true, true]);
});

test('without setImmediate a message does it, without that a timer', async () => {
  vi.stubGlobal('setImmediate', undefined);
  const timer = vi.spyOn(globalThis, 'setTimeout');
  await yieldToEventLoop();
  expect(timer).not.toHaveBeenCalled();
  vi.stubGlobal('MessageChannel', undefined);
  await yieldToEventLoop();
  expect(timer).toHaveBeenCalledOnce();
});

test('stubs that only throw, as those of an edge runtime, are passed over', async () => {
  const stub = vi.fn(() => {
    throw new Error('not supported in this runtime');
  });
  vi.stubGlobal('setImmediate', stub);
  await yieldToEventLoop();
  expect(stub).toHaveBeenCalledTimes(1);
  vi.stubGlobal('MessageChannel', stub);
  const timer = vi.spyOn(globalThis, 'setTimeout');
  await yieldToEventLoop();
  expect(stub).toHaveBeenCalledTimes(3);
  expect(timer).toHaveBeenCalledOnce();
});

test('watch tells progress when it pauses, from what was done before, and ends with the signal and what there is', async () => {
  const controller = new AbortController();
  const heard: unknown[] = [];
  let done = 10;
  const between = watch(
    'sum',
    50,
    { signal: controller.signal, onProgress: (progress) => heard.push(progress) },
    () => done,
    () => ({ done }),
  );
  now += 2000;
  done = 30;
  await between();
  done = 31;
  await between();
  expect(heard).toEqual([{ done: 30, of: 50, secondsLeft: 2 }]);
  controller.abort('enough');
  await expect(between()).rejects.toMatchObject({
    name: 'AbortError',
    message: 'sum: aborted by its signal',
    cause: 'enough',
    partial: { done: 31 },
  });
});

test('a report is due once per interval, however often it is asked for', () => {
  const due = interval(100);
  const answers = [0, 99, 1, 50, 49, 1, 250, 0].map((step) => {
    now += step;
    return due();
  });
  expect(answers).toEqual([false, false, true, false, false, true, true, false]);
  const byDefault = interval();
  now += 99;
  expect(byDefault()).toBe(false);
  now += 1;
  expect(byDefault()).toBe(true);
});

test('seconds left are those of the pace since the call began, of its own units only', () => {
  expect(secondsLeft({ done: 30, of: 50 }, { done: 10, at: now - 2000 })).toBe(2);
  expect(secondsLeft({ done: 50, of: 50 }, { done: 10, at: now - 2000 })).toBe(0);
  expect(secondsLeft({ done: 10, of: 50 }, { done: 10, at: now - 2000 })).toBeUndefined();
  expect(secondsLeft({ done: 30, of: Infinity }, { done: 10, at: now - 2000 })).toBeUndefined();
});
