/**
 * Lets a command end as it would without an audience: a reader that has seen enough (`| head`) is no trouble, and the exit code stays that of
 * the work. Standard output that cannot be written for another reason, a full disk above all, is said and ends with exit code 2.
 */
export function guardStandardStreams(): void {
  let trouble = false;
  process.stdout.on('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || trouble) return;
    trouble = true;
    process.stderr.write(`hyperribbon: cannot write to standard output (${code})\n`);
  });
  // progress that nobody reads any more
  process.stderr.on('error', () => undefined);
  process.on('exit', () => {
    if (trouble) process.exitCode = 2;
  });
}
