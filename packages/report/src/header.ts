import { integer } from './page/format.js';
import { el, escapeText } from './page/markup.js';
import { tileRow, type Tile } from './page/parts.js';
import type { Study } from './study.js';

/** Title, state of the run, the numbers one came for, and what they say in words. */
export function header(study: Study, tiles: readonly Tile[], leads: readonly string[]): string {
  const { kind, title, created, status, setting } = study;
  const parameters = setting?.parameters;
  const line = [
    setting?.dataset,
    setting?.task,
    parameters === undefined ? '' : `${integer(parameters)} parameters`,
    created?.slice(0, 10),
  ].filter((part) => part !== undefined && part !== '');
  return el(
    'header',
    {},
    el('p', { class: 'kicker' }, escapeText(`hyperribbon · ${kind}`)),
    el('h1', {}, escapeText(title)),
    el('p', { class: 'sub' }, escapeText(line.join(' · '))),
    status.complete ? '' : partialNotice(status),
    tileRow(tiles),
    ...leads.map((lead) => el('p', { class: 'lead' }, escapeText(lead))),
  );
}

/** Says that a run stopped early, why, which steps failed, and what is missing. */
function partialNotice({ missing, failed = [], reason }: Study['status']): string {
  const broken = failed.map(({ step, why }) => ` The step “${step}” failed: ${why}.`).join('');
  const what = missing.length > 0 ? ` Not finished: ${missing.join('; ')}.` : '';
  const why = reason === undefined ? '' : ` (${reason})`;
  return el(
    'p',
    { class: 'warning', role: 'note' },
    el('b', {}, escapeText(`Partial result${why}.`)),
    escapeText(`${broken}${what}`.trimStart()),
  );
}
