import { arrayOf, maybe, object, oneOf, text, type DecodedBy } from '@hyperribbon/contract/decode';

const note = object({
  title: text,
  text,
  /** "reconstruction" marks what rests on our derivation and not on a paper's own statement */
  kind: maybe(oneOf('explanation', 'reconstruction', 'warning')),
});
/** What a number means, or what a run adds about itself. */
export type Note = DecodedBy<typeof note>;
export const notes = arrayOf(note);
