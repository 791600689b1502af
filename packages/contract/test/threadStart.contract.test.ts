import { ThreadRequests, WorkerError } from '@hyperribbon/contract/threads';
import { expect, test } from 'vitest';

const line = (message: string): ThreadRequests<number, number> =>
  new ThreadRequests({
    name: 'test: worker 1',
    start: () => {
      throw new TypeError(message);
    },
    advice: '; tried file:///a/long/way/to/worker.js',
  });

test('a thread that cannot be started says why and what was tried', async () => {
  const failed = line('no workers here').request(() => ({ message: 1 }));
  await expect(failed).rejects.toBeInstanceOf(WorkerError);
  await expect(failed).rejects.toMatchObject({
    reason: 'start',
    message: 'test: worker 1: TypeError: no workers here; tried file:///a/long/way/to/worker.js',
  });
});

test('a long reason is cut, what was tried is not', async () => {
  const failed = line('no '.repeat(1000)).request(() => ({ message: 1 }));
  await expect(failed).rejects.toThrow(/^.{199}…; tried file:\/\/\/a\/long\/way\/to\/worker\.js$/);
});

test('advice is for starting alone', async () => {
  const closed = line('no workers here');
  await closed.close();
  const refused = closed.request(() => ({ message: 1 }));
  await expect(refused).rejects.toMatchObject({ reason: 'closed', message: 'test: worker 1: it was closed' });
});
