import { wrapCells } from './page/cells.js';
import { aligned, oneLine, spaced } from './page/rows.js';
import { fromSections } from './sections/registry.js';
import { settingRows } from './sections/setting/table.js';
import type { Study } from './study.js';

/**
 * The numbers that matter as a plain-text table with aligned columns: no colours, no control characters, ASCII where a terminal may lack
 * more. Text from the study is kept to one line. What the page begins with stands last, next to the prompt.
 *
 * @param study what `parseStudy` returned; it is not checked again
 * @param width columns of the terminal; what is longer is broken between words. Default: lines as long as they are
 * @returns lines joined by newlines, no newline at the end
 * @example console.log(studyTable(study));
 */
export function studyTable({ title, status, setting, sections }: Study, width: number = Infinity): string {
  const { complete, missing, failed = [], reason } = status;
  const why = reason === undefined ? '' : ` (${reason})`;
  const left = missing.length > 0 ? `; not finished: ${missing.join('; ')}` : '';
  const rows = fromSections(sections, (view, section) => view.rows?.(section, sections) ?? []);
  const whole = (text: string): readonly string[] => wrapCells(oneLine(text), width).map(spaced);
  return [
    ...whole(title),
    ...(complete ? [] : whole(`partial${why}${left}`)),
    ...failed.flatMap(({ step, why }) => whole(`failed: ${step}: ${why}`)),
    '',
    aligned([...(setting === undefined ? [] : settingRows(setting)), ...rows.toReversed().flat()], width),
  ].join('\n');
}
