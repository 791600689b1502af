import { integer, percent } from '../../page/format.js';
import { ascii, type Row } from '../../page/rows.js';
import type { SectionView } from '../section.js';
import { exactCrossings } from './boundaries.js';
import { linearRegressionDetails } from './html.js';
import { phaseFigure } from './phaseFigure.js';
import type { LinearRegressionSection, PhaseDiagram } from './shape.js';
import { firstWidths, widthsFigure } from './widthsFigure.js';

export const linearRegressionView: SectionView<LinearRegressionSection> = {
  tiles: ({ widths }) =>
    widths === undefined
      ? []
      : [
          {
            value: [percent(widths.largestError)],
            label: `largest error of the ${firstWidths(widths.predicted.length)} predicted widths`,
          },
        ],
  details: linearRegressionDetails,
  figures: ({ phase, widths }) => [phase && phaseFigure(phase), widths && widthsFigure(widths)],
  rows: ({ phase, widths }) => [
    ...(widths === undefined
      ? []
      : [
          [
            `widths, ${firstWidths(widths.predicted.length)}`,
            percent(widths.largestError),
            `largest error of the closed form against ${integer(widths.runs)} simulated runs (reconstruction)`,
          ] as const,
        ]),
    ...(phase === undefined || phase.point !== undefined ? [] : boundaryRows(phase)),
    ...(phase?.point === undefined
      ? []
      : [
          [
            'variance in 3 directions',
            percent(phase.point.explained3),
            `at c = ${ascii(phase.point.decay)}, rho = ${ascii(phase.point.scaleRatio)}, T = ${integer(phase.steps)} (reconstruction)`,
          ] as const,
        ]),
  ],
};

/** Without data: where the exact boundary runs. */
function boundaryRows(phase: PhaseDiagram): readonly Row[] {
  const found = exactCrossings(phase);
  const head: Row = [
    '90 % in 3 directions',
    found.length === 0 ? 'nowhere' : 'from rho',
    `after ${integer(phase.steps)} steps${found.length === 0 ? ', in this diagram' : ''} (reconstruction)`,
  ];
  return [head, ...found.map(({ decay, scaleRatio }): Row => [`  at c = ${ascii(decay)}`, ascii(scaleRatio), ''])];
}
