import { isUserFault } from '../userFault.js';
import { UsageError } from '../usageError.js';

/** Runs a reader whose complaints are to name the option and the file instead of a function. */
export function reading<T>(option: string, file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isUserFault(error) || error.message.startsWith('--')) throw error;
    throw new UsageError(
      `${option}: ${file}: ${error.message.replace(/^(parse|open|class|channels|examples|weights|network)\w*: /, '')}`,
      {
        cause: error,
      },
    );
  }
}
