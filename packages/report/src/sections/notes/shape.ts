import * as is from '@hyperribbon/contract/decode';

const note = is.object({
  title: is.text,
  text: is.text,
  /** "reconstruction" marks what rests on our derivation and not on a paper's own statement */
  kind: is.maybe(is.oneOf('explanation', 'reconstruction', 'warning')),
});
/** What a number means, or what a run adds about itself. */
export type Note = is.DecodedBy<typeof note>;
export const notes = is.arrayOf(note);
