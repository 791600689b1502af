import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AbortError, floatArray, type Progress, watch } from '../src/index.js';

let now = 0;
beforeEach(() => {
  now = 5000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

describe('what watches a long call', () => {
  test('tells progress when 40 ms are over, and not before', async () => {
    const heard: Progress[] = [];
    let done = 0;
    const between = watch('sum', 100, { onProgress: (progress) => heard.push(progress) }, () => done);
    for (const step of [10, 29, 1, 39, 1]) {
      done += 10;
      now += step;
      await between();
    }
    expect(heard).toEqual([
      { done: 30, of: 100, secondsLeft: (40 / 1000 / 30) * 70 },
      { done: 50, of: 100, secondsLeft: (80 / 1000 / 50) * 50 },
    ]);
  });

  test('counts the pace from where a resumed call began', async () => {
    const heard: Progress[] = [];
    let done = 90;
    const between = watch('sum', 100, { onProgress: (progress) => heard.push(progress) }, () => done);
    done = 95;
    now += 50;
    await between();
    expect(heard).toEqual([{ done: 95, of: 100, secondsLeft: 0.05 }]);
  });

  test('rejects between two units once the signal is aborted, with what there is, and tells nothing more', async () => {
    const controller = new AbortController();
    const onProgress = vi.fn();
    const between = watch(
      'sum',
      10,
      { signal: controller.signal, onProgress },
      () => 1,
      () => ({ sum: 6 }),
    );
    await expect(between()).resolves.toBeUndefined();
    controller.abort('enough');
    now += 100;
    const error = (await between().catch((reason: unknown) => reason)) as AbortError<{ sum: number }>;
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toMatchObject({ message: 'sum: aborted by its signal', cause: 'enough', partial: { sum: 6 } });
    expect(onProgress).not.toHaveBeenCalled();
  });

  test('ends at once where the listener itself aborts, and hands on what a listener throws', async () => {
    const controller = new AbortController();
    const aborting = watch('sum', 10, { signal: controller.signal, onProgress: () => controller.abort() }, () => 1);
    now += 40;
    await expect(aborting()).rejects.toThrow(AbortError);
    const failing = watch('sum', 10, { onProgress: () => { throw new RangeError('mine'); } }, () => 1); // prettier-ignore
    now += 40;
    await expect(failing()).rejects.toThrow(new RangeError('mine'));
  });

  test('costs a look at the clock where nobody listens', async () => {
    const between = watch('sum', 10, {}, () => 1);
    now += 1000;
    await expect(between()).resolves.toBeUndefined();
  });
});

test('arrays of a precision: zeros by a length, numbers by a list, copied and rounded', () => {
  expect(floatArray('float64', 2)).toEqual(new Float64Array(2));
  expect(floatArray('float32', [0.1, NaN])).toEqual(Float32Array.of(0.1, NaN));
  const source = Float64Array.of(1, 2);
  const copy = floatArray('float64', source);
  source[0] = 9;
  expect(Array.from(copy)).toEqual([1, 2]);
  expect(floatArray('float32', 0).length).toBe(0);
});
