import { enableExperimentalSimd } from '@hyperribbon/kernels';
import { type ShardSums, shardSums } from './shards/shardSums.js';
import type { FromWorker, ToWorker } from './shards/threadMessages.js';
import { plainError } from './shards/workerError.js';

/** The thread's side of the line: node:worker_threads in Node, Deno and Bun, else the global scope of a web worker. */
interface Port {
  postMessage(message: FromWorker, transfer: ArrayBuffer[]): void;
  on?(event: 'message', listener: (message: ToWorker) => void): void;
  addEventListener(event: 'message', listener: (event: { readonly data: ToWorker }) => void): void;
}

interface Runtime {
  getBuiltinModule?(name: string): { readonly parentPort?: Port | null } | undefined;
}

const port: Port =
  (globalThis as { process?: Runtime }).process?.getBuiltinModule?.('node:worker_threads')?.parentPort ??
  (globalThis as unknown as Port);

/** milliseconds between signs of progress */
const pulse = 100;

let bound: ShardSums | undefined;

function handle(message: ToWorker): void {
  try {
    if (message.type === 'bind') bind(message);
    else multiply(message);
  } catch (error) {
    port.postMessage({ type: 'fault', ...plainError(error) }, []);
  }
}

function bind({ shard }: ToWorker & { type: 'bind' }): void {
  // V8's flags are the process's and set already; the choice of tiles is this thread's
  if (shard.wideTiles) enableExperimentalSimd();
  bound = shardSums(shard);
  const { plan, nodes } = bound;
  const losses = new Float64Array(shard.chunks.length);
  const sums = bound.allocate(1);
  runAll(bound.linearise(losses, sums));
  const { kernels, residentChunks, bytes, residualBytes, tangent } = plan;
  port.postMessage(
    { type: 'bound', losses, sums, nodes, kernels, residentChunks, bytes, residualBytes, flops: tangent.flops },
    sums.map(memory),
  );
}

function multiply({ columns, x, sums }: ToWorker & { type: 'products' }): void {
  if (bound === undefined) throw new TypeError('shardWorker: products were asked for before a shard was bound');
  const out = sums.length === columns * bound.nodes.length ? sums : bound.allocate(columns);
  runAll(bound.products(x, columns, out));
  port.postMessage({ type: 'products', x, sums: out }, [x, ...out].map(memory));
}

function runAll(chunks: Iterable<undefined>): void {
  let last = performance.now();
  for (const _ of chunks) {
    const now = performance.now();
    if (now - last < pulse) continue;
    last = now;
    port.postMessage({ type: 'progress' }, []);
  }
}

function memory({ buffer }: Float32Array | Float64Array): ArrayBuffer {
  return buffer as ArrayBuffer;
}

if (port.on !== undefined) port.on('message', handle);
else port.addEventListener('message', ({ data }) => handle(data));
