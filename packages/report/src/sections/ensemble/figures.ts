import type { Figure } from '../../page/figure.js';
import { mapFigure } from './mapFigure.js';
import { obliqueFigure } from './obliqueFigure.js';
import { progressFigure } from './progressFigure.js';
import type { EnsembleSection, SampleMaps } from './shape.js';
import { stressFigure } from './stressFigure.js';

/** The figures of one set of samples: map, its third dimension, the map made by linear models, explained stress, progress. */
export function mapFigures(part: SampleMaps, ensemble: EnsembleSection): readonly Figure[] {
  const all = part.maps.find(({ madeFrom }) => madeFrom === 'all');
  const linear = part.maps.find(({ madeFrom }) => madeFrom === 'linear');
  return [
    all && mapFigure(part, all, ensemble),
    all && obliqueFigure(part, all, ensemble),
    linear && mapFigure(part, linear, ensemble),
    stressFigure(part),
    progressFigure(part, ensemble),
  ].filter((figure) => figure !== undefined);
}
