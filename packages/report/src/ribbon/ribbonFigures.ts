import { figureSvg, type Figure } from '../figure.js';
import { inputSpectrumFigure } from '../spectraFigure.js';
import { figureCss, schemeCss } from '../theme.js';
import { mapFigure } from './mapFigure.js';
import { obliqueFigure } from './obliqueFigure.js';
import { parseRibbon } from './parseRibbon.js';
import { phaseFigure } from './phaseFigure.js';
import { progressFigure } from './progressFigure.js';
import type { EnsembleSection, MapSection, RibbonStudy } from './ribbonStudy.js';
import { stressFigure } from './stressFigure.js';
import { widthsFigure } from './widthsFigure.js';

/** The figures of one set of samples: map, its third dimension, the map made by linear models, explained stress, progress. */
export function mapFigures(section: MapSection, ensemble: EnsembleSection): readonly Figure[] {
  const all = section.maps.find(({ madeFrom }) => madeFrom === 'all');
  const linear = section.maps.find(({ madeFrom }) => madeFrom === 'linear');
  return [
    all && mapFigure(section, all, ensemble),
    all && obliqueFigure(section, all, ensemble),
    linear && mapFigure(section, linear, ensemble),
    stressFigure(section),
    progressFigure(section, ensemble),
  ].filter((figure) => figure !== undefined);
}

/**
 * Standalone SVG files, by name: `input-spectrum`, `phase`, `widths`, and for each set of samples `map-all-…`, `map3d-all-…`,
 * `map-linear-…`, `stress-…` and `progress-…`, as far as there is data.
 *
 * @param record the study; it is checked first, as `parseRibbon` does
 * @throws AnalysisFormatError if the record is not a study, or a number in it is not finite
 */
export function renderRibbonFigures(record: RibbonStudy): Record<string, string> {
  const { inputSpectrum, phase, widths, ensemble, maps = [] } = parseRibbon(record);
  const css = schemeCss('.hr') + figureCss;
  const figures = [
    inputSpectrum && inputSpectrumFigure(inputSpectrum),
    phase && phaseFigure(phase),
    widths && widthsFigure(widths),
    ...(ensemble === undefined ? [] : maps.flatMap((section) => mapFigures(section, ensemble))),
  ].filter((figure) => figure !== undefined);
  return Object.fromEntries(figures.map((figure) => [figure.name, figureSvg(figure, css)]));
}
