import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import {
  type CurvatureOperator,
  type CurvatureOptions,
  hessian,
  type ShardedCurvatureOperator,
  type WorkerError,
  type WorkerOptions,
} from '@hyperribbon/curvature';
import { eigsh } from '@hyperribbon/lanczos';
import type { KernelInfo } from '@hyperribbon/kernels';
import { verifyOperator } from '@hyperribbon/linop';
import { mlp, squaredError } from '@hyperribbon/nn';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ToWorker } from '../src/shards/threadMessages.js';
import { operators } from './cases.js';
import { product, smallExamples, someVector } from './smallExamples.js';

type StartThread = typeof import('../../contract/src/threads/startThread.js');

/** what the next worker to start will suffer */
const planted = vi.hoisted(() => ({
  next: undefined as { fault: string; at: string } | undefined,
  started: [] as { terminate(): Promise<unknown> }[],
  /** 1 once it happened */
  happened: new Int32Array(new SharedArrayBuffer(4)),
  /** messages sent to workers and chunks computed here, in the order in which they happened */
  order: [] as string[],
  /** what the program switched on */
  revectorized: false,
  /** of the last shard sent to a worker */
  wideTiles: undefined as boolean | undefined,
  deterministic: undefined as boolean | undefined,
  /** what this thread says it got */
  kernels: undefined as KernelInfo | undefined,
}));

vi.mock('../src/shards/shardSums.js', async (original) => {
  const { shardSums } = (await original()) as typeof import('../src/shards/shardSums.js');
  const observed: typeof shardSums = (shard) => {
    const sums = shardSums(shard);
    const plan = { ...sums.plan, kernels: planted.kernels ?? sums.plan.kernels };
    return {
      ...sums,
      plan,
      *products(...args) {
        for (const _ of sums.products(...args)) {
          planted.order.push('chunk');
          yield;
        }
      },
    };
  };
  return { shardSums: observed };
});

vi.mock('@hyperribbon/kernels', async (original) => {
  const kernels = (await original()) as typeof import('@hyperribbon/kernels');
  return { ...kernels, experimentalSimd: () => ({ relaxedSimd: true, revectorized: planted.revectorized }) };
});

vi.mock('../../contract/src/threads/startThread.js', async (original) => {
  const { startThread, nodeThread } = (await original()) as StartThread;
  const observed: StartThread['startThread'] = (script, events) => {
    const thread = startThread<ToWorker, never>(script, events as never);
    return {
      ...thread,
      post(sent, transfer) {
        const message = sent as ToWorker;
        planted.order.push(message.type);
        if (message.type === 'bind') Object.assign(planted, message.shard);
        thread.post(message, transfer);
      },
    };
  };
  const replacement: StartThread['startThread'] = (script, events) => {
    const workerData = planted.next;
    planted.next = undefined;
    if (workerData === undefined) return observed(script, events);
    if (workerData.fault === 'refused')
      throw new DOMException('blocked by the content security policy', 'SecurityError');
    const file = workerData.fault === 'missing' ? './missing.mjs' : './faultyWorker.mjs';
    const worker = new Worker(new URL(file, import.meta.url), {
      workerData: { ...workerData, happened: planted.happened },
    });
    planted.started.push(worker);
    return nodeThread(worker as never, events);
  };
  return { startThread: replacement, nodeThread };
});

const network = mlp([9, 8, 5]);
const w = network.init(3, 'float64') as Float64Array;
const examples = smallExamples(53, 9, 5);
const v = someVector(network.size);

const open: ShardedCurvatureOperator[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(open.splice(0).map((operator) => operator.close()));
});
function shared(options: CurvatureOptions & WorkerOptions): ShardedCurvatureOperator {
  const operator = hessian(network, w, examples, options);
  open.push(operator);
  return operator;
}

function sameBits(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.from(a).every((x, i) => Object.is(x, b[i]));
}

async function productOf(operator: ShardedCurvatureOperator, x = v): Promise<Float64Array> {
  const out = new Float64Array(x.length);
  await operator.apply(x, out);
  return out;
}

describe.each(Object.entries(operators))('%s', (_, { build }) => {
  it('has the same bits with and without a worker', async () => {
    const at = { network, params: w, examples };
    // one of the two signatures stands for both
    const operator = build(at, { chunkSize: 5, workers: 2 } as never) as unknown as ShardedCurvatureOperator;
    open.push(operator);
    await expectSame(operator, build(at, { chunkSize: 5 }));
  });
});

