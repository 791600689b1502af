import * as is from '@hyperribbon/contract/decode';
import { notes } from './sections/notes/shape.js';
import { setting } from './sections/setting/shape.js';
import { sections } from './sections/shapes.js';

/** `schema` of every study. */
export const studySchema = 'hyperribbon/study';

/** `version` of studies written now; it grows when a field changes its meaning. */
export const studyVersion = 1;

const study = is.object({
  schema: is.oneOf(studySchema),
  version: is.oneOf(studyVersion),
  /** "analysis", "trajectories", "bound": stands above the title */
  kind: is.text,
  title: is.text,
  /** ISO 8601 date, handed in by the caller: nothing here reads the clock */
  created: is.maybe(is.text),
  status: is.object({
    complete: is.flag,
    /** steps that were planned and not finished, in plain words: "spectral density of the Hessian" */
    missing: is.arrayOf(is.text),
    /** steps that failed while others went on, each with one line on why */
    failed: is.maybe(is.arrayOf(is.object({ step: is.text, why: is.text }))),
    /** why the run is not complete: "interrupted", "a step failed" */
    reason: is.maybe(is.text),
  }),
  setting: is.maybe(setting),
  sections,
  notes: is.maybe(notes),
});

/**
 * The plain-JSON record of a study: what the command line writes to report.json, and what pages, figures and tables are made from.
 *
 * Every section may be missing: an interrupted run leaves what is done so far, and `status` names what is missing. Numbers are
 * finite; what is unknown is left out or `null`, never NaN. Logarithms are natural, indices start at 0, errors are fractions in [0, 1].
 */
export type Study = is.DecodedBy<typeof study>;

/**
 * Reads a study, believing nothing: schema and version, every property's type and range, lengths that belong together. Properties
 * and sections that are not known are dropped, so that a newer writer of the same version does no harm.
 *
 * @param json text of the file, the value JSON.parse gave, or a study that a program made (its NaN become null or are refused)
 * @returns a fresh record for `renderStudy`, `studyFigures` and `studyTable`, which check nothing again
 * @throws RecordFormatError whose `path` says where the record is wrong
 * @example
 * parseStudy({ schema: 'hyperribbon/study', version: 1, kind: 'analysis', title: 'x', status: { complete: true, missing: [] }, sections: {} });
 */
export function parseStudy(json: unknown): Study {
  return is.decode('parseStudy', study, json);
}
