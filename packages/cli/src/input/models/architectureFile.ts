import { readInput } from '../readInput.js';

/** What --architecture says: its text, or what the JSON file holds that it names. */
export async function architectureText(given: string): Promise<string> {
  if (!/\.json$/i.test(given)) return given;
  return new TextDecoder().decode(await readInput(given, '--architecture'));
}
