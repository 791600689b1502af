import { el, escapeText } from '../markup.js';
import { pageCss } from '../pageCss.js';
import { parseRibbon } from './parseRibbon.js';
import {
  ensembleSection,
  inputsSection,
  linearSection,
  mapsSection,
  ribbonHeader,
  ribbonNotes,
  ribbonSettingSection,
} from './ribbonSections.js';
import type { RibbonStudy } from './ribbonStudy.js';

/**
 * A study of training trajectories as one HTML page that needs nothing else: no scripts, no fonts, no images, no requests.
 *
 * As `renderReport`: light and dark follow the reader's setting, sections without data are left out, a partial study says what is
 * missing, all text is escaped. What rests on a reconstruction says so beside its figures.
 * @param record the study; it is checked first, as `parseRibbon` does
 * @returns the file's content
 * @example writeFileSync('report.html', renderRibbon(study));
 * @throws AnalysisFormatError if the record is not a study, or a number in it is not finite
 */
export function renderRibbon(record: RibbonStudy): string {
  const study = parseRibbon(record);
  const head = el(
    'head',
    {},
    el('meta', { charset: 'utf-8' }),
    el('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    el('meta', { name: 'referrer', content: 'no-referrer' }),
    el('meta', { 'http-equiv': 'Content-Security-Policy', content: "default-src 'none'; style-src 'unsafe-inline'" }),
    el('title', {}, escapeText(`${study.title ?? 'Training trajectories'} · hyperribbon`)),
    el('style', {}, pageCss),
  );
  const { schema, version, created } = study;
  const footer = `${schema}, version ${version}${created === undefined ? '' : `, ${created}`}. The numbers behind this page are in ribbon.json.`;
  const main = el(
    'main',
    {},
    ribbonHeader(study),
    mapsSection(study),
    linearSection(study),
    inputsSection(study),
    ensembleSection(study),
    ribbonSettingSection(study),
    ribbonNotes(study),
    el('footer', {}, escapeText(footer)),
  );
  return `<!doctype html>\n${el('html', { lang: 'en' }, head, el('body', {}, main))}\n`;
}