/** Bits of product, loss and gradient, and what else must agree. */
async function expectSame(operator: ShardedCurvatureOperator, alone: CurvatureOperator): Promise<void> {
  expect(sameBits(await productOf(operator), product(alone, v))).toBe(true);
  expect(operator.loss).toBe(alone.loss);
  expect(operator.gradientNorm).toBe(alone.gradientNorm);
  expect(sameBits(operator.gradient(), alone.gradient())).toBe(true);
  const { bytes, workers, ...facts } = operator.info;
  expect({ ...alone.info, ...facts }).toEqual(alone.info);
  expect(bytes).toBeGreaterThanOrEqual(alone.info.bytes);
  expect(workers).toBeGreaterThanOrEqual(alone.info.workers);
  expect(operator.matvecs).toBe(1);
}

describe('workers', () => {
  it('give the same bits for any number of workers and chunks, also with residuals recomputed', async () => {
    for (const [workers, chunkSize, dtype] of [
      [1, 8, 'float32'],
      [2, 53, 'float32'],
      [3, 27, 'float32'],
      [3, 8, 'float64'],
      [3, 5, 'float32'],
    ] as const) {
      const options = { chunkSize, dtype, reduction: 'sum' } as const;
      const operator = shared({ ...options, workers });
      await expectSame(operator, hessian(network, w, examples, options));
      expect(operator.info.workers).toBe(Math.min(workers, operator.info.chunks));
    }
    const whole = hessian(network, w, examples, { chunkSize: 8 });
    const tight = shared({ chunkSize: 8, workers: 2, memoryLimit: whole.info.bytes });
    expect(sameBits(await productOf(tight), product(whole, v))).toBe(true);
    expect(tight.info.residentChunks).toBeLessThan(whole.info.residentChunks);
  });

  it('take networks and losses that no name describes, and the weights of the moment', async () => {
    const custom = { ...network, name: 'mine', apply: mlp([9, 8, 5], { activation: 'gelu' }).apply };
    const options = { chunkSize: 10, loss: (z, y) => squaredError(z, y) } satisfies CurvatureOptions;
    const weights = w.slice();
    const operator = hessian(custom, weights, examples, { ...options, workers: 2 });
    weights.fill(0);
    open.push(operator);
    const expected = product(hessian(custom, w, examples, options), v);
    expect(sameBits(await productOf(operator), expected)).toBe(true);
    expect(sameBits(product(hessian(network, w, examples, options), v), expected)).toBe(false);
  });

  it('multiply several vectors in one round trip, and several calls at once one after the other', async () => {
    const operator = shared({ chunkSize: 7, workers: 2 });
    const x = someVector(3 * network.size, 5);
    const out = new Float64Array(x.length);
    const second = new Float64Array(network.size);
    await Promise.all([operator.applyBlock(x, out, 3), operator.apply(v, second)]);
    const alone = hessian(network, w, examples, { chunkSize: 7 });
    const part = (column: number): [number, number] => [column * network.size, (column + 1) * network.size];
    for (const column of [0, 1, 2]) {
      expect(sameBits(out.subarray(...part(column)), product(alone, x.subarray(...part(column))))).toBe(true);
    }
    expect(sameBits(second, product(alone, v))).toBe(true);
    await operator.applyBlock(x.subarray(0, 0), out.subarray(0, 0), 0);
    expect(operator.matvecs).toBe(4);
  });

  it('have their messages before this thread begins to compute', async () => {
    const operator = shared({ chunkSize: 7, workers: 3 });
    await operator.ready;
    planted.order.length = 0;
    await productOf(operator);
    await operator.applyBlock(new Float64Array(2 * network.size), new Float64Array(2 * network.size), 2);
    const own = Math.floor(operator.info.chunks / 3);
    const chunks = (columns: number): string[] => Array.from({ length: columns * own }, () => 'chunk');
    const sent = ['products', 'products'];
    expect(planted.order).toEqual([...sent, ...chunks(1), ...sent, ...chunks(2)]);
  });

  it('are told of wide tiles that the program switched on, which change no bit', async () => {
    const plain = shared({ chunkSize: 7, workers: 2, deterministic: true });
    const expected = await productOf(plain);
    expect(planted.wideTiles).toBe(false);
    planted.revectorized = true;
    const wide = shared({ chunkSize: 7, workers: 2, deterministic: true });
    expect(sameBits(await productOf(wide), expected)).toBe(true);
    expect(planted.wideTiles).toBe(true);
    planted.revectorized = false;
  });

  it('run the flavour that this thread got, whatever it asked for', async () => {
    for (const [flavour, deterministic] of [
      ['fast', false],
      ['deterministic', true],
    ] as const) {
      planted.kernels = { engine: 'typescript', flavour };
      const operator = shared({ chunkSize: 7, workers: 2 });
      await operator.ready.catch(() => undefined);
      expect(planted.deterministic).toBe(deterministic);
    }
    planted.kernels = undefined;
  });

  it('run the script that workerUrl names', async () => {
    const workerUrl = new URL('../dist/shardWorker.js', import.meta.url);
    const expected = await productOf(shared({ chunkSize: 7, workers: 2 }));
    expect(sameBits(await productOf(shared({ chunkSize: 7, workers: 2, workerUrl })), expected)).toBe(true);
    const nowhere = shared({ chunkSize: 7, workers: 2, workerUrl: new URL('./nowhere.mjs', import.meta.url) });
    await expect(nowhere.ready).rejects.toMatchObject({ name: 'WorkerError', reason: 'start' });
    // what was tried, what to give instead, where to read on
    await expect(nowhere.ready).rejects.toThrow(
      /worker 1: .+; tried file:\/\/\S+\/nowhere\.mjs, given as workerUrl, see "Bundlers" in the README/,
    );
  });

  it('serve the solvers as an operator like any other', async () => {
    const operator = shared({ chunkSize: 7, workers: 2, dtype: 'float64' });
    expect((await verifyOperator(operator)).passed).toBe(true);
    const settings = { k: 3, which: 'LA', tol: 1e-8, seed: 1 } as const;
    const { values } = await eigsh(operator, settings);
    const alone = await eigsh(hessian(network, w, examples, { chunkSize: 7, dtype: 'float64' }), settings);
    expect(sameBits(values, alone.values)).toBe(true);
  });

  it('say what is not known yet, refuse vectors that do not fit, and stay usable', async () => {
    const operator = shared({ chunkSize: 7, workers: 2 });
    const early = 'hessian: loss is not known before the workers have started; await operator.ready first';
    expect(() => operator.loss).toThrow(new TypeError(early));
    expect(() => operator.info).toThrow(TypeError);
    await operator.ready;
    expect(operator.loss).toBeGreaterThan(0);
    await expect(operator.apply(v.subarray(1), v)).rejects.toThrow(/apply takes x and out of 125 numbers, got 124/);
    await expect(operator.applyBlock(v, v, 0.5)).rejects.toThrow(/columns must be an integer >= 0, got columns=0.5/);
    expect(await productOf(operator)).toHaveLength(network.size);
  });

  it('refuse settings that do not fit', () => {
    const message = 'hessian: workers must be an integer >= 1, got workers=';
    for (const workers of [0, 1.5, Number.NaN]) {
      expect(() => shared({ workers })).toThrow(`${message}${workers}`);
    }
    expect(() => shared({ workers: 2, workerTimeout: 0 })).toThrow(RangeError);
    expect(() => shared({ workers: 2, workerUrl: '/worker.js' as never })).toThrow(
      'hessian: workerUrl must be a URL, got "/worker.js"',
    );
    expect(() => shared({ workers: 2, chunkSize: 7, memoryLimit: 1000 })).toThrow(/hessian: needs \d+ bytes/);
  });

  it('end with close, which rejects what is under way and may be called again', async () => {
    const operator = shared({ chunkSize: 7, workers: 2 });
    await operator.ready;
    const pending = expect(productOf(operator)).rejects.toMatchObject({ name: 'WorkerError', reason: 'closed' });
    await operator.close();
    await operator.close();
    await pending;
    await expect(productOf(operator)).rejects.toMatchObject({ name: 'WorkerError', reason: 'closed' });
    const early = shared({ chunkSize: 7, workers: 2 });
    await early.close();
    await expect(early.ready).rejects.toMatchObject({ reason: 'closed' });
    expect(operator.loss).toBeGreaterThan(0);
  });
});

