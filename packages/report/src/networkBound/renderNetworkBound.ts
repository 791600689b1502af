import { breakdownFigure, boundSegments } from '../sections/bound/breakdownFigure.js';
import { figureSvg, type Figure } from '../page/figure.js';
import { confidence, integer, number, percent, percentUp } from '../page/format.js';
import { el, escapeText } from '../page/markup.js';
import { page } from '../page/page.js';
import { facts, figureBlock, list, paragraph, section, table } from '../page/parts.js';
import { figureCss, schemeCss } from '../page/theme.js';
import { boundHistoryFigure } from '../sections/bound/boundHistoryFigure.js';
import type { NetworkBoundResult, NetworkBoundStudy, TheoremRow } from './networkBoundStudy.js';
import { parseNetworkBound } from './parseNetworkBound.js';

/**
 * One bound on a network as an HTML page that needs nothing else: no scripts, no fonts, no images, no requests.
 *
 * @param record checked first, as `parseNetworkBound` does
 * @returns the file's content
 * @throws RecordFormatError if the record is not one of `hyperribbon bound`
 */
export function renderNetworkBound(record: NetworkBoundStudy): string {
  const study = parseNetworkBound(record);
  const { result } = study;
  const [breakdown, history] = figuresOf(study);
  return page(
    study.title,
    study,
    'bound.json, the claim in certificate.json',
    header(study),
    result === undefined
      ? ''
      : section('breakdown', 'What the bound is made of', figureBlock(breakdown), ingredients(result)),
    result === undefined ? '' : section('theorems', 'The same ingredients in every theorem', theorems(result)),
    history === undefined ? '' : section('history', 'Optimisation', figureBlock(history)),
    result === undefined ? '' : section('prior', 'Prior and divergence', divergence(result)),
    section('setting', 'Setting', facts(study.setting)),
    section(
      'rests-on',
      'What it rests on',
      list(study.assumptions),
      study.caveats.length > 0 ? el('h3', {}, 'Caveats') + list(study.caveats) : '',
    ),
  );
}

/** Standalone SVG files by name: `breakdown`, `bound-history`. */
export function renderNetworkBoundFigures(record: NetworkBoundStudy): Record<string, string> {
  const css = schemeCss('.hr') + figureCss;
  const known = figuresOf(parseNetworkBound(record)).filter((figure) => figure !== undefined);
  return Object.fromEntries(known.map((figure) => [figure.name, figureSvg(figure, css)]));
}

/**
 * Bound and parts as a plain-text table.
 *
 * @param record checked first
 * @returns lines joined by newlines, no newline at the end
 */
export function networkBoundTable(record: NetworkBoundStudy): string {
  const { title, result, complete, reason } = parseNetworkBound(record);
  const lines = [title + (complete ? '' : ` (partial${reason === undefined ? '' : `: ${reason}`})`)];
  if (result === undefined) return [...lines, 'nothing certified yet'].join('\n');
  const { monteCarlo, test } = result;
  const rows: (readonly [string, string])[] = [
    [`certified error, confidence ${confidence(result.confidence)}`, value(result)],
    [`error of the random classifier, ${monteCarlo.draws} trials`, percent(monteCarlo.mean)],
    ['  with its Monte-Carlo term', percentUp(monteCarlo.upper)],
    ['KL: distance travelled, nats', result.klDisplacement.toFixed(1)],
    ['KL: shape of the noise, nats', result.klCovariance.toFixed(1)],
    [`penalty, nats (grids ${result.price.toFixed(1)})`, result.penalty.toFixed(1)],
    ['examples n', String(result.n)],
    ...(test === undefined ? [] : [['error on test examples, not used', percent(test.mean)] as const]),
    ...(result.published === undefined
      ? []
      : [[`published (${result.published.source})`, percent(result.published.value)] as const]),
  ];
  const widest = Math.max(...rows.map(([name]) => [...name].length));
  for (const [name, text] of rows) lines.push(`${name}${' '.repeat(widest - [...name].length)}  ${text}`);
  lines.push('', ...theoremLines(result));
  return lines.map((text) => text.replace(/[\r\n\t]+/g, ' ')).join('\n');
}

/** Every theorem a row; the certificate is the first. */
function theoremLines(result: NetworkBoundResult): string[] {
  const rows = [
    ['theorem', 'bound', 'draws as if exact', 'penalty', 'B'],
    ...allTheorems(result).map(({ theorem, value: v, vacuous, plugIn, penalty, gap }) => [
      theorem,
      percentUp(v) + (vacuous ? ', vacuous' : ''),
      plugIn === undefined ? '' : percentUp(plugIn),
      penalty.toFixed(1),
      gap === undefined ? '' : gap.toFixed(4),
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => [...row[column]].length)));
  return rows.map((row) =>
    row
      .map((text, column) => text + ' '.repeat(widths[column] - [...text].length))
      .join('  ')
      .trimEnd(),
  );
}

/** The certificate, the other theorems, and what is shown for comparison only. */
function allTheorems(result: NetworkBoundResult): readonly TheoremRow[] {
  const { released } = result;
  const theorem = `${result.theorem}${result.certified ? ' (the certificate)' : ''}`;
  return [
    { ...result, theorem },
    ...result.others,
    ...(released === undefined ? [] : [{ ...released, theorem: `${released.theorem}: no certificate` }]),
  ];
}

