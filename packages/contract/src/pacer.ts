/** Resolves after other tasks of the event loop had their turn: input, painting, timers, messages. */
export function yieldToEventLoop(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (run: () => void) => unknown };
  return new Promise((resolve) => {
    // a timer last: one of 0 takes 1 ms in Node, 1 % of a product of some ms, and in a hidden page a second
    for (const later of [setImmediate, byMessage, setTimeout]) {
      try {
        if (later !== undefined) return void later(resolve);
      } catch {
        // missing, or as in Next's edge runtime a stub that only throws
      }
    }
  });
}

function byMessage(run: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', () => {
    port1.close();
    run();
  });
  port1.start();
  port2.postMessage(0);
}

/**
 * A function to await between units of work: every `every` ms it lets the event loop run (timers, input, abort signals) and then
 * resolves to true; in between it returns false at once. The clock decides only when to pause, never what is computed.
 *
 * @param every ms between pauses
 * @example
 * const pause = pacer();
 * for (let i = 0; i < 1000; i++) {
 *   // a unit of work
 *   await pause();
 * }
 */
export function pacer(every = 40): () => boolean | Promise<boolean> {
  let last = performance.now();
  return () => {
    if (performance.now() - last < every) return false;
    return yieldToEventLoop().then(() => {
      last = performance.now();
      return true;
    });
  };
}

/**
 * Says at most every `every` ms that it is time to report.
 * @param every ms between reports
 */
export function interval(every = 100): () => boolean {
  let last = performance.now();
  return () => {
    const now = performance.now();
    if (now - last < every) return false;
    last = now;
    return true;
  };
}