describe('a worker that fails', () => {
  const faults: [fault: string, at: string, reason: string, said: RegExp][] = [
    ['throw', 'products', 'fault', /^hessian: worker 1: RangeError: planted x+…?$/],
    ['trap', 'products', 'fault', /^hessian: worker 1: \w+: .*unreachable/i],
    ['corrupt', 'products', 'fault', /^hessian: worker 1: TypeError: /],
    ['exit', 'products', 'exit', /^hessian: worker 1: Error: it exited with code 3$/],
    ['terminate', 'products', 'exit', /^hessian: worker 1: Error: it exited with code 1$/],
    ['hang', 'products', 'hang', /^hessian: worker 1: no sign of progress in 1000 ms$/],
    ['throw', 'bind', 'start', /planted/],
    ['corrupt', 'bind', 'fault', /TypeError/],
    ['exit', 'bind', 'start', /code 3/],
    ['missing', 'start', 'start', /missing\.mjs/],
    ['refused', 'start', 'start', /^hessian: worker 1: SecurityError: blocked/],
  ];

  it('rejects with the reason, and is replaced by one that may fail otherwise', async () => {
    // the watch for hangs goes on only where this test says so
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    planted.next = { fault: 'none', at: 'never' };
    const operator = shared({ chunkSize: 7, workers: 2, workerTimeout: 1000 });
    const expected = await productOf(operator);
    expect(sameBits(expected, product(hessian(network, w, examples, { chunkSize: 7 }), v))).toBe(true);
    await planted.started.at(-1)!.terminate();
    for (const [fault, at, reason, said] of faults) {
      planted.next = { fault: fault === 'terminate' ? 'hang' : fault, at };
      planted.happened[0] = 0;
      const failed = productOf(operator).then(
        () => undefined,
        (error: unknown) => error as WorkerError,
      );
      if (fault === 'terminate' || fault === 'hang') {
        while (planted.happened[0] === 0) await new Promise((resolve) => setTimeout(resolve, 5));
        if (fault === 'terminate') void planted.started.at(-1)!.terminate();
        else vi.advanceTimersByTime(1250);
      }
      const error = await failed;
      expect(error, `${fault} at ${at}`).toMatchObject({ name: 'WorkerError', reason });
      expect(error!.message).toMatch(said);
      expect(error!.message.replace(/; tried .*/, '').length).toBeLessThanOrEqual(200);
    }
    expect(sameBits(await productOf(operator), expected)).toBe(true);
    expect(operator.matvecs).toBe(2);
    await operator.ready;
  });

  it('counts as hung only after the time allowed without a sign of progress', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    planted.next = { fault: 'hang', at: 'products' };
    planted.happened[0] = 0;
    let settled = false;
    const operator = shared({ chunkSize: 7, workers: 2, workerTimeout: 1000 });
    const failed = productOf(operator).catch((error: unknown) => ((settled = true), error));
    while (planted.happened[0] === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    vi.advanceTimersByTime(1000);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(settled).toBe(false);
    vi.advanceTimersByTime(250);
    expect(await failed).toMatchObject({ reason: 'hang' });
  });

  it('while idle is replaced before the next product', async () => {
    planted.next = { fault: 'none', at: 'never' };
    const operator = shared({ chunkSize: 7, workers: 2 });
    const expected = await productOf(operator);
    await planted.started.at(-1)!.terminate();
    expect(sameBits(await productOf(operator), expected)).toBe(true);
  });

  it('and fails again rejects with its reason each time', async () => {
    planted.next = { fault: 'exit', at: 'bind' };
    const operator = shared({ chunkSize: 7, workers: 2 });
    await expect(operator.ready).rejects.toMatchObject({ reason: 'start' });
    planted.next = { fault: 'missing', at: 'start' };
    await expect(productOf(operator)).rejects.toMatchObject({ name: 'WorkerError', reason: 'start' });
    expect(await productOf(operator)).toHaveLength(network.size);
  });
});

it('a program that keeps one operator and loses another has the workers of the lost one ended, and ends', async () => {
  const program = new URL('./idleProgram.mjs', import.meta.url).pathname;
  const run = promisify(execFile)(process.execPath, ['--expose-gc', program], { timeout: 20_000 });
  expect((await run).stdout.trim()).toBe('ended 1');
});