function figuresOf(study: NetworkBoundStudy): (Figure | undefined)[] {
  const { result } = study;
  const breakdown =
    result === undefined
      ? undefined
      : breakdownFigure({
          best: { ...result, monteCarlo: { ...result.monteCarlo } },
          ...(result.test === undefined ? {} : { posteriorTest: result.test }),
        });
  return [breakdown, boundHistoryFigure(study)];
}

function header({ title, complete, reason, result }: NetworkBoundStudy): string {
  const partial = complete
    ? ''
    : el(
        'p',
        { class: 'warning' },
        escapeText(
          `Partial${reason === undefined ? '' : ` (${reason})`}: the posterior is where the optimisation stopped. A certificate holds all the same.`,
        ),
      );
  if (result === undefined)
    return el('p', { class: 'kicker' }, 'Generalisation bound') + el('h1', {}, escapeText(title)) + partial;
  const { test, published, monteCarlo } = result;
  const lead = result.vacuous
    ? `The bound is vacuous: ${percentUp(result.value)} is no better than guessing.`
    : `With confidence ${confidence(result.confidence)} over the draw of ${integer(result.n)} examples, the random classifier errs on at most ${percentUp(result.value)} of all examples.`;
  const tiles = [
    [
      percentUp(result.value) + (result.vacuous ? ' (vacuous)' : ''),
      `certified error${published === undefined ? '' : `; published: ${percent(published.value)}, ${published.source}`}`,
    ],
    [percent(monteCarlo.mean), `error on the bound's examples, ${integer(monteCarlo.draws)} independent trials`],
    ...(test === undefined ? [] : [[percent(test.mean), `error on test examples; plays no part`]]),
    [integer(result.klDisplacement + result.klCovariance), 'nats between posterior and prior'],
  ].map(([big, small]) =>
    el('div', {}, el('p', { class: 'big' }, escapeText(big)), el('p', { class: 'small' }, escapeText(small))),
  );
  return (
    el('p', { class: 'kicker' }, 'Generalisation bound') +
    el('h1', {}, escapeText(title)) +
    partial +
    el('p', { class: 'lead' }, escapeText(lead)) +
    el('div', { class: 'tiles' }, ...tiles)
  );
}

function ingredients(result: NetworkBoundResult): string {
  const { monteCarlo } = result;
  const best = boundSegments({ best: result });
  return (
    table(
      [{ title: 'part' }, { title: 'share of the bound', numeric: true }, { title: 'nats', numeric: true }],
      best.map(({ label, from, to }, i) => [
        label,
        percent(to - from),
        [null, null, number(result.klDisplacement), number(result.klCovariance), number(result.penalty)][i],
      ]),
    ) +
    paragraph(
      'The gap between error and bound is not additive in its causes; it is shared out in proportion to their nats.',
    ) +
    facts([
      ['theorem', `${result.theorem} ${result.source}`],
      ['examples n', integer(result.n)],
      ['weights', integer(result.weights)],
      ['Monte-Carlo term', `${percent(monteCarlo.mean)} measured, at most ${percentUp(monteCarlo.upper)}`],
      ['mean taken as exact', `${percentUp(result.plugIn)}, not a certificate`],
    ]) +
    el('h3', {}, 'Failure probability spent') +
    table(
      [{ title: 'on what' }, { title: 'δ', numeric: true }],
      result.deltas.map(({ purpose, delta }) => [purpose, number(delta)]),
    )
  );
}

function theorems(result: NetworkBoundResult): string {
  const { monteCarlo, klDisplacement, klCovariance, released } = result;
  return (
    paragraph(
      `Each row${released === undefined ? '' : ' but the last'} is a valid bound by itself, with confidence ${confidence(result.confidence)}; the certificate is the first. The smallest of several may be quoted only if it was named beforehand. All rest on the same error of ${percent(monteCarlo.mean)} in ${integer(monteCarlo.draws)} trials, at most ${percentUp(monteCarlo.upper)} with its Monte-Carlo term, and on KL ${(klDisplacement + klCovariance).toFixed(1)} nats = ${klDisplacement.toFixed(1)} distance + ${klCovariance.toFixed(1)} noise.`,
    ) +
    table(
      [
        { title: 'theorem' },
        { title: 'bound', numeric: true },
        { title: 'draws as if exact', numeric: true },
        { title: 'penalty, nats', numeric: true },
        { title: 'B = √(rate/2)', numeric: true },
      ],
      allTheorems(result).map(({ theorem, value: v, vacuous, plugIn, penalty, gap }) => [
        theorem,
        percentUp(v) + (vacuous ? ', vacuous' : ''),
        plugIn === undefined ? null : percentUp(plugIn),
        number(penalty),
        gap === undefined ? null : number(gap, 4),
      ]),
      0,
      true,
    )
  );
}

function divergence(result: NetworkBoundResult): string {
  return (
    table(
      [{ title: 'prior scale' }, { title: 'j', numeric: true }, { title: 'variance', numeric: true }],
      result.scales.map(({ name, index, variance }) => [name, integer(index), number(variance)]),
    ) +
    el('h3', {}, 'KL by array of weights') +
    table(
      [
        { title: 'array' },
        { title: 'weights', numeric: true },
        { title: 'distance, nats', numeric: true },
        { title: 'noise, nats', numeric: true },
      ],
      result.parts.map(({ name, dimension, displacement, covariance }) => [
        name,
        integer(dimension),
        number(displacement),
        number(covariance),
      ]),
    )
  );
}

function value(result: NetworkBoundResult): string {
  return `${percentUp(result.value)}${result.vacuous ? ', vacuous' : ''}${result.certified ? '' : ', not certified'}`;
}
