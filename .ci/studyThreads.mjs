// Jobs in threads against the same jobs in this thread: bits, aborts, errors and what travels; runs in Node, Deno and Bun.
import { deepStrictEqual, ok } from 'node:assert';
import { here, threads } from '../packages/study/dist/index.js';
import { jobs } from '../packages/study/test/fixtures/jobs.mjs';

const values = Float64Array.from({ length: 2000 }, (_, i) => Math.sqrt(i));
const sums = (executor) => Promise.all([1, 2, 3].map((power) => executor.run({ kind: 'sum', values, power })));
const expected = await sums(here(jobs));
const executor = threads(2, { url: new URL('../packages/study/test/fixtures/worker.mjs', import.meta.url) });
deepStrictEqual(await sums(executor), expected);

const controller = new AbortController();
const { signal } = controller;
const stopped = await executor.run({ kind: 'endless' }, { signal, onProgress: () => controller.abort() });
ok(stopped.reason === 'aborted');
const failed = await executor.run({ kind: 'fail', how: 'argument' }).catch((error) => error);
ok(failed.badArgument && failed.message.startsWith('fail: k must be'));
await executor.close();
