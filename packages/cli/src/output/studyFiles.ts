import { parseStudy, renderStudy, studyFigures, studyTable, type Study } from '@hyperribbon/report';
import { columnsOf } from './terminal.js';

/**
 * Holds a finished study to the form that readers expect, once, and makes report.html, report.json, the figures, and what else belongs to it.
 *
 * @param attachments files beside the report, by name
 * @param width columns of the terminal that shows the table
 * @returns the table for the terminal, and the files by name, the report first
 */
export function studyFiles(
  made: Study,
  attachments: Iterable<readonly [name: string, content: string | Uint8Array]> = [],
  width: number = columnsOf(process.stdout),
): { readonly table: string; readonly files: ReadonlyMap<string, string | Uint8Array> } {
  const study = parseStudy(made);
  const figures = Object.entries(studyFigures(study)).map(([name, svg]) => [`${name}.svg`, svg] as const);
  const files = [
    ['report.html', renderStudy(study)],
    ['report.json', json(study)],
    ...attachments,
    ...figures,
  ] as const;
  return { table: studyTable(study, width), files: new Map(files) };
}

/** A property a line, but lists of numbers on one; texts hold no line breaks in JSON, so they stay as they are. */
function json(study: Study): string {
  const text = JSON.stringify(study, null, 1).replace(/\[\n[-+.\deE,\s]+\]/gu, (list) => list.replace(/\s+/gu, ' '));
  return `${text}\n`;
}
