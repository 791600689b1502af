import type { SectionView } from '../section.js';
import { slopeNote } from '../spectra/fitText.js';
import { spectrumRow } from '../spectra/spectrumRow.js';
import { densityFigure } from './densityFigure.js';
import { curvatureDetails, sloppyFigure, sloppyPicture } from './html.js';
import type { CurvatureSpectrum } from './shape.js';

export const curvatureView: SectionView<readonly CurvatureSpectrum[]> = {
  opening: sloppyPicture,
  details: curvatureDetails,
  figures: (curvature, sections) => [sloppyFigure(curvature, sections), densityFigure(curvature)],
  rows: (curvature) =>
    curvature.map((spectrum) => spectrumRow(spectrum.label, spectrum, spectrum.converged ? '' : 'not all converged')),
  explanations: [
    slopeNote,
    {
      title: 'Residual',
      text:
        'For a computed pair of eigenvalue θ and unit vector v the residual is |Av − θv|: an exact eigenvalue lies within that distance ' +
        'of θ. “Converged” means that all residuals are below the tolerance asked for.',
    },
  ],
};
