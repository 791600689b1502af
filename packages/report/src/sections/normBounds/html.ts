import { number, percent, percentUp } from '../../page/format.js';
import type { Rich } from '../../page/markup.js';
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
import { normBoundsFigure, standingText } from './figure.js';
import type { NormBoundRow, NormBoundsSection } from './shape.js';

const empiricalText = {
  ramp: 'mean ramp loss at γ',
  'margin-error': 'share of margins ≤ γ',
  error: 'share of mistakes',
} as const;

/** e^log as people read it, also where it overflows. */
export function sizeOf(log: number | null): Rich {
  if (log === null) return ['0'];
  const power = log / Math.LN10;
  if (Math.abs(power) < 300) return number(Math.exp(log));
  const whole = Math.floor(power);
  return [`${(10 ** (power - whole)).toFixed(1)} × 10`, { sup: String(whole) }];
}

export function valueText({ logValue }: NormBoundRow): Cell {
  if (logValue === null) return 'none';
  return logValue < 0 ? percentUp(Math.exp(logValue)) : sizeOf(logValue);
}

export function constantsText({ constants, unknown = {} }: NormBoundRow): string {
  const set = Object.entries(unknown).map(([name, value]) => `${name} = ${value}`);
  if (constants === 'explicit') return 'all in the value';
  if (constants === 'dropped') return 'left out: a rate';
  return `unknown, set to ${set.join(', ')}`;
}

export function normBoundsDetails(content: NormBoundsSection): string {
  const { bounds, delta, margins, examples } = content;
  const rows = bounds.map((bound) => [
    bound.title,
    valueText(bound),
    bound.vacuous ? 'yes' : 'no',
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
      `Each bounds the error on new examples with probability ${1 - delta} over the draw of the ${examples} examples, each for itself. ` +
        `The margin γ is the best of ${margins} that were declared before; what that costs, and what it costs that norms were looked at first, is in the gap.`,
    ),
    figureBlock(normBoundsFigure(content)),
    table(
      ['bound', ...numeric('value'), 'vacuous', 'standing', 'constants', ...numeric('γ', 'empirical', 'gap')],
      rows,
      {
        dense: true,
      },
    ),
    small(
      'Empirical term: the mean ramp loss, or the share of margins of at most γ, whichever the bound is about. A value of 1 and more is vacuous: no error is larger.',
    ),
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
