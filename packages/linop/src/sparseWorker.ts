// The other side of sparse/rowShards.ts.
import { answerRequests, type Replied } from '@hyperribbon/contract/threads';
import { type BoundRows, bindRows } from './sparse/boundRows.js';
import type { FromWorker, ToWorker } from './sparse/rowShard.js';

let bound: BoundRows | undefined;

answerRequests<ToWorker, FromWorker>((message) => {
  if (message.type === 'product') return multiply(message);
  bound = bindRows('sparseWorker', message.rows, {});
  return { reply: {} };
});

function multiply({ x, out }: ToWorker & { type: 'product' }): Replied<FromWorker> {
  if (bound === undefined) throw new TypeError('sparseWorker: a product was asked for before rows were bound');
  bound.product(x, out);
  return { reply: { x, out }, transfer: [x.buffer as ArrayBuffer, out.buffer as ArrayBuffer] };
}
