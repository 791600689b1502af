import type { Analysis, BoundSection } from '../../analysis.js';
import { boundGridFigure } from './boundGridFigure.js';
import { breakdownFigure } from './breakdownFigure.js';
import { confidence, integer, number, percent, percentUp, withMinus } from '../../page/format.js';
import { el } from '../../page/markup.js';
import { facts, figureBlock, list, paragraph, section, table, type Cell } from '../../page/parts.js';

export function boundSectionHtml({ bound }: Analysis): string {
  if (bound === undefined) return '';
  return section(
    'bound',
    'Generalisation bound',
    figureBlock(breakdownFigure(bound)),
    figureBlock(boundGridFigure(bound)),
    el('h3', {}, 'The certificate'),
    certificate(bound),
    el('h3', {}, 'Failure probability spent'),
    table(
      [{ title: 'on what' }, { title: 'δ', numeric: true }],
      bound.deltas.map(({ purpose, delta }) => [purpose, number(delta)]),
    ),
    el('h3', {}, 'Prior precisions'),
    gridTable(bound),
    el('h3', {}, 'What it rests on'),
    list(bound.assumptions),
    bound.caveats.length > 0 ? el('h3', {}, 'Caveats') + list(bound.caveats) : '',
  );
}

function certificate(bound: BoundSection): string {
  const { best, theorem, source, n, dimension, selection, convention } = bound;
  const common: (readonly [string, Cell])[] = [
    ['theorem', `${theorem} ${source}`],
    ['examples n', integer(n)],
    ['weights p', integer(dimension)],
    ['posterior precision', `ε + ${withMinus(convention)} λ along each known direction, ε elsewhere`],
    ['choice of ε', selection],
  ];
  if (best === undefined) return paragraph('No posterior draws: there is nothing to certify yet.') + facts(common);
  const { monteCarlo } = best;
  return facts([
    ['bound', `${percentUp(best.value)}${best.vacuous ? ', vacuous' : ''}${best.certified ? '' : ', not certified'}`],
    ['confidence', confidence(best.confidence)],
    ['ε', [...number(best.precision, 4), ` (j = ${best.j})`]],
    ['error of the draws', `${percent(monteCarlo.mean)} from ${integer(monteCarlo.draws)} draws`],
    ['with the draws finitely many', `${percentUp(monteCarlo.upper)} (${monteCarlo.method})`],
    [
      'KL',
      [
        ...number(best.kl, 4),
        ' nats = ',
        ...number(best.klDisplacement),
        ' distance + ',
        ...number(best.klCovariance),
        ' noise',
      ],
    ],
    ['penalty', [...number(best.penalty, 4), ' nats']],
    ['(KL + penalty) per example', [...number(best.complexity, 4), ' nats']],
    ['draws as if exact', percentUp(best.plugIn)],
    ['McAllester instead', percentUp(best.mcAllester)],
    ...(bound.posteriorTest === undefined
      ? []
      : [['test error of the posterior', percent(bound.posteriorTest.mean)] as const]),
    ...common,
  ]);
}

function gridTable({ candidates, best }: BoundSection): string {
  const columns = [
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
  const shown = candidates.filter((row) => row.monteCarlo !== undefined || row.j === best?.j);
  const rows = (shown.length > 0 ? shown : candidates).map((pilot) => {
    const row =
      pilot.j === best?.j
        ? { ...pilot, monteCarlo: best.monteCarlo, plugIn: best.plugIn, corrected: best.value }
        : pilot;
    return [
      integer(row.j),
      number(row.precision),
      number(row.klDisplacement),
      number(row.klCovariance),
      number(row.penalty),
      number(row.gap),
      integer(row.effectiveDimension.hard),
      number(row.effectiveDimension.soft),
      row.monteCarlo ? integer(row.monteCarlo.draws) : null,
      row.monteCarlo ? percent(row.monteCarlo.mean) : null,
      row.plugIn === undefined ? null : percentUp(row.plugIn),
      row.corrected === undefined ? null : percentUp(row.corrected),
    ];
  });
  const marked = shown.findIndex(({ j }) => j === best?.j);
  const rest = candidates.length - rows.length;
  return (
    table(
      columns.map((title) => ({ title, numeric: true })),
      rows,
      marked,
      true,
    ) +
    (marked >= 0 ? paragraph('The marked row is the certified one, with the draws that certify it.') : '') +
    (rest > 0
      ? paragraph(`${integer(rest)} further grid members were not tried with draws and are left out of the table.`)
      : '')
  );
}
