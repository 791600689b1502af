export interface XmlFacts {
  readonly elements: readonly string[];
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly text: string;
}

/**
 * A strict little XML reader, enough to prove that a page is well-formed: tags nest and close, attributes are quoted and unique, text
 * holds no bare < or &, and only the five named entities and numbers occur.
 */
export function checkXml(document: string): XmlFacts {
  const source = document.replace(/^<!doctype html>\s*/u, '');
  const tag = /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  const open: string[] = [];
  const elements: string[] = [];
  const found: [string, string][] = [];
  let text = '';
  let roots = 0;
  while (tag.lastIndex < source.length) {
    const at = tag.lastIndex;
    const match = tag.exec(source);
    if (match === null) throw new Error(`not well-formed at ${at}: ${source.slice(at, at + 60)}`);
    const [, closing, name, attributes, empty, content] = match;
    if (content !== undefined) {
      checkEntities(content, at);
      if (open.length === 0 && content.trim() !== '') throw new Error(`text outside the root at ${at}`);
      if (open.at(-1) !== 'style') text += content;
      continue;
    }
    if (closing === '/') {
      const expected = open.pop();
      if (expected !== name) throw new Error(`</${name}> closes <${expected}> at ${at}`);
      continue;
    }
    if (open.length === 0) roots++;
    elements.push(name);
    const seen = new Set<string>();
    for (const [, key, value] of attributes.matchAll(/([\w:-]+)="([^"<]*)"/gu)) {
      if (seen.has(key)) throw new Error(`attribute ${key} twice at ${at}`);
      seen.add(key);
      checkEntities(value, at);
      found.push([key, value]);
    }
    if (empty === '') open.push(name);
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(' ')}`);
  if (roots !== 1) throw new Error(`${roots} root elements`);
  return { elements, attributes: found, text };
}

function checkEntities(text: string, at: number): void {
  const bare = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)/u.exec(text);
  if (bare !== null) throw new Error(`bare & at ${at}: ${text.slice(bare.index, bare.index + 30)}`);
  if (/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(text))
    throw new Error(`forbidden character at ${at}`);
}
