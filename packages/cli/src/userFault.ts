import { isArgumentError } from '@hyperribbon/contract';
import { colorsFor } from './output/colors.js';

/** Errors of our packages that are no bad arguments, and that other files or less memory mend. */
const mendable = ['FormatError', 'MemoryLimitError', 'RecordFormatError'];

/** The file system's answers that a person can do something about. */
const fileTroubles = ['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'EPERM', 'ENOSPC'];

/** Whether a person can mend it by other arguments or files. Told by what an error is, never by its words. */
export function isUserFault(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return (
    isArgumentError(error) ||
    mendable.includes(error.name) ||
    ('code' in error && fileTroubles.includes(String(error.code)))
  );
}

/** What is said of a fault of ours: all that helps to find it. */
export function faultText(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${colorsFor(process.stderr).red('hyperribbon: internal fault')}\n${text}\n`;
}
