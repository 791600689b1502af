import type { Analysis } from './analysis.js';
import { boundSectionHtml } from './sections/bound/boundSectionHtml.js';
import { explanations } from './sections/notes/explanations.js';
import { inputSpectrumSection } from './sections/spectra/inputSpectrumSection.js';
import { notesSection } from './sections/notes/notesSection.js';
import { page } from './page/page.js';
import { parseAnalysis } from './parseAnalysis.js';
import { settingSection } from './sections/setting/settingSection.js';
import { curvatureSection, dimensionSection, sloppySection } from './sections/spectra/spectraSection.js';
import { summarySection } from './summarySection.js';
import { trainingSection } from './sections/training/trainingSection.js';

/**
 * The whole analysis as one HTML page that needs nothing else: no scripts, no fonts, no images, no requests.
 *
 * Light and dark follow the reader's setting, paper is always light. Sections without data are left out, and a partial analysis says
 * what is missing. The page is well-formed XML, too. All text from the analysis is escaped.
 * @param record the analysis; it is checked first, as `parseAnalysis` does
 * @returns the file's content
 * @example writeFileSync('report.html', renderReport(analysis));
 * @throws RecordFormatError if the record is not an analysis, or a number in it is not finite
 */
export function renderReport(record: Analysis): string {
  const analysis = parseAnalysis(record);
  const title = analysis.title ?? analysis.setting?.architecture ?? 'Analysis';
  return page(
    title,
    analysis,
    'report.json',
    summarySection(analysis),
    sloppySection(analysis),
    boundSectionHtml(analysis),
    dimensionSection(analysis),
    trainingSection(analysis),
    inputSpectrumSection(analysis.inputSpectrum, { extremes: true }),
    curvatureSection(analysis),
    settingSection(analysis),
    notesSection([...explanations(analysis), ...(analysis.notes ?? [])]),
  );
}
