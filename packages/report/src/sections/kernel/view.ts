import { integer, number, percent } from '../../page/format.js';
import { inline } from '../../page/markup.js';
import {
  facts,
  figureBlock,
  known,
  list,
  numeric,
  paragraph,
  section,
  subsection,
  table,
  type Fact,
} from '../../page/parts.js';
import { ascii, type Row } from '../../page/rows.js';
import type { SectionView } from '../section.js';
import { kernelFigure } from './figure.js';
import type { KernelChangeRow, KernelFamilyRow, KernelSection } from './shape.js';

export const kernelView: SectionView<KernelSection> = {
  details: (content) => {
    const { examples, outputs, change, alignment, trace, topShare, families = [] } = content;
    return section(
      'kernel',
      'Neural tangent kernel',
      paragraph(
        `Inner products of the gradients of every output with respect to all weights, over ${integer(examples)} examples and ${integer(outputs)} outputs: ${integer(examples * outputs)} rows.`,
      ),
      change === undefined ? '' : paragraph(changeText(change)),
      facts([
        ...changeFacts(content),
        ...(change === undefined && alignment !== undefined
          ? ([['centred alignment with the labels', alignment === null ? null : number(alignment)]] as const)
          : []),
        ...known('trace', trace, (value) => number(value)),
        ...known('share of the largest eigenvalue in the trace', topShare, percent),
      ]),
      change?.missing === undefined || change.missing.length === 0 ? '' : list(change.missing),
      families.length === 0
        ? ''
        : subsection('Against width', figureBlock(kernelFigure(content)), familyTable(families)),
      families.some(({ missing = [] }) => missing.length > 0) ? list(families.flatMap(missingOf)) : '',
    );
  },
  figures: (content) => [kernelFigure(content)],
  rows: ({ change, alignment, families = [] }) => [
    ...(change === undefined
      ? []
      : [
          [
            'kernel correlation',
            change.correlation === null ? 'none' : ascii(change.correlation),
            'before and after training',
          ] as const,
        ]),
    ...(change === undefined && alignment !== undefined && alignment !== null
      ? [['kernel alignment', ascii(alignment), 'with the labels, centred'] as const]
      : []),
    ...families.flatMap(({ family, rows }) =>
      rows.map(
        ({ width, seeds, correlation: { mean, standardError } }): Row => [
          `${family}, width ${width}`,
          ascii(mean),
          `kernel correlation${standardError === null ? ', one seed' : ` +- ${ascii(standardError, 2)} over ${seeds} seeds`}`,
        ],
      ),
    ),
  ],
  explanations: [
    {
      title: 'Change of the kernel',
      text:
        'Where a kernel stays as it was, training is that of a linear model. Most of a change is a scale, which says little of that: the correlation of all entries before and after leaves it out, ' +
        'and 1 is no change but scale.',
    },
  ],
};

function missingOf({ family, missing = [] }: KernelFamilyRow): readonly string[] {
  return missing.map((one) => `${family}, ${one}.`);
}

function changeText({ correlation }: KernelChangeRow): string {
  if (correlation === null) return 'The kernels of start and end have no correlation.';
  const value = inline(number(correlation));
  if (correlation >= 0.95) return `From start to end it is nearly the same but for its scale: correlation ${value}.`;
  return correlation >= 0.5
    ? `From start to end it changed, and is still like it was: correlation ${value}.`
    : `From start to end it became another kernel: correlation ${value}. A linear model around the start does not describe this training.`;
}

function changeFacts({ change }: KernelSection): readonly Fact[] {
  if (change === undefined) return [];
  const cell = (value: number | null): Fact[1] => (value === null ? null : number(value));
  return [
    ['correlation', cell(change.correlation)],
    ['cosine, not centred', cell(change.cosine)],
    ['relative change ‖K₁ − K₀‖/‖K₀‖', cell(change.relativeChange)],
    ['growth ‖K₁‖/‖K₀‖', cell(change.growth)],
    ['alignment with the labels, before', cell(change.alignmentBefore)],
    ['alignment with the labels, after', cell(change.alignmentAfter)],
    ['relative change of the weights', cell(change.parameterChange)],
  ];
}

function familyTable(families: readonly KernelFamilyRow[]): string {
  const withError = ({ mean, standardError }: KernelFamilyRow['rows'][number]['correlation']): string =>
    `${inline(number(mean))}${standardError === null ? '' : ` ± ${inline(number(standardError, 2))}`}`;
  return table(
    ['family', ...numeric('width', 'weights', 'seeds', 'correlation', 'relative change', 'training loss')],
    families.flatMap(({ family, rows }) =>
      rows.map(({ width, parameters, seeds, correlation, relativeChange, trainingLoss }) => [
        family,
        integer(width),
        integer(parameters),
        integer(seeds),
        withError(correlation),
        withError(relativeChange),
        withError(trainingLoss),
      ]),
    ),
    { dense: true },
  );
}
