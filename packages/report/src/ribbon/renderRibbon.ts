import { inputSpectrumSection } from '../sections/spectra/inputSpectrumSection.js';
import { notesSection } from '../sections/notes/notesSection.js';
import { page } from '../page/page.js';
import { parseRibbon } from './parseRibbon.js';
import { ensembleSection, linearSection, mapsSection, ribbonHeader, ribbonSettingSection } from './ribbonSections.js';
import type { RibbonStudy } from './ribbonStudy.js';

/**
 * A study of training trajectories as one HTML page that needs nothing else: no scripts, no fonts, no images, no requests.
 *
 * As `renderReport`: light and dark follow the reader's setting, sections without data are left out, a partial study says what is
 * missing, all text is escaped. What rests on a reconstruction says so beside its figures.
 * @param record the study; it is checked first, as `parseRibbon` does
 * @returns the file's content
 * @example writeFileSync('report.html', renderRibbon(study));
 * @throws RecordFormatError if the record is not a study, or a number in it is not finite
 */
export function renderRibbon(record: RibbonStudy): string {
  const study = parseRibbon(record);
  return page(
    study.title ?? 'Training trajectories',
    study,
    'ribbon.json',
    ribbonHeader(study),
    mapsSection(study),
    linearSection(study),
    inputSpectrumSection(study.inputSpectrum),
    ensembleSection(study),
    ribbonSettingSection(study),
    notesSection(study.notes ?? []),
  );
}
