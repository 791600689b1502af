import { integer, number } from '../../page/format.js';
import { facts, figureBlock, known, paragraph, section } from '../../page/parts.js';
import { fitText } from '../spectra/fitText.js';
import { knownSpectra } from '../spectra/knownSpectrum.js';
import { sloppinessText } from '../spectra/sloppiness.js';
import { spectraFigure } from '../spectra/spectraFigure.js';
import type { Figure } from '../../page/figure.js';
import type { InputSpectrum } from './shape.js';

/** The whole input spectrum, which is usually much longer than what is computed of a Hessian. */
export function inputSpectrumFigure(spectrum: InputSpectrum): Figure | undefined {
  return spectraFigure('input-spectrum', 'Input spectrum', knownSpectra(spectrum));
}

export function inputSpectrumDetails(spectrum: InputSpectrum): string {
  const { description, examples, eigenvalues, noiseFloor, trace, fit } = spectrum;
  return section(
    'inputs',
    'Input spectrum',
    figureBlock(inputSpectrumFigure(spectrum)),
    fit === undefined ? '' : paragraph(sloppinessText([{ label: 'Inputs', fit }])),
    facts([
      ['matrix', description],
      ['examples', integer(examples)],
      ['largest eigenvalue', eigenvalues.length > 0 ? number(eigenvalues[0], 4) : null],
      ...known('trace', trace, (x) => number(x, 4)),
      ['noise floor', number(noiseFloor, 2)],
      ...known('slope of ln λ', fit, fitText),
    ]),
  );
}
