import { confidence, integer, number, percent } from '../../page/format.js';
import {
  figureBlock,
  list,
  numeric,
  paragraph,
  section,
  small,
  subsection,
  table,
  type Cell,
} from '../../page/parts.js';
import { normBoundsFigure } from './figure.js';
import type { NormBoundRow, NormBoundsSection } from './shape.js';
import { constantsText, sizeOf, standingText, vacuity, valueText } from './texts.js';

const empiricalText = {
  ramp: 'mean ramp loss at γ',
  'margin-error': 'share of margins ≤ γ',
  error: 'share of mistakes',
} as const;

export function normBoundsDetails(content: NormBoundsSection): string {
  const { bounds, delta, margins, examples, leftOut } = content;
  const rows = bounds.map((bound, i) => [
    String(i + 1),
    bound.title,
    valueText(bound),
    vacuity(bound) ?? null,
    standingText[bound.standing],
    constantsText(bound),
    bound.margin === undefined ? null : number(bound.margin),
    percent(bound.empirical),
    ...gapOf(bound),
  ]);
  return section(
    'norm-bounds',
    'Bounds by norms, ranks and counts',
    paragraph(
      `What has all its constants and no caveat is a bound: with probability ${confidence(1 - delta)} over the draw of the ${integer(examples)} examples the error on new ` +
        'ones is at most its value, for each row by itself. What has unknown or left-out constants orders networks and bounds nothing.',
    ),
    paragraph(
      `The margin γ is the best of ${margins} that were declared before; what that costs, and what it costs that norms were looked at first, is in the gap.`,
    ),
    figureBlock(normBoundsFigure(content)),
    table(
      [
        ...numeric('#'),
        'bound',
        ...numeric('value'),
        'says',
        'standing',
        'constants',
        ...numeric('γ', 'empirical', 'gap'),
      ],
      rows,
      { dense: true },
    ),
    small(
      'Empirical term: the mean ramp loss, or the share of margins of at most γ, whichever the bound is about. A bound of 1 and more is vacuous: no error is larger.',
    ),
    ...leftOut.map(small),
    restsOn(bounds),
  );
}

function gapOf({ terms }: NormBoundRow): readonly Cell[] {
  const known = terms.flatMap(({ log }) => (log === null ? [] : [log]));
  if (known.length === 0) return [terms.length === 0 ? null : '0'];
  const largest = Math.max(...known);
  return [sizeOf(largest + Math.log(known.reduce((sum, log) => sum + Math.exp(log - largest), 0)))];
}

/** What many share stands once; the rest bound by bound. */
function restsOn(bounds: readonly NormBoundRow[]): string {
  const shared = sharedBy(bounds);
  const common = [...shared].map((sentence) => `${sentence} (${countOf(bounds, sentence)} of ${bounds.length} bounds)`);
  return (
    subsection('What they rest on', common.length === 0 ? '' : list(common)) +
    subsection('And each by itself', ...bounds.map((bound) => ownGround(bound, shared)))
  );
}

function sentencesOf({ assumptions, caveats }: NormBoundRow): readonly string[] {
  return [
    ...assumptions.map((sentence) => `assumes: ${sentence}`),
    ...caveats.map((sentence) => `caveat: ${sentence}`),
  ];
}

function countOf(bounds: readonly NormBoundRow[], sentence: string): number {
  return bounds.filter((bound) => sentencesOf(bound).includes(sentence)).length;
}

/** Sentences that at least four bounds have. */
function sharedBy(bounds: readonly NormBoundRow[]): ReadonlySet<string> {
  const all = new Set(bounds.flatMap(sentencesOf));
  return new Set([...all].filter((sentence) => countOf(bounds, sentence) >= 4));
}

function ownGround(bound: NormBoundRow, shared: ReadonlySet<string>): string {
  const { title, source, standing, empiricalIs, terms, union } = bound;
  const parts = terms.map(({ name, log }) => `${name}: ${plainSize(log)}`);
  return (
    paragraph(`${title} [${source}], ${standingText[standing]}; constants: ${constantsText(bound)}.`) +
    list([
      `parts: ${empiricalText[empiricalIs]} ${percent(bound.empirical)}; ${parts.join('; ')}`,
      ...(union.length === 0
        ? []
        : [`δ is shared by ${union.map(({ of, members }) => `${of} (${plainSize(Math.log(members))})`).join(', ')}`]),
      ...sentencesOf(bound).filter((sentence) => !shared.has(sentence)),
    ])
  );
}

function plainSize(log: number | null): string {
  return sizeOf(log)
    .map((part) => (typeof part === 'string' ? part : `^${part.sup}`))
    .join('');
}
