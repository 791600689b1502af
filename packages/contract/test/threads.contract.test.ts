import { isArgumentError } from '@hyperribbon/contract';
import { startThread, ThreadRequests, WorkerError } from '@hyperribbon/contract/threads';
import { afterEach, describe, expect, it } from 'vitest';

const url = new URL('./answeringThread.mjs', import.meta.url);
const heard: { share: number }[] = [];
const open: ThreadRequests<unknown, unknown, { share: number }>[] = [];
afterEach(async () => {
  heard.length = 0;
  await Promise.all(open.splice(0).map((requests) => requests.close()));
});

function requests(script = url): ThreadRequests<unknown, unknown, { share: number }> {
  const made = new ThreadRequests<unknown, unknown, { share: number }>({
    name: 'test: worker 1',
    start: (events) => startThread({ url: script }, events),
    onProgress: (detail) => {
      heard.push(detail);
      made.tell('stop');
    },
  });
  open.push(made);
  return made;
}

describe('a thread that answers requests', () => {
  it('answers in order, whatever runs, and passes progress on', async () => {
    const line = requests();
    const replies = await Promise.all([
      line.request(() => ({ message: [1, 2] })),
      line.request(() => ({ message: 'until stopped' })),
      line.request(() => ({ message: Float64Array.of(3) })),
    ]);
    expect(replies).toEqual([[2, 4], 'stopped', Float64Array.of(6)]);
    expect(heard).toEqual([{ share: 0.5 }]);
  });

  it('gives the memory away that a parcel names', async () => {
    const x = Float64Array.of(1, 2, 3);
    const reply = await requests().request(() => ({ message: x, transfer: [x.buffer] }));
    expect(reply).toEqual(Float64Array.of(2, 4, 6));
    expect(x).toHaveLength(0);
  });

  it('rejects with what the thread threw, and keeps whose mistake it was', async () => {
    const line = requests();
    const bad = await line.request(() => ({ message: 'bad argument' })).catch((error: unknown) => error);
    expect(bad).toBeInstanceOf(WorkerError);
    expect(bad).toMatchObject({ reason: 'fault' });
    expect((bad as Error).message).toBe('test: worker 1: ArgumentError: job: size must be > 0, got size=-1');
    expect(isArgumentError(bad)).toBe(true);
    const fault = await line.request(() => ({ message: 7 })).catch((error: unknown) => error);
    expect(fault).toMatchObject({ name: 'WorkerError', reason: 'fault' });
    expect(isArgumentError(fault)).toBe(false);
    expect(await line.request(() => ({ message: [1] }))).toEqual([2]);
  });

  it('says what is wrong where no thread can be, or may be, started', async () => {
    await expect(requests().request(() => ({ message: [1] }), { start: false })).rejects.toMatchObject({
      reason: 'exit',
    });
    const nowhere = requests(new URL('./nowhere.mjs', import.meta.url));
    await expect(nowhere.request(() => ({ message: [1] }))).rejects.toMatchObject({ reason: 'start' });
    const closed = requests();
    await closed.close();
    await expect(closed.request(() => ({ message: [1] }))).rejects.toMatchObject({ reason: 'closed' });
  });
});
