import type { Figure } from '../page/figure.js';
import type { Tile } from '../page/parts.js';
import type { Row } from '../page/rows.js';
import type { Note } from './notes/shape.js';
import type { Sections } from './shapes.js';

/**
 * How one section of a study is shown. Every part may be left out; each gets the section, which is no empty list, and all sections for
 * what it may have to name of another one.
 */
export interface SectionView<S> {
  /** numbers for the head of the page */
  readonly tiles?: (section: S, all: Sections) => readonly Tile[];
  /** what the page says before everything else */
  readonly lead?: (section: S, all: Sections) => string;
  /** markup that stands before the details of all sections: the picture the study is about */
  readonly opening?: (section: S, all: Sections) => string;
  readonly details?: (section: S, all: Sections) => string;
  /** figures for files of their own; names are unique over all sections */
  readonly figures?: (section: S, all: Sections) => readonly (Figure | undefined)[];
  /** lines of the table for a terminal */
  readonly rows?: (section: S, all: Sections) => readonly Row[];
  /** what the numbers mean */
  readonly explanations?: readonly Note[];
}
