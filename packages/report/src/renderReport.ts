import type { Analysis } from './analysis.js';
import { parseAnalysis } from './parseAnalysis.js';
import { boundSectionHtml } from './boundSectionHtml.js';
import { el, escapeText } from './markup.js';
import { notesSection } from './notesSection.js';
import { pageCss } from './pageCss.js';
import { settingSection } from './settingSection.js';
import { curvatureSection, dimensionSection, inputSection, sloppySection } from './spectraSection.js';
import { summarySection } from './summarySection.js';
import { trainingSection } from './trainingSection.js';

/**
 * The whole analysis as one HTML page that needs nothing else: no scripts, no fonts, no images, no requests.
 *
 * Light and dark follow the reader's setting, paper is always light. Sections without data are left out, and a partial analysis says
 * what is missing. The page is well-formed XML, too. All text from the analysis is escaped.
 * @param record the analysis; it is checked first, as `parseAnalysis` does
 * @returns the file's content
 * @example writeFileSync('report.html', renderReport(analysis));
 * @throws AnalysisFormatError if the record is not an analysis, or a number in it is not finite
 */
export function renderReport(record: Analysis): string {
  const analysis = parseAnalysis(record);
  const title = analysis.title ?? analysis.setting?.architecture ?? 'Analysis';
  const head = el(
    'head',
    {},
    el('meta', { charset: 'utf-8' }),
    el('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    el('meta', { name: 'referrer', content: 'no-referrer' }),
    el('meta', { 'http-equiv': 'Content-Security-Policy', content: "default-src 'none'; style-src 'unsafe-inline'" }),
    el('title', {}, escapeText(`${title} · hyperribbon`)),
    el('style', {}, pageCss),
  );
  const body = el(
    'body',
    {},
    el(
      'main',
      {},
      summarySection(analysis),
      sloppySection(analysis),
      boundSectionHtml(analysis),
      dimensionSection(analysis),
      trainingSection(analysis),
      inputSection(analysis),
      curvatureSection(analysis),
      settingSection(analysis),
      notesSection(analysis),
      el('footer', {}, escapeText(footer(analysis))),
    ),
  );
  return `<!doctype html>\n${el('html', { lang: 'en' }, head, body)}\n`;
}

function footer({ schema, version, created }: Analysis): string {
  return `${schema}, version ${version}${created === undefined ? '' : `, ${created}`}. The numbers behind this page are in report.json.`;
}
