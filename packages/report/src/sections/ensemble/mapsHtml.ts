import { number, percent } from '../../page/format.js';
import { el, escapeText } from '../../page/markup.js';
import { figureBlock, numeric, paragraph, section, subsection, table } from '../../page/parts.js';
import { mapFigures } from './figures.js';
import type { EnsembleSection, SampleMaps } from './shape.js';
import { statementText } from './statementText.js';

/** The pictures a study of trajectories is about: one section for each set of samples, the third dimension shown once. */
export function mapsOpening(ensemble: EnsembleSection): string {
  const { maps = [] } = ensemble;
  return maps
    .map((part, i) => {
      const figures = mapFigures(part, ensemble).filter(({ name }) => i === 0 || !name.startsWith('map3d'));
      return section(
        `maps-${part.samples}`,
        part.samples === 'train' ? 'The manifold on training samples' : 'The manifold on test samples',
        ...figures.map(figureBlock),
        stressTable(part),
        coordinateTable(part),
        seedTable(part),
      );
    })
    .join('');
}

function stressTable({ stress }: SampleMaps): string {
  if (stress.length === 0) return '';
  const shown = [1, 2, 3, 5, 10].filter((k) => stress.some(({ values }) => values.length >= k));
  const columns = ['explained stress', ...numeric(...shown.map((k) => `k = ${k}`))];
  const rows = stress.map(({ label, values }) => [
    label,
    ...shown.map((k) => (values.length >= k ? percent(values[k - 1]) : null)),
  ]);
  return subsection('Explained stress of k dimensions', table(columns, rows));
}

/** Which coordinates of the maps are imaginary, and how large they are. */
function coordinateTable({ maps }: SampleMaps): string {
  const longest = maps.reduce((count, { eigenvalues }) => Math.max(count, eigenvalues.length), 0);
  if (longest === 0) return '';
  const shown = Array.from({ length: Math.min(10, longest) }, (_, k) => k);
  const rows = maps.map(({ madeFrom, eigenvalues }) => [
    madeFrom === 'all' ? 'map of all models' : 'map made by linear ones',
    ...shown.map((k) => (eigenvalues[k] === undefined ? null : number(eigenvalues[k], 2))),
  ]);
  const remark = 'Coordinates of negative eigenvalues are imaginary: squared distances along them are subtracted.';
  return subsection(
    'Eigenvalues of the maps',
    table(['coordinate', ...numeric(...shown.map((k) => String(k + 1)))], rows, { dense: true }),
    el('p', { class: 'small' }, escapeText(remark)),
  );
}

function seedTable(part: SampleMaps): string {
  const { statement } = part;
  if (statement === undefined) return '';
  const rows = statement.perSeed.map(({ seed, inLinear, own }) => [
    String(seed),
    percent(inLinear),
    percent(own),
    own > 0 ? percent(inLinear / own) : null,
  ]);
  return subsection(
    `Stress of the nonlinear models in ${statement.dimensions} dimensions, seed by seed`,
    table(numeric('seed', 'in the map of its linear runs', 'in their own map', 'ratio'), rows),
    paragraph(statementText(part)),
  );
}
