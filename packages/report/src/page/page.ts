import { el, escapeText } from './markup.js';
import { pageCss } from './pageCss.js';

/** What a page says of the record it is made from. */
export interface PageRecord {
  readonly title: string;
  readonly schema: string;
  readonly version: number;
  readonly created?: string;
}

/**
 * An HTML page that needs nothing else: no scripts, no fonts, no images, no requests.
 *
 * @param source the file that holds the numbers, for the footer: "report.json"
 * @param content markup; empty parts leave nothing behind
 */
export function page(
  { title, schema, version, created }: PageRecord,
  source: string,
  ...content: readonly string[]
): string {
  const head = el(
    'head',
    {},
    el('meta', { charset: 'utf-8' }),
    el('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    el('meta', { name: 'referrer', content: 'no-referrer' }),
    el('meta', { 'http-equiv': 'Content-Security-Policy', content: "default-src 'none'; style-src 'unsafe-inline'" }),
    el('title', {}, escapeText(`${title} · hyperribbon`)),
    el('style', {}, pageCss),
  );
  const when = created === undefined ? '' : `, ${created}`;
  const footer = `${schema}, version ${version}${when}. The numbers behind this page are in ${source}.`;
  const main = el('main', {}, ...content, el('footer', {}, escapeText(footer)));
  return `<!doctype html>\n${el('html', { lang: 'en' }, head, el('body', {}, main))}\n`;
}
