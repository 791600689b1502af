/** Attribute values are escaped; undefined leaves the attribute out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Text in which some parts stand higher: `10` with a raised `-3`. */
export type Rich = readonly (string | { readonly sup: string })[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text made safe for element content and quoted attributes; characters that XML forbids become U+FFFD. */
export function escapeText(text: string): string {
  return text
    .replace(/[&<>"']/g, (c) => escapes[c])
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}

/** One element; children are markup already, so untrusted text comes in through `escapeText`. */
export function el(name: string, attributes: Attributes = {}, ...children: readonly string[]): string {
  const content = children.join('');
  let head = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    head += ` ${key}="${typeof value === 'number' ? coordinate(value) : escapeText(value)}"`;
  }
  if (content === '' && selfClosing.has(name)) return `${head}/>`;
  return `${head}>${content}</${name}>${apart.has(name) ? ' ' : ''}`;
}

/** Elements whose text is no part of the word that follows: a blank stands behind them, for those who copy or search the text alone. */
const apart: ReadonlySet<string> = new Set(
  'title h1 h2 h3 p li dt dd th td figcaption div footer text desc option summary a b'.split(' '),
);

/** Elements that HTML parsers, too, accept without an end tag: void elements, and anything inside <svg>. */
const selfClosing: ReadonlySet<string> = new Set(
  'meta br hr path line rect circle polyline polygon stop use'.split(' '),
);

/** Two decimals are a fiftieth of a pixel. A coordinate that is not a number is a mistake of the caller, never drawn. */
export function coordinate(x: number): string {
  if (!Number.isFinite(x)) throw new RangeError(`coordinate: x must be finite, got x=${x}`);
  return String(Math.round(x * 100) / 100);
}

export function plain(rich: Rich): string {
  return rich.map((part) => (typeof part === 'string' ? part : `^${part.sup}`)).join('');
}

const raised: Readonly<Record<string, string>> = Object.fromEntries(
  [...'0123456789−'].map((character, i) => [character, [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁻'][i]]),
);

/** In running text: 10⁻³ with the small digits that fonts have. */
export function inline(rich: Rich): string {
  return rich
    .map((part) => (typeof part === 'string' ? part : [...part.sup].map((c) => raised[c] ?? c).join('')))
    .join('');
}

export function html(rich: Rich): string {
  return rich
    .map((part) => (typeof part === 'string' ? escapeText(part) : el('sup', {}, escapeText(part.sup))))
    .join('');
}

/** The raised part is a smaller tspan; the next part comes down again. */
export function svgText(rich: Rich): string {
  let above = false;
  let out = '';
  for (const part of rich) {
    if (typeof part === 'string') {
      if (part === '') continue;
      out += above ? el('tspan', { dy: '0.38em' }, escapeText(part)) : escapeText(part);
      above = false;
    } else {
      out += el('tspan', { dy: '-0.5em', 'font-size': '76%' }, escapeText(part.sup));
      above = true;
    }
  }
  return out;
}

/** Width in pixels, on the generous side: 0.62 em for each character of a common sans-serif. */
export function textWidth(rich: Rich, size: number): number {
  let width = 0;
  for (const part of rich)
    width += typeof part === 'string' ? [...part].length * size * 0.62 : [...part.sup].length * size * 0.45;
  return width;
}
