import { confidence, integer, number, percent, percentUp, withMinus } from '../../page/format.js';
import {
  facts,
  figureBlock,
  known,
  numeric,
  paragraph,
  section,
  subsection,
  table,
  type Cell,
  type Fact,
} from '../../page/parts.js';
import { breakdownFigure } from '../bound/breakdownFigure.js';
import { deltasHtml, restsOn } from '../bound/html.js';
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
    deltasHtml(bound),
    subsection('Prior precisions', gridTable(bound)),
    subsection('What it rests on', restsOn(bound)),
  );
}

function certificate(bound: AnalyticBoundSection): string {
  const { best, theorem, source, n, dimension, selection, convention } = bound;
  const common: readonly Fact[] = [
    ['theorem', `${theorem} ${source}`],
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
    ['ε', [...number(best.precision, 4), ` (j = ${best.j})`]],
    ['error of the draws', `${percent(monteCarlo.mean)} from ${integer(monteCarlo.draws)} draws`],
    ['with the draws finitely many', `${percentUp(monteCarlo.upper)} (${monteCarlo.method})`],
    ['KL', kl],
    ['penalty', [...number(best.penalty, 4), ' nats']],
    ['(KL + penalty) per example', [...number(best.complexity, 4), ' nats']],
    ['draws as if exact', percentUp(best.plugIn)],
    ['McAllester instead', percentUp(best.mcAllester)],
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
  'dim, hard',
  'dim, soft',
  'draws',
  'error',
  'plug-in',
  'bound',
];

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
    (marked >= 0 ? paragraph('The marked row is the certified one, with the draws that certify it.') : '') +
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
    integer(effectiveDimension.hard),
    number(effectiveDimension.soft),
    monteCarlo ? integer(monteCarlo.draws) : null,
    monteCarlo ? percent(monteCarlo.mean) : null,
    plugIn === undefined ? null : percentUp(plugIn),
    corrected === undefined ? null : percentUp(corrected),
  ];
}
