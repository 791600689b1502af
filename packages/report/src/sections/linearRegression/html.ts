import { integer, number, percent } from '../../page/format.js';
import { facts, figureBlock, known, numeric, paragraph, section, subsection, table } from '../../page/parts.js';
import { exactCrossings } from './boundaries.js';
import { phaseFigure } from './phaseFigure.js';
import type { LinearRegressionSection, PhaseDiagram } from './shape.js';
import { widthsFigure } from './widthsFigure.js';

const reconstruction =
  'The formulas behind these figures are a reconstruction following arXiv 2505.08915: the objects are those that its abstract names, each formula was ' +
  'derived and checked numerically here, none was read in the paper, and none is a theorem of it.';

export function linearRegressionDetails({ phase, widths }: LinearRegressionSection): string {
  if (phase === undefined && widths === undefined) return '';
  return section(
    'linear',
    ['What linear regression predicts', 'reconstruction'],
    paragraph(reconstruction),
    figureBlock(widths && widthsFigure(widths)),
    figureBlock(phase && phaseFigure(phase)),
    phase === undefined ? '' : placeFacts(phase),
  );
}

function placeFacts(phase: PhaseDiagram): string {
  const { point, steps } = phase;
  if (point === undefined) return boundaryTable(phase);
  const { decay, window, scaleRatio, explained3, participationRatio, targetDirections } = point;
  return facts([
    [
      'decay c',
      [
        ...number(decay),
        `: ln λ falls by so much from one eigenvalue to the next, over indices ${window.from} to ${window.to}`,
      ],
    ],
    ['scale ratio ρ', [...number(scaleRatio), ': size of the target over size of the random start']],
    ['steps T', integer(steps)],
    ['variance in three directions', percent(explained3)],
    ['participation ratio', [...number(participationRatio), ' directions share the variance: (Σ λ)²/Σ λ²']],
    ...known('target directions above the plateau, k_c', targetDirections, number),
  ]);
}

/** Without data: the boundary in numbers. */
function boundaryTable(phase: PhaseDiagram): string {
  const rows = exactCrossings(phase).map(({ decay, scaleRatio }) => [number(decay), number(scaleRatio)]);
  const title = `Where three directions hold 90 % of the variance after ${integer(phase.steps)} steps`;
  if (rows.length === 0) return subsection(title, paragraph('Nowhere in this diagram.'));
  return subsection(title, table(numeric('decay c', 'from scale ratio ρ'), rows));
}
