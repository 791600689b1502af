import { interval } from '@hyperribbon/contract';
import { enableExperimentalSimd } from '@hyperribbon/kernels';
import { planInfo } from './shards/bindShard.js';
import { type ShardSums, shardSums } from './shards/shardSums.js';
import type { FromWorker, ToWorker } from './shards/threadMessages.js';
import { answerRequests, type Replied } from '@hyperribbon/contract/threads';

let bound: ShardSums | undefined;

answerRequests<ToWorker, FromWorker>((message, tell) =>
  message.type === 'bind' ? bind(message, tell) : multiply(message, tell),
);

type Tell = (detail: undefined) => void;

function bind({ shard }: ToWorker & { type: 'bind' }, tell: Tell): Replied<FromWorker> {
  // V8's flags are the process's and set already; the choice of tiles is this thread's
  if (shard.wideTiles) enableExperimentalSimd();
  bound = shardSums(shard);
  const { plan, nodes } = bound;
  const losses = new Float64Array(shard.programOf.length);
  const sums = bound.allocate(1);
  runAll(bound.linearise(losses, sums), tell);
  return { reply: { losses, sums, nodes, ...planInfo(plan) }, transfer: sums.map(memory) };
}

function multiply({ columns, x, sums }: ToWorker & { type: 'products' }, tell: Tell): Replied<FromWorker> {
  if (bound === undefined) throw new TypeError('shardWorker: products were asked for before a shard was bound');
  const out = sums.length === columns * bound.nodes.length ? sums : bound.allocate(columns);
  runAll(bound.products(x, columns, out), tell);
  return { reply: { x, sums: out }, transfer: [x, ...out].map(memory) };
}

function runAll(chunks: Iterable<undefined>, tell: Tell): void {
  const due = interval();
  for (const _ of chunks) if (due()) tell(undefined);
}

function memory({ buffer }: Float32Array | Float64Array): ArrayBuffer {
  return buffer as ArrayBuffer;
}
