import { placeOf } from './placeOf.js';
import { requireWritableFile, writeJson } from './writeFiles.js';

/** Where a command's result goes as JSON. */
export interface JsonOutput {
  /** it has standard output for itself: nothing else is printed there */
  readonly alone: boolean;
  write(record: object): void;
}

/** What `--json` asks for, refused early if it cannot be written; undefined where it was left off. */
export function jsonOutput(given: string | undefined): JsonOutput | undefined {
  if (given === undefined) return undefined;
  const file = requireWritableFile(given, '--json');
  const place = placeOf(file);
  return { alone: place.kind === 'stream' && place.descriptor === 1, write: (record) => writeJson(file, record) };
}
