/** Something the user can mend: printed without a stack, exit code 2. The message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
