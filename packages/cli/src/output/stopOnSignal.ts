/**
 * Runs `stop` at the first Ctrl-C (or SIGTERM) so that what is done so far can be written; the second one ends at once.
 *
 * @returns a function that takes the listeners off again
 */
export function stopOnSignal(stop: () => void): () => void {
  let asked = false;
  const onSignal = (): void => {
    if (asked) process.exit(130);
    asked = true;
    process.stderr.write('\nstopping: writing what is done so far (Ctrl-C again to leave at once)\n');
    stop();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}
