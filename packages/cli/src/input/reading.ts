import { isUserFault } from '../userFault.js';
import { UsageError } from '../usageError.js';

/** Runs a reader whose complaints are to name the option and the file instead of a function. */
export function reading<T>(option: string, file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw naming(error, option, file);
  }
}

/** A reader's complaint with the option and the file in the place of the function; any other error as it is. */
export function naming(error: unknown, option: string, file: string): unknown {
  if (!isUserFault(error) || error.message.startsWith('--')) return error;
  return new UsageError(
    `${option}: ${file}: ${error.message.replace(/^(parse|open|class|channels|examples|weights|network|with|onnx)\w*: /, '')}`,
    { cause: error },
  );
}
