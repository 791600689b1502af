import { ArgumentError } from '@hyperribbon/contract';

/** Something the user can mend: printed without a stack, exit code 2. The message says what to do. */
export class UsageError extends ArgumentError {
  override readonly name = 'UsageError';
}
