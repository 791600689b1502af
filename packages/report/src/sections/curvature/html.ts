import type { Figure } from '../../page/figure.js';
import { duration, integer, number } from '../../page/format.js';
import { el } from '../../page/markup.js';
import { facts, figureBlock, known, numeric, paragraph, section, subsection, table } from '../../page/parts.js';
import type { Sections } from '../shapes.js';
import { fitText } from '../spectra/fitText.js';
import { knownSpectra } from '../spectra/knownSpectrum.js';
import { sloppinessText } from '../spectra/sloppiness.js';
import { spectraFigure } from '../spectra/spectraFigure.js';
import { densityFigure } from './densityFigure.js';
import type { CurvatureSpectrum } from './shape.js';

/** Inputs and curvature on one axis, the inputs as far as the longest of the others is known. */
export function sloppyFigure(curvature: readonly CurvatureSpectrum[], { inputSpectrum }: Sections): Figure | undefined {
  const longest = curvature.reduce((most, { eigenvalues }) => Math.max(most, eigenvalues.length), 0);
  const spectra = knownSpectra(inputSpectrum, curvature, longest > 1 ? longest : Infinity);
  return spectraFigure('spectra', 'Spectra of inputs and curvature', spectra);
}

/** The one picture an analysis is about: is the curvature as sloppy as the data? */
export function sloppyPicture(curvature: readonly CurvatureSpectrum[], sections: Sections): string {
  const figure = figureBlock(sloppyFigure(curvature, sections));
  const { inputSpectrum } = sections;
  const verdict = sloppinessText([
    ...(inputSpectrum === undefined ? [] : [{ label: 'Inputs', ...inputSpectrum }]),
    ...curvature,
  ]);
  return figure === ''
    ? ''
    : section('sloppy', 'Are the spectra sloppy?', figure, verdict === '' ? '' : paragraph(verdict));
}

export function curvatureDetails(curvature: readonly CurvatureSpectrum[]): string {
  return section('curvature', 'Curvature spectra', figureBlock(densityFigure(curvature)), ...curvature.map(block));
}

const shownRows = 10;

function block(spectrum: CurvatureSpectrum): string {
  const { label, eigenvalues, residualNorms, noiseFloor } = spectrum;
  const rows = eigenvalues
    .slice(0, shownRows)
    .map((value, i) => [
      integer(i),
      Math.abs(value) <= noiseFloor ? ['below noise'] : number(value, 5),
      number(residualNorms[i], 2),
    ]);
  const more = eigenvalues.length - rows.length;
  const values =
    (rows.length > 0
      ? table(numeric('index', 'eigenvalue', 'residual'), rows, { label: `${label}: eigenvalues and residuals` })
      : '') + (more > 0 ? paragraph(`… and ${integer(more)} more.`) : '');
  const pair = el('div', { class: 'pair' }, el('div', {}, values), spectrumFacts(spectrum));
  return el('div', { class: 'spectrum' }, subsection(label, pair));
}

function spectrumFacts({
  at,
  examples,
  dimension,
  eigenvalues,
  converged,
  density,
  ...rest
}: CurvatureSpectrum): string {
  return facts([
    ['where', at],
    ['examples', integer(examples)],
    ['dimension', integer(dimension)],
    ['eigenvalues', `${integer(eigenvalues.length)}, ${converged ? 'converged' : 'not all converged'}`],
    ['stopped because', rest.reason],
    ['products', integer(rest.matvecs)],
    ['noise floor', number(rest.noiseFloor, 2)],
    ...known('max |VᵀV − I|', rest.orthogonality, (x) => number(x, 2)),
    ...known('slope of ln λ', rest.fit, fitText),
    ...known('trace', density?.trace, ({ value, standardError }) => [
      ...number(value, 4),
      ' ± ',
      ...number(standardError, 2),
    ]),
    ...known('time', rest.seconds, duration),
  ]);
}
