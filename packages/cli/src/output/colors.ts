import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

/**
 * Colours for what is written to `stream`: on a terminal that shows them, or when FORCE_COLOR asks for them; never in a
 * file or a pipe, whatever else the environment says.
 */
export function colorsFor(stream: NodeJS.WriteStream): Colors {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  const refused = (NO_COLOR !== undefined && NO_COLOR !== '') || FORCE_COLOR === '0';
  return pc.createColors(!refused && (forced || (stream.isTTY === true && TERM !== 'dumb')));
}
