import { expect, test } from 'vitest';
import { AbortError, MemoryLimitError, throwIfAborted } from '../src/index.js';

test('an aborted signal ends a call with the reason it was given', () => {
  const controller = new AbortController();
  expect(() => throwIfAborted('mnist', controller.signal)).not.toThrow();
  expect(() => throwIfAborted('mnist', undefined)).not.toThrow();
  const reason = new Error('the page was left');
  controller.abort(reason);
  try {
    throwIfAborted('mnist', controller.signal);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toMatchObject({ name: 'AbortError', message: 'mnist: aborted by its signal', cause: reason });
    expect((error as AbortError).partial).toBeUndefined();
  }
});

test('without a reason the cause is the platform’s, as for fetch', () => {
  const controller = new AbortController();
  controller.abort();
  expect((new AbortError('f', controller.signal).cause as Error).name).toBe('AbortError');
});

test('a reason may be handed over by itself, and what there is of a result goes along', () => {
  const error = new AbortError('train', 'time is up', { epochs: 3 });
  expect(error.cause).toBe('time is up');
  expect(error.partial?.epochs).toBe(3);
  expect(new AbortError('f', undefined).cause).toBeUndefined();
});

test('memory that is not there comes with both numbers; a runtime that refuses tells no limit', () => {
  expect(new MemoryLimitError('plan: needs 9 bytes, memoryLimit is 8', 9, 8)).toMatchObject({
    name: 'MemoryLimitError',
    bytes: 9,
    limit: 8,
  });
  expect(new MemoryLimitError('f: the runtime refused 9 bytes', 9).limit).toBeUndefined();
});
