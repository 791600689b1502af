/** Resolves after other tasks of the event loop had their turn: input, painting, timers, messages. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
