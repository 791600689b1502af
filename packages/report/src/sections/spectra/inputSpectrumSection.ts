import type { InputSpectrum, SlopeFit } from '../../analysis.js';
import { integer, number } from '../../page/format.js';
import { facts, figureBlock, section, type Cell } from '../../page/parts.js';
import { inputSpectrumFigure } from './spectraFigure.js';

/** @param extremes whether the largest eigenvalue and the noise floor are listed; default false */
export function inputSpectrumSection(
  spectrum: InputSpectrum | undefined,
  { extremes = false }: { readonly extremes?: boolean } = {},
): string {
  if (spectrum === undefined) return '';
  const { description, examples, eigenvalues, noiseFloor, trace, fit } = spectrum;
  const largest = eigenvalues.length > 0 ? number(eigenvalues[0], 4) : null;
  return section(
    'inputs',
    'Input spectrum',
    figureBlock(inputSpectrumFigure(spectrum)),
    facts([
      ['matrix', description],
      ['examples', integer(examples)],
      ...(extremes ? [['largest eigenvalue', largest] as const] : []),
      ...(trace === undefined ? [] : [['trace', number(trace, 4)] as const]),
      ...(extremes ? [['noise floor', number(noiseFloor, 2)] as const] : []),
      ...(fit === undefined ? [] : [['slope of ln λ', fitText(fit)] as const]),
    ]),
  );
}

export function fitText({ slope, rSquared, from, to }: SlopeFit): Cell {
  return [...number(slope, 3), ` per index over ${from} to ${to}, R² `, ...number(rSquared, 4)];
}
