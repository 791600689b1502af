import type { Note } from '../../analysis.js';
import { el, escapeText } from '../../page/markup.js';
import { section } from '../../page/parts.js';

/** What the numbers mean, and what a run adds about itself. */
export function notesSection(notes: readonly Note[]): string {
  return notes.length === 0 ? '' : section('notes', 'What the numbers mean', ...notes.map((note) => block(note)));
}

const tag = { explanation: '', reconstruction: 'reconstruction', warning: 'warning' };

function block({ title, text, kind = 'explanation' }: Note): string {
  const mark = tag[kind] === '' ? '' : el('span', { class: `tag ${kind}` }, tag[kind]);
  return el('div', { class: 'note' }, el('h3', {}, escapeText(title), mark), el('p', {}, escapeText(text)));
}
