// Oracle: readers who do not see a page of 1280 pixels: on a phone, with keys, by ear, or with the text alone. Every page of every case.
import { describe, expect, it } from 'vitest';
import { renderStudy, studyFigures } from '@hyperribbon/report';
import { cases, everything } from './fixtures/cases.js';
import { elementsOf, parseXml, textOf, type Element } from './fixtures/xml.js';

const page = (study: (typeof cases)[number]['study']): readonly Element[] =>
  elementsOf(parseXml(renderStudy(study).replace(/^<!doctype html>/u, '')));
const named = (elements: readonly Element[], name: string): readonly Element[] =>
  elements.filter((one) => one.name === name);
const withClass = (elements: readonly Element[], look: string): readonly Element[] =>
  elements.filter(({ attributes }) => attributes['class'] === look);

/** Texts whose neighbours may touch them: parts of one word or number. */
const joined = new Set(['tspan', 'sup', 'b', 'style']);

/** Each pair of texts that follow each other, with the elements that hold them. */
function neighbours(root: Element): { readonly before: string; readonly after: string }[] {
  const parts: { text: string; holder: Element }[] = [];
  const walk = (element: Element): void => {
    for (const child of element.children)
      if (typeof child === 'string') parts.push({ text: child, holder: element });
      else walk(child);
  };
  walk(root);
  return parts
    .slice(1)
    .map(({ text, holder }, i) => ({ before: parts[i].text, after: text, holder, other: parts[i].holder }))
    .filter(({ holder, other }) => holder !== other && !joined.has(holder.name) && !joined.has(other.name));
}

describe('the text of a page', () => {
  it.each(cases)('has blanks between what are no parts of one word: $name', ({ study }) => {
    const root = parseXml(renderStudy(study).replace(/^<!doctype html>/u, ''));
    const touching = neighbours(root).filter(
      ({ before, after }) => /[\p{L}\p{N}%.]$/u.test(before) && /^[\p{L}\p{N}]/u.test(after),
    );
    expect(touching).toEqual([]);
  });

  it('says "Effective dimension reconstruction", not one word', () => {
    const text = textOf(parseXml(renderStudy(everything).replace(/^<!doctype html>/u, '')));
    expect(text).toMatch(/Effective dimension reconstruction/u);
    expect(text).not.toMatch(/[a-z]reconstruction/u);
  });
});

describe('a page by keys', () => {
  it.each(cases)('reaches everything that scrolls, by name: $name', ({ study }) => {
    const elements = page(study);
    const regions = withClass(elements, 'scroll');
    for (const { attributes } of regions) {
      expect(attributes).toMatchObject({ tabindex: '0', role: 'region' });
      expect(attributes['aria-label']).not.toBe('');
    }
    expect(regions.length).toBe(named(elements, 'table').length);
  });

  it('has a table of contents that leads to every section, and none for one section', () => {
    const elements = page(everything);
    const [nav] = named(elements, 'nav');
    expect(nav.attributes['aria-label']).toBe('Contents');
    const links = named(elementsOf(nav), 'a');
    const sections = named(elements, 'section');
    expect(links.map(({ attributes }) => attributes['href'])).toEqual(
      sections.map(({ attributes }) => `#${attributes['id']}`),
    );
    links.forEach((link, i) => expect(textOf(sections[i])).toContain(textOf(link).trim()));
    expect(named(page({ ...everything, setting: undefined, sections: {}, notes: undefined } as never), 'nav')).toEqual(
      [],
    );
  });
});

describe('a page of 390 pixels', () => {
  const css = renderStudy(everything).match(/@media \(max-width:640px\)\{.*?\}\}/u)![0];

  it('shows plots without their columns of names, and the names below', () => {
    expect(css).toContain('.plot svg .names{display:none}');
    expect(css).toContain('.plot+.names{display:block}');
    expect(css).toContain('width:calc(100%*720/var(--plot))');
  });

  it.each(cases)('has every name of every figure in its list, and no curve beyond its plot: $name', ({ study }) => {
    const elements = page(study);
    const blocks = withClass(elements, 'plot');
    expect(blocks.length).toBe(named(elements, 'figure').length);
    for (const figure of named(elements, 'figure')) {
      const [plot] = withClass(elementsOf(figure), 'plot');
      const [, width, height] = /^--plot:(\d+);--tall:(\d+)$/u.exec(plot.attributes['style'])!.map(Number);
      expect(width).toBeGreaterThan(200);
      expect(height).toBeGreaterThan(80);
      const groups = withClass(elementsOf(plot), 'names');
      const list = withClass(elementsOf(figure), 'names').find(({ name }) => name === 'ul');
      // what is named beside a plot is named below it, whole
      if (groups.some((group) => named(elementsOf(group), 'text').length > 0)) expect(list).toBeDefined();
      const inColumn = new Set(groups.flatMap(elementsOf));
      for (const { name, attributes } of elementsOf(plot).filter((one) => !inColumn.has(one))) {
        if (name === 'circle') expect(Number(attributes['cx'])).toBeLessThanOrEqual(width);
        if (name === 'line')
          expect(Math.max(Number(attributes['x1']), Number(attributes['x2']))).toBeLessThanOrEqual(width);
        if (name === 'text') expect(Number(attributes['x'])).toBeLessThan(width);
      }
    }
  });

  it('has no scripts of its own figures: files stand alone at their full width', () => {
    for (const svg of Object.values(studyFigures(everything))) expect(svg).not.toContain('--plot');
  });
});
