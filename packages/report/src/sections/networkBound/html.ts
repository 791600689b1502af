import type { Figure } from '../../page/figure.js';
import { confidence, integer, number, percent, percentUp } from '../../page/format.js';
import { cited } from '../../page/sources.js';
import { facts, figureBlock, numeric, paragraph, section, small, subsection, table } from '../../page/parts.js';
import { boundSegments, breakdownFigure } from '../bound/breakdownFigure.js';
import { deltasHtml, restsOn } from '../bound/html.js';
import { klTerm, penaltyTerm } from '../bound/terms.js';
import { besideHtml } from '../bound/testSets.js';
import { boundHistoryFigure } from './boundHistoryFigure.js';
import type { NetworkBoundSection } from './shape.js';
import { allTheorems } from './theorems.js';

export function networkBreakdown(bound: NetworkBoundSection): Figure {
  return breakdownFigure('breakdown', bound, bound.test);
}

export function networkBoundDetails(bound: NetworkBoundSection): string {
  const history = boundHistoryFigure(bound);
  return [
    section('breakdown', 'What the bound is made of', figureBlock(networkBreakdown(bound)), ingredients(bound)),
    section('beside', 'Beside a test set and guessing', besideHtml(bound, bound)),
    section('theorems', 'The same ingredients in every theorem', theorems(bound)),
    history === undefined ? '' : section('history', 'Optimisation', figureBlock(history)),
    section('prior', 'Prior and divergence', divergence(bound)),
    section('rests-on', 'What it rests on', restsOn(bound)),
  ].join('');
}

function ingredients(bound: NetworkBoundSection): string {
  const { monteCarlo, klDisplacement, klCovariance, penalty } = bound;
  const nats = [null, null, number(klDisplacement), number(klCovariance), number(penalty)];
  const rows = boundSegments(bound).map(({ label, from, to }, i) => [label, percent(to - from), nats[i]]);
  return (
    table(['part', ...numeric('share of the bound', 'nats')], rows) +
    small(`${klTerm} ${penaltyTerm}`) +
    paragraph(
      'The gap between error and bound is not additive in its causes; it is shared out in proportion to their nats.',
    ) +
    facts([
      ['theorem', cited(`${bound.theorem} ${bound.source}`)],
      ['examples n', integer(bound.n)],
      ['weights', integer(bound.weights)],
      ['Monte-Carlo term', `${percent(monteCarlo.mean)} measured, at most ${percentUp(monteCarlo.upper)}`],
      ['mean taken as exact', `${percentUp(bound.plugIn)}, not a certificate`],
    ]) +
    deltasHtml(bound)
  );
}

function theorems(bound: NetworkBoundSection): string {
  const { monteCarlo, klDisplacement, klCovariance, released, certified } = bound;
  const rows = allTheorems(bound).map(({ theorem, value, vacuous, plugIn, penalty, gap }) => [
    theorem,
    percentUp(value) + (vacuous ? ', vacuous' : ''),
    plugIn === undefined ? null : percentUp(plugIn),
    number(penalty),
    gap === undefined ? null : number(gap, 4),
  ]);
  return (
    paragraph(
      `Each row${released === undefined ? '' : ' but the last'} is ${certified ? '' : 'what would be '}a valid bound by itself, with confidence ${confidence(bound.confidence)}; ${certified ? 'the certificate is the first' : 'nothing is certified'}. ${together(bound)} All rest on the same error of ${percent(monteCarlo.mean)} in ${integer(monteCarlo.draws)} trials, at most ${percentUp(monteCarlo.upper)} with its Monte-Carlo term, and on KL ${(klDisplacement + klCovariance).toFixed(1)} nats = ${klDisplacement.toFixed(1)} distance + ${klCovariance.toFixed(1)} noise.`,
    ) +
    table(['theorem', ...numeric('bound', 'draws as if exact', 'penalty, nats', 'B')], rows, {
      marked: 0,
      dense: true,
    }) +
    small(`B = √(rate/2), with rate = (KL + penalty)/n, is what McAllester’s bound adds to the error. ${penaltyTerm}`)
  );
}

/**
 * With which confidence all rows hold at once. All forms of kl(ê‖e), and what is weaker, follow from one event of probability 1 − δ: that the
 * prior's mean of exp(n kl) is at most ξ(n)/δ. Catoni's inequality is another event, with a δ of its own.
 */
function together({ others, deltas, confidence: held }: NetworkBoundSection): string {
  const delta = deltas.find(({ purpose }) => purpose.startsWith('inequality'))?.delta;
  const apart = others.some(({ theorem }) => theorem.startsWith('Catoni'));
  if (!apart) return 'All follow from one event, so that they hold together at this confidence.';
  const both =
    delta === undefined ? 'a confidence that is smaller by its δ' : `a confidence of ${confidence(held - delta)}`;
  return `All but Catoni’s follow from one event, so that they hold together at this confidence; with Catoni’s they do at ${both}.`;
}

function divergence({ scales, parts }: NetworkBoundSection): string {
  const scaleRows = scales.map(({ name, index, variance }) => [name, integer(index), number(variance)]);
  const partRows = parts.map(({ name, dimension, displacement, covariance }) => [
    name,
    integer(dimension),
    number(displacement),
    number(covariance),
  ]);
  return (
    table(['prior scale', ...numeric('j', 'variance')], scaleRows) +
    small('j is the member of its grid that a variance is; the penalty pays for having chosen it.') +
    subsection(
      'KL by array of weights',
      table(['array', ...numeric('weights', 'distance, nats', 'noise, nats')], partRows),
    )
  );
}
