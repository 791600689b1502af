import type { AnalysisStatus } from './analysis.js';
import { el, escapeText } from './page/markup.js';

/** Says that a run stopped early, why, and what is missing; nothing for a complete one. */
export function partialNotice({ complete, missing, reason }: AnalysisStatus): string {
  if (complete) return '';
  const what = missing.length > 0 ? ` Not finished: ${missing.join('; ')}.` : '';
  const why = reason === undefined ? '' : ` (${reason})`;
  return el('p', { class: 'warning', role: 'note' }, el('b', {}, 'Partial result'), escapeText(`${why}.${what}`));
}
