import pc from 'picocolors';
import { isInteractive, isSet } from './terminal.js';

export type Colors = ReturnType<typeof pc.createColors>;

/**
 * Colours for what is written to `stream`: on a terminal that shows them, or where FORCE_COLOR asks for them; otherwise never in a file, a pipe
 * or the log of a CI service. NO_COLOR refuses them everywhere.
 */
export function colorsFor(stream: NodeJS.WriteStream): Colors {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  const refused = (NO_COLOR !== undefined && NO_COLOR !== '') || FORCE_COLOR === '0';
  return pc.createColors(!refused && (isSet(FORCE_COLOR) || isInteractive(stream)));
}
