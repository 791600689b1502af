/** What a shell calls the end by these signals: 128 and the number of the signal. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

export interface Stop {
  /** of the signal that came; undefined while none has */
  readonly exitCode: number | undefined;
  /** takes the listeners off again */
  release(): void;
}

/**
 * Runs `stop` at the first Ctrl-C (or SIGTERM) so that what is done so far can be written; the second one ends at once.
 *
 * @param say a line above what is drawn of the progress
 */
export function stopOnSignal(stop: () => void, say: (words: string) => void): Stop {
  let exitCode: number | undefined;
  const onSignal = (signal: keyof typeof exitCodes): void => {
    if (exitCode !== undefined) process.exit(exitCodes[signal]);
    exitCode = exitCodes[signal];
    say('stopping: writing what is done so far (Ctrl-C again to leave at once)');
    stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  return {
    get exitCode() {
      return exitCode;
    },
    release() {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
    },
  };
}
