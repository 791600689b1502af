import { plainError, type PlainError } from './workerError.js';

/** What a thread says: how far it is, then an answer or why there is none. */
export type Answer<Reply, Detail = undefined> =
  | { readonly type: 'progress'; readonly detail: Detail }
  | { readonly type: 'answer'; readonly reply: Reply }
  | (PlainError & { readonly type: 'fault' });

/** The thread's side of the line: node:worker_threads in Node, Deno and Bun, else the global scope of a web worker. */
interface Port {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  on?(event: 'message', listener: (message: never) => void): void;
  addEventListener(event: 'message', listener: (event: { readonly data: never }) => void): void;
}

interface Runtime {
  getBuiltinModule?(name: string): { readonly parentPort?: Port | null } | undefined;
}

/**
 * Makes this thread answer what a {@link ThreadRequests} on the other side asks for. An error that `answer` throws goes there as a fault.
 *
 * @param answer gives the reply and the memory that travels with it; `tell` says how far it is, and that it lives. Requests come one at a
 * time; a message in between (asked by `ThreadRequests.tell`, such as to stop) comes while `answer` awaits
 */
export function answerRequests<Message, Reply, Detail = undefined>(
  answer: (message: Message, tell: (detail: Detail) => void) => Replied<Reply> | Promise<Replied<Reply>>,
): void {
  const port =
    (globalThis as { process?: Runtime }).process?.getBuiltinModule?.('node:worker_threads')?.parentPort ??
    (globalThis as unknown as Port);
  const post = (message: Answer<Reply, Detail>, transfer: ArrayBuffer[] = []): void =>
    port.postMessage(message, transfer);
  const hear = async (message: Message): Promise<void> => {
    try {
      const replied = await answer(message, (detail) => post({ type: 'progress', detail }));
      if (replied !== undefined) post({ type: 'answer', reply: replied.reply }, replied.transfer);
    } catch (error) {
      post({ type: 'fault', ...plainError(error) });
    }
  };
  if (port.on !== undefined) port.on('message', hear);
  else port.addEventListener('message', ({ data }) => hear(data));
}

/** A reply with memory to give away; undefined for a message that wants no answer. */
export type Replied<Reply> = { readonly reply: Reply; readonly transfer?: ArrayBuffer[] } | undefined;
