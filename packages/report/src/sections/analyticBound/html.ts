import { confidence, integer, number, percent, percentUp, withMinus } from '../../page/format.js';
import {
  facts,
  figureBlock,
  known,
  numeric,
  paragraph,
  section,
  small,
  subsection,
  table,
  type Cell,
  type Fact,
} from '../../page/parts.js';
import { breakdownFigure } from '../bound/breakdownFigure.js';
import { deltasHtml, restsOn } from '../bound/html.js';
import { klTerm, penaltyTerm } from '../bound/terms.js';
import { cited } from '../../page/sources.js';
import { besideHtml } from '../bound/testSets.js';
import type { Figure } from '../../page/figure.js';
import { boundGridFigure } from './boundGridFigure.js';
import type { AnalyticBoundSection, BoundCandidate } from './shape.js';

export function analyticBreakdown({ best, posteriorTest }: AnalyticBoundSection): Figure | undefined {
  return best && breakdownFigure('bound-breakdown', best, posteriorTest);
}

export function analyticBoundDetails(bound: AnalyticBoundSection): string {
  return section(
    'bound',
    'Generalisation bound',
    figureBlock(analyticBreakdown(bound)),
    figureBlock(boundGridFigure(bound)),
    subsection('The certificate', certificate(bound)),
    bound.best === undefined
      ? ''
      : subsection('Beside a test set and guessing', besideHtml(bound, { ...bound.best, n: bound.n })),
    deltasHtml(bound),
    subsection('Prior precisions', gridTable(bound)),
    subsection('What it rests on', restsOn(bound)),
  );
}

function certificate(bound: AnalyticBoundSection): string {
  const { best, theorem, source, n, dimension, selection, convention } = bound;
  const common: readonly Fact[] = [
    ['theorem', cited(`${theorem} ${source}`)],
    ['examples n', integer(n)],
    ['weights p', integer(dimension)],
    ['posterior precision', `ε + ${withMinus(convention)} λ along each known direction, ε elsewhere`],
    ['choice of ε', selection],
  ];
  if (best === undefined) return paragraph('No posterior draws: there is nothing to certify yet.') + facts(common);
  const { monteCarlo, klDisplacement, klCovariance } = best;
  const kl = [
    ...number(best.kl, 4),
    ' nats = ',
    ...number(klDisplacement),
    ' distance + ',
    ...number(klCovariance),
    ' noise',
  ];
  return facts([
    ['bound', `${percentUp(best.value)}${best.vacuous ? ', vacuous' : ''}${best.certified ? '' : ', not certified'}`],
    ['confidence', confidence(best.confidence)],
    ['prior precision ε', [...number(best.precision, 4), `, member j = ${best.j} of the grid`]],
    ['error of the draws', `${percent(monteCarlo.mean)} from ${integer(monteCarlo.draws)} draws`],
    ['with the draws finitely many', `${percentUp(monteCarlo.upper)} (${monteCarlo.method})`],
    ['KL(posterior ‖ prior)', kl],
    ['penalty', [...number(best.penalty, 4), ' nats, for the choice of ε from the grid and for δ']],
    ['(KL + penalty) per example', [...number(best.complexity, 4), ' nats']],
    ['draws as if exact', percentUp(best.plugIn)],
    ['McAllester’s bound instead', percentUp(best.mcAllester)],
    ...known('test error of the posterior', bound.posteriorTest, ({ mean }) => percent(mean)),
    ...common,
  ]);
}

const gridColumns = [
  'j',
  'ε',
  'KL distance',
  'KL noise',
  'penalty',
  'B',
  'stiff, hard',
  'stiff, soft',
  'draws',
  'error',
  'plug-in',
  'bound',
];

const gridTerms = small(
  `j numbers the members of the grid of prior precisions ε. ${klTerm} ${penaltyTerm} B = √((KL + penalty)/(2n)) is what McAllester’s bound adds to the error. ` +
    'Stiff: known Hessian eigenvalues at the posterior’s centre that outweigh ε, counted (hard) or summed as λ/(λ + threshold) (soft); ≥ where all known ones do. ' +
    'Plug-in: the bound if the error of the draws were exact, an estimate. Bound: with the limit on the error that so few draws allow.',
);

function gridTable({ candidates, best }: AnalyticBoundSection): string {
  const tried = candidates.filter((row) => row.monteCarlo !== undefined || row.j === best?.j);
  const shown = tried.length > 0 ? tried : candidates;
  const marked = shown.findIndex(({ j }) => j === best?.j);
  const rows = shown.map((row, i) =>
    gridRow(
      i === marked && best !== undefined
        ? { ...row, monteCarlo: best.monteCarlo, plugIn: best.plugIn, corrected: best.value }
        : row,
    ),
  );
  const rest = candidates.length - rows.length;
  return (
    table(numeric(...gridColumns), rows, { marked, dense: true }) +
    gridTerms +
    (marked >= 0 && best !== undefined
      ? paragraph(
          best.certified
            ? 'The marked row is the certified one, with the draws that certify it.'
            : 'The marked row is the one reported, with its draws; it is not certified.',
        )
      : '') +
    (rest > 0
      ? paragraph(`${integer(rest)} further grid members were not tried with draws and are left out of the table.`)
      : '')
  );
}

function gridRow({ monteCarlo, plugIn, corrected, effectiveDimension, ...row }: BoundCandidate): readonly Cell[] {
  return [
    integer(row.j),
    number(row.precision),
    number(row.klDisplacement),
    number(row.klCovariance),
    number(row.penalty),
    number(row.gap),
    `${effectiveDimension.lowerBound === true ? '≥ ' : ''}${integer(effectiveDimension.hard)}`,
    number(effectiveDimension.soft),
    monteCarlo ? integer(monteCarlo.draws) : null,
    monteCarlo ? percent(monteCarlo.mean) : null,
    plugIn === undefined ? null : percentUp(plugIn),
    corrected === undefined ? null : percentUp(corrected),
  ];
}
