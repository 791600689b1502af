import { header } from './header.js';
import { contents } from './page/contents.js';
import { page } from './page/page.js';
import { notesHtml } from './sections/notes/html.js';
import { sourcesHtml } from './sections/notes/sources.js';
import { fromSections } from './sections/registry.js';
import { settingHtml } from './sections/setting/html.js';
import type { Study } from './study.js';

/**
 * A study as one HTML page that needs nothing else: no scripts, no fonts, no images, no requests.
 *
 * Light and dark follow the reader's setting, paper is always light. Sections without data are left out, and a partial study says
 * what is missing. The page is well-formed XML, too. All text from the study is escaped.
 *
 * @param study what `parseStudy` returned; it is not checked again
 * @param source file that holds the numbers, for the footer; default report.json
 * @returns the file's content
 * @throws RangeError if a number that was not parsed is not finite
 * @example writeFileSync('report.html', renderStudy(study));
 */
export function renderStudy(study: Study, source = 'report.json'): string {
  const { sections, setting, notes = [] } = study;
  const tiles = fromSections(sections, (view, section) => view.tiles?.(section, sections) ?? []).flat();
  const leads = fromSections(sections, (view, section) => view.lead?.(section, sections) ?? '');
  const explanations = fromSections(sections, ({ explanations = [] }) => explanations).flat();
  const body = [
    ...fromSections(sections, (view, section) => view.opening?.(section, sections) ?? ''),
    ...fromSections(sections, (view, section) => view.details?.(section, sections) ?? ''),
    setting === undefined ? '' : settingHtml(setting),
    // sections that share an explanation give it once
    notesHtml([...new Set(explanations), ...notes]),
    sourcesHtml(JSON.stringify(study)),
  ].join('');
  return page(
    study,
    source,
    header(
      study,
      tiles,
      leads.filter((lead) => lead !== ''),
    ),
    contents(body),
    body,
  );
}
