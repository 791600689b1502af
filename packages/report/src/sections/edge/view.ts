import { integer, number, percent } from '../../page/format.js';
import { facts, figureBlock, known, numeric, paragraph, section, small, table, type Cell } from '../../page/parts.js';
import { ascii, type Row } from '../../page/rows.js';
import type { SectionView } from '../section.js';
import { batchEdge, comparedAt, hovering, thresholdAt, thresholdOf } from './compared.js';
import { edgeFigure } from './figure.js';
import type { EdgeMomentRow, EdgeSection } from './shape.js';
import { comparedName, staysAt } from './words.js';

/** rows of a table that one reads in a glance */
const mostRows = 12;

export const edgeView: SectionView<EdgeSection> = {
  tiles: (content) => {
    const threshold = thresholdOf(content);
    const found = threshold && hovering(content, threshold);
    if (threshold === undefined || found === undefined) return [];
    const name = comparedName[threshold.of];
    const crossing = content.crossing;
    const until = crossing === undefined ? 'never above it' : `above it first at step ${integer(crossing)}`;
    return [
      {
        value: [`${number(found.mean).join('')} ×`],
        label: `${name} over ${threshold.formula}, mean over the last half of the run; ${until}`,
      },
    ];
  },
  opening: (content) => {
    const { rule, learningRate, batchSize, examples, threshold, moments } = content;
    const batches = batchSize >= examples ? 'all examples a step' : `${integer(batchSize)} examples a step`;
    return section(
      'edge',
      'Edge of stability',
      paragraph(
        'statement' in threshold ? threshold.statement : `This rule has no threshold to compare with: ${threshold.why}`,
      ),
      figureBlock(edgeFigure(content)),
      facts([
        ['rule', `${rule}, η = ${ascii(learningRate)}, ${batches}`],
        ['examples of loss and curvature', integer(examples)],
        ...known('updates', moments.at(-1)?.step, integer),
        ['products with the Hessian', integer(moments.reduce((sum, { hessian }) => sum + hessian.matvecs, 0))],
      ]),
      momentTable(content),
    );
  },
  figures: (content) => [edgeFigure(content)],
  rows: (content) => {
    const last = content.moments.at(-1);
    return last === undefined ? [] : [...edgeRows(content), ...endRows(last)];
  },
  explanations: [
    {
      title: 'Edge of stability',
      text:
        'On a quadratic loss, a rule of descent diverges along every direction whose curvature is above a threshold of the rule: 2/η for gradient descent. ' +
        'On the loss of a network the curvature rises to that threshold (progressive sharpening) and then stays near it while the loss falls, no longer at every step. ' +
        'Whether it does in this run is told by the numbers above, not by theory.',
    },
    {
      title: 'Batch sharpness',
      text:
        'The mean over batches of gᵀ H g / ‖g‖², with gradient and Hessian of the same batch: the mean of ratios, which lies below the ratio of means. ' +
        'One measurement swings over time by more than its own standard error: the interval is over times.',
    },
  ],
};

function edgeRows(content: EdgeSection): readonly Row[] {
  const threshold = thresholdOf(content);
  if (threshold === undefined) {
    const why = 'why' in content.threshold ? content.threshold.why : '';
    return [['threshold', 'none', why]];
  }
  const found = hovering(content, threshold);
  const { crossing } = content;
  const name = comparedName[threshold.of];
  const batch = batchEdge(content);
  return [
    [`threshold ${threshold.formula}`, ascii(threshold.value), `for the ${name}`],
    ['crossed', crossing === undefined ? 'never' : integer(crossing), crossing === undefined ? '' : 'step'],
    ...(found === undefined
      ? []
      : [
          [
            `${name} / threshold`,
            ascii(found.mean),
            `mean over the last half, ${ascii(found.low)} to ${ascii(found.high)}${crossing !== undefined && staysAt(found.mean) ? ': at the edge' : ''}`,
          ] as const,
        ]),
    ...(batch === null
      ? []
      : [
          [
            'eta x batch sharpness',
            ascii(batch.mean),
            `batches of ${integer(batch.batchSize)}${batch.times < 2 ? '' : `, +- ${ascii(batch.standardError, 2)} over ${batch.times} times`}`,
          ] as const,
        ]),
  ];
}

function endRows({ step, loss, hessian, topShare }: EdgeMomentRow): readonly Row[] {
  return [
    ['loss', loss === null ? 'not finite' : ascii(loss), `after ${integer(step)} steps`],
    ...(hessian.values.length === 0 ? [] : [['sharpness', ascii(hessian.values[0]), 'at the end'] as const]),
    ...(topShare === undefined
      ? []
      : [['gradient in top space', percent(topShare), 'share of its square, at the end'] as const]),
  ];
}

function momentTable(content: EdgeSection): string {
  const { moments } = content;
  const threshold = thresholdOf(content);
  const stride = Math.max(1, Math.ceil((moments.length - 1) / (mostRows - 1)));
  const shown = moments.filter((_, i) => i % stride === 0 || i === moments.length - 1);
  const errors = shown.some(({ error }) => error !== undefined);
  const shares = shown.some(({ topShare }) => topShare !== undefined);
  const optional = (wanted: boolean, ...cells: Cell[]): Cell[] => (wanted ? cells : []);
  const compared = threshold !== undefined && threshold.of !== 'hessian';
  const rows = shown.map((moment) => {
    const { step, loss, error, gradientNorm, hessian, topShare } = moment;
    const value = threshold && comparedAt(threshold, moment);
    return [
      integer(step),
      loss === null ? 'not finite' : number(loss),
      ...optional(errors, error === undefined ? null : percent(error)),
      gradientNorm === null ? 'not finite' : number(gradientNorm),
      hessian.values.length === 0 ? null : number(hessian.values[0]),
      hessian.residualNorms.length === 0 ? null : number(hessian.residualNorms[0], 2),
      ...optional(compared, value === undefined ? null : number(value)),
      ...optional(threshold !== undefined, ratioCell(value, threshold && thresholdAt(threshold, moment))),
      ...optional(shares, topShare === undefined ? null : percent(topShare)),
    ];
  });
  const columns = numeric(
    'step',
    'loss',
    ...(errors ? ['mistakes'] : []),
    '‖gradient‖',
    'S',
    '± residual',
    ...(compared ? [comparedName[threshold.of]] : []),
    ...(threshold === undefined ? [] : ['over threshold']),
    ...(shares ? ['in top space'] : []),
  );
  return (
    table(columns, rows, { dense: true, label: 'Moments of the run' }) +
    (stride === 1 ? '' : small(`${shown.length} of ${moments.length} moments; all are in the record.`))
  );
}

function ratioCell(value: number | undefined, threshold: number | undefined): Cell {
  if (value === undefined || threshold === undefined) return null;
  const ratio = value / threshold;
  return Number.isFinite(ratio) ? number(ratio) : null;
}
