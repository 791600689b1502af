/** What a worker tells the main thread; errors travel as text because classes do not survive the journey. */
export type FromWorker =
  | { readonly type: 'progress'; readonly fraction: number; readonly detail: string }
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'error'; readonly name: string; readonly message: string; readonly stack: string };
