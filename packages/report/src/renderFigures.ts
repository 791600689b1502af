import type { Analysis } from './analysis.js';
import { parseAnalysis } from './parseAnalysis.js';
import { boundGridFigure } from './sections/bound/boundGridFigure.js';
import { breakdownFigure } from './sections/bound/breakdownFigure.js';
import { densityFigure } from './sections/density/densityFigure.js';
import { figureSvg, type Figure } from './page/figure.js';
import { inputSpectrumFigure, spectraFigure } from './sections/spectra/spectraFigure.js';
import { figureCss, schemeCss } from './page/theme.js';
import { trainingFigure } from './sections/training/trainingFigure.js';

/** Every figure that the analysis has data for. */
export function figures(analysis: Analysis): readonly Figure[] {
  const { inputSpectrum, curvature, training, bound } = analysis;
  return [
    curvature === undefined || curvature.length === 0 ? undefined : spectraFigure(inputSpectrum, curvature),
    training && trainingFigure(training),
    inputSpectrum && inputSpectrumFigure(inputSpectrum),
    curvature && densityFigure(curvature),
    bound && boundGridFigure(bound),
    bound && breakdownFigure(bound),
  ].filter((figure) => figure !== undefined);
}

/**
 * Standalone SVG files, by name: `spectra`, `training`, `input-spectrum`, `density`, `bound-grid`, `breakdown`, as far as there is data.
 *
 * Each carries its own colours for light and dark schemes, a title, and a description; no scripts, no outside resources.
 * @param record the analysis; it is checked first, as `parseAnalysis` does
 * @throws RecordFormatError if the record is not an analysis, or a number in it is not finite
 */
export function renderFigures(record: Analysis): Record<string, string> {
  const analysis = parseAnalysis(record);
  const css = schemeCss('.hr') + figureCss;
  return Object.fromEntries(figures(analysis).map((figure) => [figure.name, figureSvg(figure, css)]));
}
