// Oracle: what a reader expects of names beside curves and of what is drawn, whatever the data: in every figure of every case.
import { describe, expect, it } from 'vitest';
import { studyFigures } from '@hyperribbon/report';
import { labelsHeight } from '../src/page/endLabels.js';
import { figureWidth } from '../src/page/figure.js';
import { shorten, spread, wrap } from '../src/page/labels.js';
import { textWidth } from '../src/page/markup.js';
import { cases } from './fixtures/cases.js';
import { plotsOf, points } from './fixtures/svg.js';
import { elementsOf, parseXml, textOf, type Element } from './fixtures/xml.js';

const figures = cases.flatMap(({ name, study }) =>
  Object.entries(studyFigures(study)).map(([figure, svg]) => ({ name: `${figure} of ${name}`, svg })),
);

const colourIn = ({ attributes }: Element): string | undefined => /\b[sf](\d)\b/u.exec(attributes['class'] ?? '')?.[1];

/** The lines that tie names to curves, each with the texts at its end. */
function labelled(elements: readonly Element[]): { leader: Element; texts: Element[] }[] {
  return elements.flatMap((leader, i) => {
    if (leader.name !== 'polyline' || !leader.attributes['class'].startsWith('leader')) return [];
    const rest = elements
      .slice(i + 1)
      .filter(({ name, attributes }) => name !== 'tspan' && attributes['class']?.startsWith('mark') !== true);
    const end = rest.findIndex(({ name }) => name !== 'text');
    return [{ leader, texts: rest.slice(0, end < 0 ? rest.length : end) }];
  });
}

describe('every figure of every case', () => {
  it('ties each name to the end of something in its colour', () => {
    for (const { name, svg } of figures) {
      // boundaries of the phase diagram are drawn in ink and named in grey
      if (svg.includes('id="phase-clip"')) continue;
      const elements = elementsOf(parseXml(svg));
      const marks = elements.filter(({ name }) => ['path', 'line', 'circle'].includes(name));
      for (const { leader, texts } of labelled(elements)) {
        const colour = colourIn(leader);
        expect(colourIn(texts[0]), name).toBe(colour);
        const [x, y] = points(leader)[0];
        const ends = marks.filter((mark) => colourIn(mark) === colour).flatMap(points);
        expect(
          ends.some(([a, b]) => Math.abs(x - 5 - a) < 0.1 && Math.abs(y - b) < 0.1),
          name,
        ).toBe(true);
      }
    }
  });

  it('has a name for each of its curves, if it names any', () => {
    for (const { name, svg } of figures) {
      const names = labelled(elementsOf(parseXml(svg))).map(({ leader }) => colourIn(leader));
      if (names.length === 0 || svg.includes('id="phase-clip"')) continue;
      const curves = plotsOf(svg)
        .flatMap(({ marks }) => marks)
        .filter(({ name, attributes }) => name === 'path' && /^line s\d/u.test(attributes['class']));
      for (const curve of curves) expect(names, name).toContain(colourIn(curve));
      expect(names.length, name).toBeGreaterThanOrEqual(curves.length);
    }
  });

  it('writes no name over another, and none beyond its edge', () => {
    const at = ({ attributes }: Element): [number, number] => [Number(attributes['x']), Number(attributes['y'])];
    for (const { name, svg } of figures) {
      const texts = labelled(elementsOf(parseXml(svg))).flatMap(({ texts }) => texts);
      const rows = texts.map(at).sort((a, b) => a[1] - b[1]);
      for (let i = 1; i < rows.length; i++) expect(rows[i][1] - rows[i - 1][1], name).toBeGreaterThan(15);
      for (const text of texts) {
        const size = text.attributes['class'] === 'tick' ? 12 : 13;
        const shown = textOf(text).replace(/&[#\w]+;/gu, 'x');
        // the estimate of widths is on the generous side
        expect(at(text)[0] + 0.9 * textWidth([shown], size), name).toBeLessThan(figureWidth);
      }
    }
  });

  it('keeps its marks in their frames and itself in its height', () => {
    for (const { name, svg } of figures) {
      const height = Number(parseXml(svg).attributes['height']);
      for (const { frame, marks } of plotsOf(svg)) {
        expect(frame.bottom, name).toBeLessThan(height);
        const drawn = marks.filter(({ name }) => ['path', 'circle', 'line', 'polyline'].includes(name));
        for (const [x, y] of drawn.flatMap(points)) {
          const inside = x > frame.left - 5 && x < frame.right + 5 && y > frame.top - 5 && y < frame.bottom + 5;
          expect(inside, `${name}: ${x}, ${y}`).toBe(true);
        }
      }
    }
  });
});

describe('labels', () => {
  const wish = (target: number, size = 20): { target: number; size: number } => ({ target, size });

  it('do not overlap, keep their order, and stay where they want to be if there is room', () => {
    const middles = spread([wish(10), wish(12), wish(100), wish(9)], 0, 200);
    const order = [3, 0, 1, 2].map((i) => middles[i]);
    for (let i = 1; i < order.length; i++) expect(order[i] - order[i - 1]).toBeGreaterThanOrEqual(20);
    expect(middles[2]).toBe(100);
    expect(Math.min(...middles)).toBeGreaterThanOrEqual(10);
  });
  it('stay inside the frame at its lower end', () => {
    expect(spread([wish(99), wish(98)], 0, 100)).toEqual([90, 70]);
  });
  it('break at words, take two lines at most, and fit', () => {
    expect(wrap('Fisher at initialisation', 13, 160)).toEqual(['Fisher at', 'initialisation']);
    const lines = wrap('x'.repeat(90), 13, 160);
    expect(lines.length).toBe(1);
    expect(textWidth([lines[0]], 13)).toBeLessThanOrEqual(160);
    expect(wrap('a b c d e f g', 13, 20).length).toBeLessThanOrEqual(2);
    // a number is never torn at the narrow blanks in it
    expect(wrap('of rows: 46\u202F300', 13, 90)).toEqual(['of rows:', '46\u202F300']);
    expect(wrap('of rows: 46 300', 13, 90)).toEqual(['of rows: 46', '300']);
  });
  it('are cut to their room with an ellipsis, and not cut where they fit', () => {
    expect(shorten('short', 13, 160)).toBe('short');
    expect(shorten('x'.repeat(40), 13, 100)).toMatch(/^x+…$/u);
    expect(textWidth([shorten('x'.repeat(40), 13, 100)], 13)).toBeLessThanOrEqual(100);
  });
  it('take more room the more lines they have', () => {
    const frame = { left: 58, width: 450 };
    const one = { label: 'a', colour: 1 };
    expect(labelsHeight([one, one], frame)).toBe(40);
    expect(labelsHeight([{ ...one, below: [['b'], ['c']] }], frame)).toBe(58);
  });
});
