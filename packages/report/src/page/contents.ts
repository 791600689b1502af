import { el } from './markup.js';

/** Links to the sections of a page, read off their headings; none for a page of one section. */
export function contents(sections: string): string {
  const headings = [...sections.matchAll(/<section id="([^"]+)"><h2>(.*?)(?: <span[^>]*>[^<]*<\/span>)?<\/h2>/gu)];
  const items = headings.map(([, id, title]) => el('li', {}, el('a', { href: `#${id}` }, title)));
  return items.length < 2 ? '' : el('nav', { 'aria-label': 'Contents' }, el('ul', {}, ...items));
}
