import type { Analysis, CurvatureSpectrum } from '../../analysis.js';
import { densityFigure } from '../density/densityFigure.js';
import { duration, integer, number } from '../../page/format.js';
import { el, escapeText } from '../../page/markup.js';
import { fitText } from './inputSpectrumSection.js';
import { facts, figureBlock, paragraph, section, table } from '../../page/parts.js';
import { spectraFigure } from './spectraFigure.js';

/** The one picture the analysis is about: is the curvature as sloppy as the data? */
export function sloppySection({ inputSpectrum, curvature }: Analysis): string {
  if (curvature === undefined || curvature.length === 0) return '';
  const figure = figureBlock(spectraFigure(inputSpectrum, curvature));
  return figure === '' ? '' : section('sloppy', 'The sloppy picture', figure);
}

export function curvatureSection({ curvature }: Analysis): string {
  if (curvature === undefined || curvature.length === 0) return '';
  return section(
    'curvature',
    'Curvature spectra',
    figureBlock(densityFigure(curvature)),
    ...curvature.map((spectrum) => spectrumBlock(spectrum)),
  );
}

const shownRows = 10;

function spectrumBlock(spectrum: CurvatureSpectrum): string {
  const { label, at, examples, eigenvalues, residualNorms, noiseFloor, converged, reason, products, fit } = spectrum;
  const rows = eigenvalues
    .slice(0, shownRows)
    .map((value, i) => [
      integer(i),
      Math.abs(value) <= noiseFloor ? ['below noise'] : number(value, 5),
      residualNorms[i] === undefined ? null : number(residualNorms[i], 2),
    ]);
  const columns = [
    { title: 'index', numeric: true },
    { title: 'eigenvalue', numeric: true },
    { title: 'residual', numeric: true },
  ];
  const more = eigenvalues.length - rows.length;
  const trace = spectrum.density?.trace;
  return el(
    'div',
    { class: 'spectrum' },
    el('h3', {}, escapeText(label)),
    el(
      'div',
      { class: 'pair' },
      el(
        'div',
        {},
        rows.length > 0 ? table(columns, rows) : '',
        more > 0 ? paragraph(`… and ${integer(more)} more.`) : '',
      ),
      facts([
        ['where', at],
        ['examples', integer(examples)],
        ['dimension', integer(spectrum.dimension)],
        ['eigenvalues', `${integer(eigenvalues.length)}, ${converged ? 'converged' : 'not all converged'}`],
        ['stopped because', reason],
        ['products', integer(products)],
        ['noise floor', number(noiseFloor, 2)],
        ...(spectrum.orthogonality === undefined
          ? []
          : [['max |VᵀV − I|', number(spectrum.orthogonality, 2)] as const]),
        ...(fit === undefined ? [] : [['slope of ln λ', fitText(fit)] as const]),
        ...(trace === undefined
          ? []
          : [['trace', [...number(trace.value, 4), ' ± ', ...number(trace.standardError, 2)]] as const]),
        ...(spectrum.seconds === undefined ? [] : [['time', duration(spectrum.seconds)] as const]),
      ]),
    ),
  );
}

export function dimensionSection({ effectiveDimension, curvature }: Analysis): string {
  if (effectiveDimension === undefined || effectiveDimension.length === 0) return '';
  const labels = new Map((curvature ?? []).map(({ id, label }) => [id, label]));
  const columns = [
    { title: 'spectrum' },
    { title: 'hard', numeric: true },
    { title: 'soft', numeric: true },
    { title: 'parameters', numeric: true },
    { title: 'threshold', numeric: true },
    { title: 'threshold from' },
  ];
  const rows = effectiveDimension.map(({ spectrum, hard, soft, parameters, threshold, thresholdFrom, lowerBound }) => {
    const least = lowerBound ? '≥ ' : '';
    return [
      labels.get(spectrum) ?? spectrum,
      `${least}${integer(hard)}`,
      [least, ...number(soft)],
      integer(parameters),
      number(threshold),
      thresholdFrom,
    ];
  });
  const explain =
    'Directions that the data determine more firmly than the prior: those with an eigenvalue above the threshold (hard), or the sum of ' +
    'λ/(λ + threshold) over the known positive eigenvalues (soft).';
  const least = effectiveDimension.some(({ lowerBound }) => lowerBound)
    ? paragraph('≥: even the smallest computed eigenvalue is above the threshold, so there are at least this many.')
    : '';
  return section('dimension', 'Effective dimension', paragraph(explain), table(columns, rows), least);
}
