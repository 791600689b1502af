import { figureSvg, type Figure } from '../page/figure.js';
import { inputSpectrumFigure } from '../sections/spectra/spectraFigure.js';
import { figureCss, schemeCss } from '../page/theme.js';
import { mapFigure } from '../sections/maps/mapFigure.js';
import { obliqueFigure } from '../sections/maps/obliqueFigure.js';
import { parseRibbon } from './parseRibbon.js';
import { phaseFigure } from '../sections/phase/phaseFigure.js';
import { progressFigure } from '../sections/maps/progressFigure.js';
import type { EnsembleSection, MapSection, RibbonStudy } from './ribbonStudy.js';
import { stressFigure } from '../sections/maps/stressFigure.js';
import { widthsFigure } from '../sections/widths/widthsFigure.js';

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
 * @throws RecordFormatError if the record is not a study, or a number in it is not finite
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
