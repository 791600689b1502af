import type { Analysis } from './analysis.js';
import { confidence, integer, number, percent, percentUp } from './page/format.js';
import { el, escapeText, html, type Rich } from './page/markup.js';
import { partialNotice } from './partialNotice.js';

/** Title, state of the run, and the numbers one came for. */
export function summarySection(analysis: Analysis): string {
  const { setting, status, created } = analysis;
  const title =
    analysis.title ?? (setting === undefined ? 'Analysis' : `${setting.architecture} on ${setting.dataset}`);
  const line = [setting?.task, setting && `${integer(setting.parameters)} parameters`, created?.slice(0, 10)];
  return el(
    'header',
    {},
    el('p', { class: 'kicker' }, 'hyperribbon · geometry of loss and data'),
    el('h1', {}, escapeText(title)),
    el('p', { class: 'sub' }, escapeText(line.filter((part) => part !== undefined && part !== '').join(' · '))),
    partialNotice(status),
    tiles(analysis),
    lead(analysis),
  );
}

interface Tile {
  readonly value: Rich;
  readonly unit?: string;
  readonly label: string;
}

function tiles({ training, bound, effectiveDimension, inputSpectrum }: Analysis): string {
  const best = bound?.best;
  const run = training?.[0];
  const count = effectiveDimension?.find(({ lowerBound }) => !lowerBound) ?? effectiveDimension?.[0];
  const fit = inputSpectrum?.fit;
  const list: readonly (Tile | undefined)[] = [
    run && { value: [percent(run.final.testError)], label: 'test error of the trained network' },
    best && {
      value: [percentUp(best.value)],
      label: `${best.certified ? 'certified bound' : 'bound, not certified'}, ${confidence(best.confidence)} confidence`,
    },
    count && {
      value: [`${count.lowerBound ? '≥ ' : ''}${integer(count.hard)}`],
      label: `effective dimension of ${integer(count.parameters)} parameters`,
    },
    fit && { value: number(fit.slope), label: 'slope of the input spectrum, nats per index' },
  ];
  const known = list.filter((tile) => tile !== undefined);
  if (known.length === 0) return '';
  return el(
    'div',
    { class: 'tiles' },
    ...known.map(({ value, label }) =>
      el('div', {}, el('p', { class: 'big' }, html(value)), el('p', { class: 'small' }, escapeText(label))),
    ),
  );
}

function lead({ bound }: Analysis): string {
  const best = bound?.best;
  if (best === undefined) return '';
  const test = bound?.posteriorTest;
  const kind = best.certified
    ? `With probability at least ${confidence(best.confidence)}, the random classifier around the trained weights errs on at most ${percentUp(best.value)} of new examples`
    : `The value ${percentUp(best.value)} is not a certificate (see the caveats of the bound)`;
  const compare = test === undefined ? '.' : `; on the test examples it errs on ${percent(test.mean)}.`;
  const verdict = best.vacuous ? ' The bound is vacuous: guessing does as well.' : '';
  return el('p', { class: 'lead' }, escapeText(kind + compare + verdict));
}
