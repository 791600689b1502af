/**
 * Errors that a user can mend by other arguments or files: our own UsageError and FormatError, the TypeErrors and
 * RangeErrors that public functions throw with "name: ..." messages, refused memory, and the file system's answers.
 */
export function isUserFault(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (['UsageError', 'FormatError', 'MemoryLimitError'].includes(error.name)) return true;
  if ('code' in error && ['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'EPERM', 'ENOSPC'].includes(String(error.code)))
    return true;
  return (error instanceof TypeError || error instanceof RangeError) && /^[a-z][A-Za-z0-9]*: /.test(error.message);
}
