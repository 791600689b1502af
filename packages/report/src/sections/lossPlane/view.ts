import { integer, number, percent } from '../../page/format.js';
import { figureBlock, numeric, paragraph, section, small, table, type Cell } from '../../page/parts.js';
import { ascii } from '../../page/rows.js';
import type { SectionView } from '../section.js';
import { axisTitle, lossPlaneFigure } from './figure.js';
import type { LossPlaneSection, PlaneAxisRow } from './shape.js';

const batchNormText = {
  none: '',
  fixed: ' Batch norm kept the statistics of the weights in the middle all over the plane.',
  recomputed: ' The statistics of batch norm were measured again at every point.',
} as const;

export const lossPlaneView: SectionView<LossPlaneSection> = {
  details: (plane) => {
    const { axes, cosine, xs, ys, examples, batchNorm } = plane;
    const axisRow = (axis: PlaneAxisRow, i: number): readonly Cell[] => [
      `${i === 0 ? 'x' : 'y'}: ${axisTitle(axis)}`,
      number(axis.norm),
      axis.seed === undefined ? null : String(axis.seed),
      axis.eigenvalue === undefined ? null : number(axis.eigenvalue),
      axis.residualNorm === undefined ? null : number(axis.residualNorm, 2),
      axis.share === undefined ? null : percent(axis.share),
    ];
    return section(
      'loss-plane',
      'A plane through the weights',
      paragraph(
        `The loss of ${integer(examples)} examples at ${integer(xs.length * ys.length)} points w + x d₁ + y d₂ around the weights w.${batchNormText[batchNorm]}`,
      ),
      figureBlock(lossPlaneFigure(plane)),
      table(['axis', ...numeric('norm', 'seed', 'eigenvalue', '± residual', 'share of the run')], axes.map(axisRow)),
      small(`Cosine between the axes: ${ascii(cosine, 2)}. Coordinates are in lengths of d₁ and d₂.`),
    );
  },
  figures: (plane) => [lossPlaneFigure(plane)],
  rows: ({ axes, centre, loss }) => {
    const known = loss.filter((value) => value !== null);
    const least = known.reduce((a, b) => Math.min(a, b), Infinity);
    return [
      [
        'loss in the plane',
        centre === null ? 'not finite' : ascii(centre),
        `at the centre; least ${Number.isFinite(least) ? ascii(least) : 'none'}; ${axisTitle(axes[0])} x ${axisTitle(axes[1])}`,
      ],
    ];
  },
  explanations: [
    {
      title: 'Planes of the loss',
      text:
        'Two directions of many thousands: what a plane shows depends on them, and a valley seen in one may be a saddle in another. Random directions are scaled filter by filter to the weights, ' +
        'so that networks whose layers are scaled differently look alike; eigenvectors of the Hessian show where the loss bends most; the directions of a run show where it went.',
    },
  ],
};
