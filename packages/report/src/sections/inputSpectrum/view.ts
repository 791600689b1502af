import { number } from '../../page/format.js';
import { inline } from '../../page/markup.js';
import type { SectionView } from '../section.js';
import { slopeNote } from '../spectra/fitText.js';
import { spectrumRow } from '../spectra/spectrumRow.js';
import { inputSpectrumDetails, inputSpectrumFigure } from './html.js';
import type { InputSpectrum } from './shape.js';

export const inputSpectrumView: SectionView<InputSpectrum> = {
  tiles: ({ fit }) =>
    fit === undefined
      ? []
      : [
          {
            value: number(fit.slope),
            label: `is added to ln λ of the inputs from one eigenvalue to the next (indices ${fit.from} to ${fit.to}, R² ${inline(number(fit.rSquared, 2))})`,
          },
        ],
  details: inputSpectrumDetails,
  figures: (spectrum) => [inputSpectrumFigure(spectrum)],
  rows: (spectrum) => [spectrumRow('inputs', spectrum)],
  explanations: [slopeNote],
};
