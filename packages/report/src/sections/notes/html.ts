import { el, escapeText } from '../../page/markup.js';
import { paragraph, section } from '../../page/parts.js';
import type { Note } from './shape.js';

/** What the numbers mean, and what a run adds about itself. */
export function notesHtml(notes: readonly Note[]): string {
  return notes.length === 0 ? '' : section('notes', 'What the numbers mean', ...notes.map(block));
}

function block({ title, text, kind = 'explanation' }: Note): string {
  const mark = kind === 'explanation' ? '' : ' ' + el('span', { class: `tag ${kind}` }, kind);
  return el('div', { class: 'note' }, el('h3', {}, escapeText(title), mark), paragraph(text));
}
