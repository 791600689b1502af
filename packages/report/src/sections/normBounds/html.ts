import { confidence, integer, number, percent } from '../../page/format.js';
import { inline } from '../../page/markup.js';
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
import { shortConstants, shortStanding, sizeOf, vacuity, valueText } from './texts.js';

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
    shortStanding[bound.standing],
    shortConstants(bound),
    bound.margin === undefined ? null : number(bound.margin),
    percent(bound.empirical),
    ...gapOf(bound),
  ]);
  return section(
    'norm-bounds',
    'Bounds by norms, ranks and counts',
    paragraph(
      `What has all its constants and no caveat, and is no reconstruction, is a bound: with probability ${confidence(1 - delta)} over the draw of the ${integer(examples)} examples the error on new ` +
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
      'Empirical term: the mean ramp loss, or the share of margins of at most γ, whichever the bound is about. A bound of 1 and more is vacuous: no error is larger. ' +
        'Constants that are set are unknown; those that are left out make a rate of the bound.',
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

/** What many share stands once, with a letter; the rest bound by bound. */
function restsOn(bounds: readonly NormBoundRow[]): string {
  if (bounds.length === 0) return '';
  const shared = sharedBy(bounds);
  const common = shared.map(
    (sentence, i) => `${letter(i)}: ${sentence} (${countOf(bounds, sentence)} of ${bounds.length})`,
  );
  return (
    subsection('What they rest on', common.length === 0 ? '' : list(common)) +
    subsection('And each by itself', list(bounds.map((bound, i) => ownGround(bound, i, shared))))
  );
}

/** a, b, …, z, a1, b1, … */
function letter(i: number): string {
  return `${String.fromCharCode(97 + (i % 26))}${i < 26 ? '' : Math.floor(i / 26)}`;
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

/** Sentences that at least four bounds have, those of most bounds first. */
function sharedBy(bounds: readonly NormBoundRow[]): readonly string[] {
  const all = [...new Set(bounds.flatMap(sentencesOf))].map((sentence) => ({
    sentence,
    count: countOf(bounds, sentence),
  }));
  return all
    .filter(({ count }) => count >= 4)
    .sort((a, b) => b.count - a.count)
    .map(({ sentence }) => sentence);
}

/** A bound in a few lines: what it is the sum of, the letters of what it shares, what is its own. */
function ownGround(bound: NormBoundRow, i: number, shared: readonly string[]): string {
  const { title, source, empirical, empiricalIs, terms, union } = bound;
  const sentences = sentencesOf(bound);
  const parts = [
    `${empiricalText[empiricalIs]} ${percent(empirical)}`,
    ...terms.map(({ name, log }) => `${name} ${inline(sizeOf(log))}`),
  ];
  const shares = union.map(({ of, members }) => `${of} (${inline(number(members))})`);
  const letters = shared.flatMap((sentence, k) => (sentences.includes(sentence) ? [letter(k)] : []));
  return [
    `${i + 1}. ${title} [${source}]: ${parts.join(' + ')}.`,
    ...(letters.length === 0 ? [] : [`Rests on ${letters.join(', ')}.`]),
    ...(shares.length === 0 ? [] : [`δ is shared by ${shares.join('; ')}.`]),
    ...sentences.filter((sentence) => !shared.includes(sentence)).map(capital),
  ].join(' ');
}

function capital(sentence: string): string {
  return sentence[0].toUpperCase() + sentence.slice(1);
}
