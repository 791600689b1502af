import { integer, number, percentTick } from '../../page/format.js';
import { inline } from '../../page/markup.js';
import { figureBlock, numeric, paragraph, section, table, type Cell } from '../../page/parts.js';
import { ascii, type Row } from '../../page/rows.js';
import type { SectionView } from '../section.js';
import { jacobianFigure } from './figure.js';
import type { JacobianSection, SharpnessChangeRow } from './shape.js';
import { changeText, correlationText } from './words.js';

export const jacobianView: SectionView<JacobianSection> = {
  details: (content) => {
    const { moments, examples } = content;
    const ends = moments.length > 1 ? [moments[0], moments[moments.length - 1]] : moments;
    const levels = ends[0]?.norms.quantiles.map(({ level }) => level) ?? [];
    const row = (name: string, of: (moment: JacobianSection['moments'][number]) => Cell): readonly Cell[] => [
      name,
      ...ends.map(of),
    ];
    return section(
      'jacobian',
      'Input-output Jacobian',
      paragraph(
        `Spectral norms of the derivative of the outputs by the inputs, at ${integer(examples)} examples. ${correlationText(content)}`,
      ),
      figureBlock(jacobianFigure(content)),
      table(
        ['', ...numeric(...ends.map(({ step }) => (moments.length > 1 ? `step ${integer(step)}` : 'value')))],
        [
          row('largest', ({ norms }) => number(norms.max)),
          row('mean', ({ norms }) => number(norms.mean)),
          ...levels.map((level, i) =>
            row(`${inline(percentTick(level))} are below`, ({ norms }) =>
              norms.quantiles[i] === undefined ? null : number(norms.quantiles[i].value),
            ),
          ),
          row('sharpness', ({ sharpness }) => (sharpness === undefined ? null : number(sharpness))),
        ],
      ),
      content.change === undefined ? '' : paragraph(changeText(content.change)),
    );
  },
  figures: (content) => [jacobianFigure(content)],
  rows: ({ moments, withMean, change }) => {
    const last = moments.at(-1);
    return last === undefined
      ? []
      : [
          ['Jacobian norm, mean', ascii(last.norms.mean), `largest ${ascii(last.norms.max)}`],
          ...(withMean === undefined || withMean.pearson === null
            ? []
            : [['S with Jacobian', ascii(withMean.pearson, 2), "Pearson's correlation over the moments"] as const]),
          ...(change === undefined ? [] : [changeRow(change)]),
        ];
  },
  explanations: [
    {
      title: 'Sharpness and Jacobian',
      kind: 'reconstruction',
      text:
        'That a larger input-output Jacobian over the training examples makes the loss sharper is an ansatz and no theorem, stated here as sources paraphrase it. What is shown is a correlation over the moments of one run. ' +
        'Factors that can break it: the curvature of the loss (under cross-entropy without smoothing the sharpness falls late while Jacobians grow), the derivatives of layers by their own weights, ' +
        'and that the Jacobian of the first layer does not enter.',
    },
  ],
};

function changeRow({ from, before, after, tangent, curvature, residual }: SharpnessChangeRow): Row {
  const parts = `kernel x ${ascii(tangent, 2)}, losses x ${ascii(curvature, 2)}, residual x ${ascii(residual, 2)}`;
  return ['Change of S', ascii(after / before, 2), `since step ${from}: ${parts}`];
}
