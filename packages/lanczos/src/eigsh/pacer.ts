/**
 * A function to call between units of work: every 40 ms it lets the event loop run (timers, input, abort signals) and then
 * resolves to true. The clock decides only when to pause, never what is computed.
 */
export function pacer(): () => boolean | Promise<boolean> {
  let last = performance.now();
  return () => {
    if (performance.now() - last < 40) return false;
    return new Promise((resolve) => {
      laterOf()(() => {
        last = performance.now();
        resolve(true);
      });
    });
  };
}

/** setImmediate where there is one (Node, Deno, Bun): a timer of 0 takes 1 ms there, 1 % of a product of some ms. */
function laterOf(): (run: () => void) => unknown {
  const { setImmediate } = globalThis as { setImmediate?: (run: () => void) => unknown };
  return setImmediate ?? setTimeout;
}
