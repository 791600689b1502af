/** An argument has the right type and a value that its function cannot take; the message names both and says what to do. */
export class ArgumentError extends RangeError {
  override readonly name: string = 'ArgumentError';
  /** marks the error for {@link isArgumentError}, also across copies of this package and across realms */
  readonly badArgument = true;
}

/** An argument has a wrong type; the message names it and what is expected. */
export class ArgumentTypeError extends TypeError {
  override readonly name: string = 'ArgumentTypeError';
  /** marks the error for {@link isArgumentError}, also across copies of this package and across realms */
  readonly badArgument = true;
}

/**
 * Whether an error says that its caller gave a bad argument, as opposed to a fault of ours.
 * @returns true for {@link ArgumentError}, {@link ArgumentTypeError} and what extends them, of any copy of this package
 * @example
 * isArgumentError(new ArgumentError('eigsh: k must be in [1, 10], got k=12')); // true
 * isArgumentError(new RangeError('Invalid array length')); // false
 */
export function isArgumentError(error: unknown): error is ArgumentError | ArgumentTypeError {
  return typeof error === 'object' && error !== null && 'badArgument' in error && error.badArgument === true;
}

/** Other errors of ours whose messages begin with the function that was called. */
const callersFirst = ['AbortError', 'MemoryLimitError', 'RecordFormatError'];

/**
 * What an error says, for somebody who called no function: without the name of a function that errors of this project begin with.
 * @param error anything that was thrown
 * @example
 * sentenceOf(new ArgumentError('eigsh: k must be in [1, 10], got k=12')); // 'k must be in [1, 10], got k=12'
 */
export function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return isArgumentError(error) || (error instanceof Error && callersFirst.includes(error.name))
    ? message.replace(/^[a-z]\w*: /, '')
    : message;
}
